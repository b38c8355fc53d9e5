/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The calls against the fake helper, beside which with-fake.py runs this: what arrives there, and
 * what comes back. */

#include <glib.h>

#include "client-error.h"
#include "helper-calls.h"
#include "wait-for-result.h"

#define HOST "ptbtime1.ptb.de"

static GnomonHelperClient *client;
static GDBusConnection *bus;

/* The last call that the fake helper has heard of, as it writes them. */
static char *
last_call (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus, "org.gnomon.Helper1", "/org/gnomon/Helper1", "org.gnomon.Fake", "Calls", NULL,
      G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_autofree const char **calls = NULL;
  gsize n;

  g_assert_no_error (error);
  g_variant_get (reply, "(^a&s)", &calls);
  n = g_strv_length ((char **) calls);
  g_assert_cmpuint (n, >, 0);
  return g_strdup (calls[n - 1]);
}

static void
assert_called (GAsyncResult **result, const char *call)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *last = NULL;

  gnomon_helper_client_call_finish (client, wait_for_result (result), &error);
  g_assert_no_error (error);
  last = last_call ();
  g_assert_cmpstr (last, ==, call);
  g_clear_object (result);
}

static GVariant *
one_option (const char *key, GVariant *value)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert_value (&options, key, value);
  return g_variant_dict_end (&options);
}

static void
test_changes (void)
{
  GAsyncResult *result = NULL;

  gnomon_helper_client_change_server_async (client, HOST,
                                            one_option ("accept", g_variant_new_string ("issuer")),
                                            NULL, keep_result, &result);
  assert_called (&result, "ChangeServer ('" HOST "', {'accept': 'issuer'})");
  gnomon_helper_client_set_options_async (
      client, one_option ("minimum-sources", g_variant_new_uint32 (2)), NULL, keep_result, &result);
  assert_called (&result, "SetOptions ({'minimum-sources': 2},)");
  gnomon_helper_client_set_automatic_async (client, FALSE, NULL, keep_result, &result);
  assert_called (&result, "SetAutomatic (False,)");
  gnomon_helper_client_accept_time_async (client, 1767225600000000, NULL, keep_result, &result);
  assert_called (&result, "AcceptTime (1767225600000000,)");
  gnomon_helper_client_reject_time_async (client, NULL, keep_result, &result);
  assert_called (&result, "RejectTime ()");
  gnomon_helper_client_delete_records_async (client, NULL, keep_result, &result);
  assert_called (&result, "DeleteRecords ()");
}

static void
test_refusal (void)
{
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;

  gnomon_helper_client_set_options_async (client, one_option ("no-such", g_variant_new_uint32 (2)),
                                          NULL, keep_result, &result);
  g_assert_false (gnomon_helper_client_call_finish (client, wait_for_result (&result), &error));
  g_assert_error (error, CLIENT_ERROR, CLIENT_ERROR_INVALID_ARGUMENT);
  g_object_unref (result);
}

static GVariant *
list_of (GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  GVariant *list = gnomon_helper_client_list_finish (client, wait_for_result (result), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (list), ==, "aa{sv}");
  g_clear_object (result);
  return list;
}

static void
test_lists (void)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) events = NULL;
  g_autoptr (GVariant) certificates = NULL;
  g_autoptr (GVariant) samples = NULL;

  gnomon_helper_client_get_events_async (client, 0, 2, NULL, keep_result, &result);
  events = list_of (&result);
  g_assert_cmpuint (g_variant_n_children (events), ==, 2);
  gnomon_helper_client_get_ledger_async (client, HOST, 1, NULL, keep_result, &result);
  certificates = list_of (&result);
  g_assert_cmpuint (g_variant_n_children (certificates), ==, 1);
  gnomon_helper_client_get_history_async (client, 0, 0, NULL, keep_result, &result);
  samples = list_of (&result);
  g_assert_cmpuint (g_variant_n_children (samples), >, 0);
}

static void
count_step (GVariant *step, gpointer data)
{
  guint *n = g_object_get_data (G_OBJECT (client), "steps");

  g_assert_true (g_variant_is_of_type (step, G_VARIANT_TYPE_VARDICT));
  ++*n;
}

static void
test_steps (void)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) steps = NULL;
  guint n = 0;

  g_object_set_data (G_OBJECT (client), "steps", &n);
  gnomon_helper_client_diagnose_async (client, HOST, g_variant_new ("a{sv}", NULL), count_step,
                                       NULL, keep_result, &result);
  steps = list_of (&result);
  g_assert_cmpuint (g_variant_n_children (steps), ==, 7);
  g_assert_cmpuint (n, ==, 7);
}

static void
test_cancelled_steps (void)
{
  GAsyncResult *result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_object_set_data (G_OBJECT (client), "steps", &n);
  gnomon_helper_client_diagnose_async (client, HOST, g_variant_new ("a{sv}", NULL), count_step,
                                       cancellable, keep_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (gnomon_helper_client_list_finish (client, wait_for_result (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);

  /* What the helper tells now is for nobody. */
  gnomon_helper_client_get_events_async (client, 0, 1, NULL, keep_result, &result);
  g_variant_unref (list_of (&result));
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  client = gnomon_helper_client_new (G_BUS_TYPE_SESSION);
  while (gnomon_helper_client_get_presence (client) == HELPER_CONNECTING)
    g_main_context_iteration (NULL, TRUE);

  g_test_add_func ("/helper-calls/changes", test_changes);
  g_test_add_func ("/helper-calls/refusal", test_refusal);
  g_test_add_func ("/helper-calls/lists", test_lists);
  g_test_add_func ("/helper-calls/steps", test_steps);
  g_test_add_func ("/helper-calls/cancelled-steps", test_cancelled_steps);
  return g_test_run ();
}
