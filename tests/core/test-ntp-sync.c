/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

/* Round trip 40 ms, key exchange three of it; from nothing at most 6 round trips + 60 ms, with
 * kept cookies at most 3 + 60 ms. The simulated world takes no time to compute. */
static void
test_from_nothing (void)
{
  NtpOptions options = ntp_options_default;
  options.automatic = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 2.5, 40);
  fake_world_add_all (world);

  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat_with_epsilon (result->offset_before_s, 2.5, MS);
  g_assert_cmpfloat_with_epsilon (result->correction_s, 2.5, MS);
  g_assert_true (result->stepped);
  g_assert_cmpuint (result->answered, ==, 4);
  g_assert_cmpuint (result->vouched, ==, 4);
  g_assert_cmpuint (result->operators, ==, 4);
  g_assert_cmpfloat (result->duration_s, <=, 6 * 0.04);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <=, result->uncertainty_s);

  result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_false (result->stepped);
  g_assert_cmpfloat (result->duration_s, <=, 3 * 0.04);
  g_assert_cmpuint (world->servers[0].key_exchanges, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-sync/from-nothing-within-six-round-trips", test_from_nothing);
  return g_test_run ();
}
