/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be asked of the helper, each as one asynchronous call. A call that a password may be
 * asked for takes as long as a person needs to type it. All take the same road:
 *
 *   @cancellable: ends the waiting; what the helper has begun it may still do, a diagnosis
 * excepted, which it ends. May be NULL.
 *   @options: a{sv} with the keys of the contract's method; a floating reference is sunk.
 *   errors: CLIENT_ERROR, and the bus's own where the helper could not be reached. */

#pragma once

#include "helper-client.h"

/* ---- Ended by gnomon_helper_client_call_finish () ---- */

void gnomon_helper_client_add_server_async (GnomonHelperClient *self, const char *host,
                                            GVariant *options, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer data);
/* What @options leaves out stays as it is. */
void gnomon_helper_client_change_server_async (GnomonHelperClient *self, const char *host,
                                               GVariant *options, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
void gnomon_helper_client_remove_server_async (GnomonHelperClient *self, const char *host,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
/* What @options leaves out stays as it is; nothing changes if one of them is refused. */
void gnomon_helper_client_set_options_async (GnomonHelperClient *self, GVariant *options,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
void gnomon_helper_client_set_automatic_async (GnomonHelperClient *self, gboolean automatic,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
/* The answer yes to a decision. @usec: the time that was shown, µs since 1970 UTC. */
void gnomon_helper_client_accept_time_async (GnomonHelperClient *self, gint64 usec,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
/* The answer no to a decision. */
void gnomon_helper_client_reject_time_async (GnomonHelperClient *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
/* Forgets history, events and statistics. */
void gnomon_helper_client_delete_records_async (GnomonHelperClient *self, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);

gboolean gnomon_helper_client_call_finish (GnomonHelperClient *self, GAsyncResult *result,
                                           GError **error);

/* ---- Ended by gnomon_helper_client_list_finish () ---- */

/* What the helper remembers since @since (µs since 1970 UTC), at most @most points (0 = no limit),
 * oldest first. */
void gnomon_helper_client_get_history_async (GnomonHelperClient *self, gint64 since, guint most,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
/* What was done to the clock since @since, likewise. */
void gnomon_helper_client_get_events_async (GnomonHelperClient *self, gint64 since, guint most,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer data);
/* The certificates that @host has shown, newest first, at most @most (0 = no limit). */
void gnomon_helper_client_get_ledger_async (GnomonHelperClient *self, const char *host, guint most,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer data);

/* A step of a running test: @step as in the result of Diagnose, valid during the call. */
typedef void (*HelperStepFunc) (GVariant *step, gpointer data);

/* Tests one server, step by step; nothing is changed. The result holds all steps. @on_step (may be
 * NULL) is called for each of them as it ends, with @data, until the callback is called. */
void gnomon_helper_client_diagnose_async (GnomonHelperClient *self, const char *host,
                                          GVariant *options, HelperStepFunc on_step,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer data);

/* aa{sv} as the contract says it, (transfer full); NULL with @error. */
GVariant *gnomon_helper_client_list_finish (GnomonHelperClient *self, GAsyncResult *result,
                                            GError **error);
