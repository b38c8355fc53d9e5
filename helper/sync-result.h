/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a "sync now" came to, as the result of SyncNow in the D-Bus contract: a{sv}, new and
 * floating. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"

GVariant *sync_result_to_variant (const NtpSyncResult *result);
