/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-filter.h"

#include <glib.h>

#define S     G_GINT64_CONSTANT (1000000000)
#define MS_NS G_GINT64_CONSTANT (1000000)

static void
add (NtpFilter *filter, double at_s, double offset_ms, double delay_ms)
{
  ClockSample sample = { .at_ns = (gint64) (at_s * S),
                         .offset_ns = (gint64) (offset_ms * MS_NS),
                         .delay_s = delay_ms / 1000,
                         .error_s = 0.001 };
  ntp_filter_add (filter, &sample, 0, 15e-6);
}

/* RFC 5905 §11.2.3: half the delay and the server's own error, growing by 15 µs a second, and
 * never below half of MINDISP. */
static void
test_distance (void)
{
  ClockSample sample = { .at_ns = 100 * S, .delay_s = 0.04, .error_s = 0.01 };

  g_assert_cmpfloat_with_epsilon (ntp_filter_distance_s (&sample, 15e-6, 100 * S), 0.03, 1e-12);
  g_assert_cmpfloat_with_epsilon (ntp_filter_distance_s (&sample, 15e-6, 1100 * S), 0.045, 1e-12);
  sample.delay_s = sample.error_s = 1e-6;
  g_assert_cmpfloat_with_epsilon (ntp_filter_distance_s (&sample, 15e-6, 100 * S), 0.0025, 1e-12);
}

static void
test_best (void)
{
  NtpFilter filter = { 0 };

  g_assert_null (ntp_filter_best (&filter, INT64_MIN));
  add (&filter, 0, 1, 40);
  add (&filter, 64, 2, 20);
  add (&filter, 128, 3, 90);
  g_assert_cmpint (ntp_filter_best (&filter, INT64_MIN)->offset_ns, ==, 2 * MS_NS);
  g_assert_cmpint (ntp_filter_best (&filter, 100 * S)->offset_ns, ==, 3 * MS_NS);
  g_assert_null (ntp_filter_best (&filter, 129 * S));
  /* The eighth sample after it pushes it out. */
  for (guint i = 0; i < 7; i++)
    {
      g_assert_cmpint (ntp_filter_best (&filter, INT64_MIN)->offset_ns, ==, 2 * MS_NS);
      add (&filter, 192 + 64 * i, 4, 90);
    }
  g_assert_cmpint (ntp_filter_best (&filter, INT64_MIN)->offset_ns, !=, 2 * MS_NS);
  g_assert_cmpuint (filter.n, ==, NTP_FILTER_STAGES);
}

/* Old precise samples must not hide that the clock has moved. */
static void
test_contradiction (void)
{
  NtpFilter filter = { 0 };

  add (&filter, 0, 1, 10);
  add (&filter, 64, 2, 10);
  add (&filter, 128, 60, 90); /* 58 ms away, and 51 ms are possible */
  g_assert_cmpuint (filter.n, ==, 1);
  g_assert_cmpint (ntp_filter_best (&filter, INT64_MIN)->offset_ns, ==, 60 * MS_NS);
  g_assert_cmpuint (filter.waiting, ==, 1);
  add (&filter, 192, 20, 90);
  g_assert_cmpuint (filter.n, ==, 2);
}

static void
test_jitter (void)
{
  NtpFilter filter = { 0 };

  g_assert_cmpfloat_with_epsilon (ntp_filter_jitter_s (&filter), 0, 1e-12);
  add (&filter, 0, 1, 20);
  g_assert_cmpfloat_with_epsilon (ntp_filter_jitter_s (&filter), 0, 1e-12);
  add (&filter, 1, 4, 40);
  add (&filter, 2, 5, 40);
  /* √((3² + 4²) / 2) ms, RFC 5905 §10 */
  g_assert_cmpfloat_with_epsilon (ntp_filter_jitter_s (&filter), 0.0035355339, 1e-9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-filter/distance-as-in-rfc-5905", test_distance);
  g_test_add_func ("/ntp-filter/best-of-the-last-eight", test_best);
  g_test_add_func ("/ntp-filter/contradicted-samples-go", test_contradiction);
  g_test_add_func ("/ntp-filter/jitter", test_jitter);
  return g_test_run ();
}
