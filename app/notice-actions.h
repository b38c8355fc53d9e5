/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done about a notice, as actions of the window: start-service, show-problem,
 * keep-clock, sign-in and network-settings. What fails is told in a toast. */

#pragma once

#include "window.h"

/* @client: lives as long as the window. */
void notice_actions_install (GnomonWindow *window, GnomonHelperClient *client);
