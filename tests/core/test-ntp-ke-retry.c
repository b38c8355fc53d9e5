/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-ke-retry.h"

#include <glib.h>

#define S G_GINT64_CONSTANT (1000000000)

/* RFC 8915 §4.2: 10 s, each pause 1.5 times the last, at most five days. */
static void
test_pauses (void)
{
  static const struct
  {
    guint n;
    double pause_s, tolerance_s;
  } cases[] = { { 1, 10, 0 },
                { 2, 15, 0 },
                { 3, 22.5, 0 },
                { 4, 34, 0.5 },
                { 5, 51, 0.5 },
                { 6, 76, 0.5 },
                { 8, 171, 0.5 },
                { 10, 384, 0.5 },
                { 12, 865, 0.5 },
                { 15, 2919, 0.5 },
                { 18, 9853, 0.5 },
                { 20, 22168, 0.5 },
                { 24, 112227, 1 },
                { 27, 378768, 1 },
                { 28, 432000, 0 },
                { 29, 432000, 0 },
                { G_MAXUINT, 432000, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (ntp_ke_retry_pause_s (cases[i].n), cases[i].pause_s,
                                    cases[i].tolerance_s + 1e-9);
}

static void
test_first_at_once (void)
{
  NtpKeRetry retry;

  ntp_ke_retry_init (&retry);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, INT64_MIN);
  ntp_ke_retry_requested (&retry);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, INT64_MIN);
}

static void
test_jitter (void)
{
  NtpKeRetry retry;

  ntp_ke_retry_init (&retry);
  ntp_ke_retry_started (&retry, 100 * S);
  ntp_ke_retry_failed (&retry, NTP_REASON_KE_TIMEOUT, 0, 110 * S);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, 120 * S);
  ntp_ke_retry_started (&retry, 120 * S);
  ntp_ke_retry_failed (&retry, NTP_REASON_KE_TIMEOUT, 1, 121 * S);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, 121 * S + 15 * S * 5 / 4);
}

/* The count starts anew only when keys have been proven. */
static void
test_reset (void)
{
  NtpKeRetry retry;

  ntp_ke_retry_init (&retry);
  for (guint i = 0; i < 3; i++)
    ntp_ke_retry_failed (&retry, NTP_REASON_KE_TIMEOUT, 0, 0);
  ntp_ke_retry_succeeded (&retry, 0);
  ntp_ke_retry_failed (&retry, NTP_REASON_KE_TIMEOUT, 0, 0);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, (gint64) (50.625 * S));
  ntp_ke_retry_proven (&retry);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, INT64_MIN);
  ntp_ke_retry_failed (&retry, NTP_REASON_KE_TIMEOUT, 0, 0);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, 10 * S);
}

static void
test_never_ends (void)
{
  NtpKeRetry retry;

  ntp_ke_retry_init (&retry);
  for (guint i = 0; i < 100000; i++)
    ntp_ke_retry_failed (&retry, NTP_REASON_TLS_FAILED, 1, 7 * S);
  g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, 7 * S + 540000 * S);
}

/* Another network cures what the network did, not what the server said. */
static void
test_network (void)
{
  static const NtpReason network[] = {
    NTP_REASON_NAME_NOT_FOUND,     NTP_REASON_NAME_LOOKUP_FAILED, NTP_REASON_NETWORK_UNREACHABLE,
    NTP_REASON_CONNECTION_REFUSED, NTP_REASON_CONNECTION_CLOSED,  NTP_REASON_KE_TIMEOUT
  };
  static const NtpReason said_no[] = { NTP_REASON_TLS_NO_NTSKE, NTP_REASON_CERTIFICATE_EXPIRED,
                                       NTP_REASON_KE_ERROR_BAD_REQUEST, NTP_REASON_KE_NO_COOKIE };
  NtpKeRetry retry;

  for (guint i = 0; i < G_N_ELEMENTS (network); i++)
    {
      ntp_ke_retry_init (&retry);
      for (guint n = 0; n < 10; n++)
        ntp_ke_retry_failed (&retry, network[i], 0, 0);
      ntp_ke_retry_started (&retry, 0);
      ntp_ke_retry_network_changed (&retry);
      g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, 10 * S);
      ntp_ke_retry_started (&retry, 20 * S);
      g_assert_cmpint (ntp_ke_retry_due_ns (&retry), >, 300 * S);
    }
  for (guint i = 0; i < G_N_ELEMENTS (said_no); i++)
    {
      ntp_ke_retry_init (&retry);
      ntp_ke_retry_started (&retry, 0);
      for (guint n = 0; n < 10; n++)
        ntp_ke_retry_failed (&retry, said_no[i], 0, 0);
      ntp_ke_retry_network_changed (&retry);
      g_assert_cmpint (ntp_ke_retry_due_ns (&retry), >, 300 * S);
      ntp_ke_retry_requested (&retry);
      g_assert_cmpint (ntp_ke_retry_due_ns (&retry), ==, 10 * S);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-ke-retry/pauses-as-in-the-rfc", test_pauses);
  g_test_add_func ("/ntp-ke-retry/first-attempt-at-once", test_first_at_once);
  g_test_add_func ("/ntp-ke-retry/jitter-upwards-only", test_jitter);
  g_test_add_func ("/ntp-ke-retry/only-proof-resets", test_reset);
  g_test_add_func ("/ntp-ke-retry/longest-pause-lasts", test_never_ends);
  g_test_add_func ("/ntp-ke-retry/early-attempts", test_network);
  return g_test_run ();
}
