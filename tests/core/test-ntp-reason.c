/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-reason.h"

#include <glib.h>

static void
names_each_reason_once (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (NtpReason reason = NTP_REASON_NONE + 1; reason < NTP_N_REASONS; reason++)
    {
      const char *name = ntp_reason_name (reason);
      g_assert_nonnull (name);
      g_assert_true (g_regex_match_simple ("^[a-z]+(-[a-z]+)*$", name, 0, 0));
      g_assert_true (g_hash_table_add (seen, (gpointer) name));
    }
}

static void
explains_each_reason_without_a_full_stop (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (NtpReason reason = NTP_REASON_NONE + 1; reason < NTP_N_REASONS; reason++)
    {
      const char *text = ntp_reason_text (reason);
      g_assert_nonnull (text);
      g_assert_cmpstr (text, !=, "");
      g_assert_false (g_str_has_suffix (text, "."));
      g_assert_true (g_hash_table_add (seen, (gpointer) text));
    }
}

static void
says_nothing_of_no_reason (void)
{
  g_assert_cmpstr (ntp_reason_name (NTP_REASON_NONE), ==, "");
  g_assert_cmpstr (ntp_reason_text (NTP_REASON_NONE), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-reason/names-each-reason-once", names_each_reason_once);
  g_test_add_func ("/ntp-reason/explains-each-reason-without-a-full-stop",
                   explains_each_reason_without_a_full_stop);
  g_test_add_func ("/ntp-reason/says-nothing-of-no-reason", says_nothing_of_no_reason);
  return g_test_run ();
}
