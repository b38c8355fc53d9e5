/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An asynchronous call that is waited for. */

#pragma once

#include <gio/gio.h>

/* A GAsyncReadyCallback: @data is a GAsyncResult *, NULL before. */
static inline void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* The result, which belongs to whoever holds @result. */
static inline GAsyncResult *
wait_for_result (GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}
