/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks once whether a server shall go, saying what remains, and removes it. */

#pragma once

#include "window.h"

void server_removal_ask (GnomonWindow *window, GnomonHelperClient *client, const char *host);
