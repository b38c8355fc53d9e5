/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "fake-world.h"

static void
test_memory (void)
{
  g_assert_cmpuint (ntp_system_size (1) - ntp_system_size (0), <=, 4096);
  g_assert_cmpuint (ntp_system_size (257) - ntp_system_size (1), <=, 256 * 4096);
  g_assert_cmpuint (ntp_system_size (0), <=, 8192);
}

/* Not one octet beyond what was asked for. */
static void
test_stays_inside (void)
{
  const guint capacity = 3;
  gsize size = ntp_system_size (capacity);
  g_autofree guint8 *memory = g_malloc (size + 64);
  NtpNow now = { .monotonic_ns = 5, .realtime = ntp_timestamp_from_unix_ns (5) };
  NtpServerConfig config = { .nts = true };

  memset (memory, 0xaa, size + 64);
  NtpSystem *system =
      ntp_system_init (memory, capacity, &ntp_options_default, -20, 0, 0, 100, &now);
  for (guint i = 0; i < 5; i++)
    {
      NtpActions actions = { .count = 0 };
      int slot = ntp_system_add_server (system, &config, NULL, NULL, NULL, &now, &actions);
      g_assert_cmpint (slot, ==, i < capacity ? (int) i : -1);
    }
  for (gsize i = 0; i < 64; i++)
    g_assert_cmpuint (memory[size + i], ==, 0xaa);
}

static void
test_slots (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0, 0);

  fake_world_add_all (world);
  fake_world_run (world, 60);
  fake_world_remove (world, 1);
  g_assert_false (
      ntp_system_server_snapshot (world->system, 1, &(NtpNow){ 0 }, &(NtpServerSnapshot){ 0 }));
  g_assert_false (
      ntp_system_server_standing (world->system, 1, &(NtpSelection){ 0 }, &(uint8_t){ 0 }));
  g_assert_cmpuint (fake_world_server (world, 2).answers, >=, 4);
  fake_world_run (world, 60);
  fake_world_add (world, 1, 2);
  g_assert_cmpuint (fake_world_server (world, 1).cookies, ==, 0);
  fake_world_run (world, 60);
  g_assert_cmpuint (fake_world_server (world, 1).cookies, ==, NTS_COOKIES_MAX);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 4);
}

/* While its request or its key exchange is on the way. */
static void
test_remove_in_flight (void)
{
  for (guint ms = 0; ms < 400; ms += 10)
    {
      g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0, 0);
      fake_world_add_all (world);
      fake_world_run (world, ms / 1000.0);
      fake_world_remove (world, 2);
      fake_world_run (world, 100);
      g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
      g_assert_cmpuint (fake_world_snapshot (world).asked, ==, 3);
    }
}

/* Key exchanges that died with their servers make room for others. */
static void
test_remove_in_key_exchange (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (40, &ntp_options_default, 0, 0);

  for (guint i = 0; i < 20; i++)
    world->servers[i].ke_s = 100000;
  fake_world_add_all (world);
  fake_world_run (world, 0.001);
  g_assert_cmpuint (world->key_exchanges, ==, 16);
  for (int i = 0; i < 20; i++)
    fake_world_remove (world, i);
  fake_world_run (world, 10);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 20);
}

static void
test_remove_while_syncing (void)
{
  NtpOptions options = ntp_options_default;
  options.automatic = false;
  g_autoptr (FakeWorld) world = fake_world_new (2, &options, 0, 0);

  world->servers[1].silent = TRUE;
  fake_world_add_all (world);
  fake_world_sync_now (world);
  fake_world_run (world, 2);
  g_assert_false (world->done);
  fake_world_remove (world, 1);
  g_assert_true (world->done || fake_world_snapshot (world).syncing);
  fake_world_run (world, 0.1);
  g_assert_true (world->done);
  g_assert_cmpint (world->result.error, ==, NTP_REASON_NONE);
}

static void
test_bad_slots (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (2, &ntp_options_default, 0, 0);
  static const int slots[] = { -1, 2, 255, 256, G_MAXINT, G_MININT };
  guint8 packet[48] = { 0x24 };
  NtpNow now = fake_world_now (world);
  NtpAddress address = { .family = 4, .port = 123 };
  NtpEntropy entropy = { { 0 } };
  NtsKeys keys;
  NtsCookies jar;

  fake_world_add_all (world);
  fake_world_run (world, 10);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      NtpActions actions = { .count = 0 };
      fake_world_send_to_us (world, slots[i], packet, sizeof packet);
      fake_world_remove (world, slots[i]);
      ntp_system_sent (world->system, slots[i], now.realtime);
      ntp_system_address (world->system, slots[i], &address, &now, &actions);
      ntp_system_failed (world->system, slots[i], NTP_REASON_TLS_FAILED, &entropy, &now, &actions);
      g_assert_false (ntp_system_take_keys (world->system, slots[i], &keys, &jar, &address));
    }
  fake_world_run (world, 100);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
}

/* An answer to a question that nobody asked. */
static void
test_unasked_keys (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (3, &ntp_options_default, 0, 0);
  NtpAddress address = { .family = 4, .octets = { 198, 51, 100, 1 }, .port = 123 };
  g_autofree NtsKeOffer *offer = g_new0 (NtsKeOffer, 1);
  NtsKeys keys = { .aead = 15 };
  NtpActions actions = { .count = 0 };

  fake_world_add_all (world);
  fake_world_run (world, 100);
  NtpNow now = fake_world_now (world);
  ntp_system_keys (world->system, 0, &keys, offer, &address, &now, &actions);
  g_assert_cmpuint (fake_world_server (world, 0).cookies, ==, NTS_COOKIES_MAX);
  g_assert_cmpuint (fake_world_server (world, 0).key_exchanges, ==, 1);
}

/* Whatever comes to our port: a reason, and nothing else. */
static void
test_garbage (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (3, &ntp_options_default, 0, 0);
  g_autoptr (GRand) dice = g_rand_new_with_seed (7);
  guint8 packet[3000];

  fake_world_add_all (world);
  fake_world_run (world, 100);
  guint adjusts = world->adjusts;
  NtpServerSnapshot before = fake_world_server (world, 1);
  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize) g_rand_int_range (dice, 0, i % 2 == 0 ? 100 : sizeof packet);
      for (gsize j = 0; j < length; j++)
        packet[j] = (guint8) g_rand_int (dice);
      if (length > 0 && i % 3 != 0)
        packet[0] = 0x24;
      fake_world_send_to_us (world, 1, packet, length);
    }
  NtpServerSnapshot after = fake_world_server (world, 1);
  g_assert_cmpint (after.reason, ==, NTP_REASON_PACKET_UNEXPECTED);
  g_assert_cmpuint (after.cookies, ==, before.cookies);
  g_assert_cmpuint (after.reach, ==, before.reach);
  g_assert_cmpint (after.next_poll_ns, ==, before.next_poll_ns);
  g_assert_cmpuint (world->adjusts, ==, adjusts);
}

/* Cookies that were kept: no key exchange, and they are not there any more. */
static void
test_kept_keys (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (3, &ntp_options_default, 0, 0);
  NtpServerConfig config = { .nts = true, .operator_id = 1 };
  NtpActions actions = { .count = 0 };
  NtpAddress address;
  NtsCookies jar;
  NtsKeys keys;

  fake_world_add_all (world);
  fake_world_run (world, 100);
  g_assert_true (ntp_system_take_keys (world->system, 0, &keys, &jar, &address));
  g_assert_cmpuint (jar.count, ==, NTS_COOKIES_MAX);
  g_assert_cmpuint (address.port, ==, 1000);
  g_assert_cmpmem (&keys, sizeof keys, &world->servers[0].keys, sizeof keys);
  g_assert_cmpuint (fake_world_server (world, 0).cookies, ==, 0);
  g_assert_false (ntp_system_take_keys (world->system, 0, &keys, &jar, &address));

  g_assert_true (ntp_system_take_keys (world->system, 1, &keys, &jar, &address));
  fake_world_remove (world, 1);
  NtpNow now = fake_world_now (world);
  g_assert_cmpint (
      ntp_system_add_server (world->system, &config, &keys, &jar, &address, &now, &actions), ==, 1);
  g_assert_cmpuint (fake_world_server (world, 1).cookies, ==, NTS_COOKIES_MAX);
  for (guint i = 0; i < actions.count; i++)
    g_assert_cmpint (actions.items[i].kind, !=, NTP_ACTION_START_KE);
  guint key_exchanges = world->servers[1].key_exchanges, requests = world->servers[1].requests;
  world->wake_ns = now.monotonic_ns;
  fake_world_run (world, 10);
  g_assert_cmpuint (world->servers[1].key_exchanges, ==, key_exchanges);
  g_assert_cmpuint (world->servers[1].requests, >=, requests + 4);
}

static void
test_poll_options (void)
{
  NtpOptions options = ntp_options_default;
  options.minimum_poll_log2 = options.maximum_poll_log2 = 10;
  g_autoptr (FakeWorld) world = fake_world_new (3, &options, 0, 0);

  fake_world_add_all (world);
  fake_world_run (world, 20000);
  options.minimum_poll_log2 = options.maximum_poll_log2 = 4;
  guint requests = world->servers[0].requests;
  fake_world_set_options (world, &options);
  fake_world_run (world, 60);
  g_assert_cmpuint (world->servers[0].requests, >=, requests + 3);
}

/* Two years of time in one go, and back: nothing overflows or runs in circles. */
static void
test_time_leaps (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (3, &ntp_options_default, 0, 0);
  static const double steps_s[] = { 2e9, -2e9, -1.7e9, 1.7e9, 1e-9, 0 };

  fake_world_add_all (world);
  fake_world_run (world, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (steps_s); i++)
    {
      fake_world_step_clock (world, steps_s[i], TRUE);
      fake_world_run (world, 3000);
    }
  fake_world_run (world, 10000);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-system/at-most-4-kB-per-server", test_memory);
  g_test_add_func ("/ntp-system/stays-in-its-memory", test_stays_inside);
  g_test_add_func ("/ntp-system/slots", test_slots);
  g_test_add_func ("/ntp-system/remove-in-flight", test_remove_in_flight);
  g_test_add_func ("/ntp-system/remove-in-key-exchange", test_remove_in_key_exchange);
  g_test_add_func ("/ntp-system/remove-while-syncing", test_remove_while_syncing);
  g_test_add_func ("/ntp-system/bad-slots", test_bad_slots);
  g_test_add_func ("/ntp-system/unasked-keys", test_unasked_keys);
  g_test_add_func ("/ntp-system/garbage", test_garbage);
  g_test_add_func ("/ntp-system/kept-keys", test_kept_keys);
  g_test_add_func ("/ntp-system/poll-options", test_poll_options);
  g_test_add_func ("/ntp-system/time-leaps", test_time_leaps);
  return g_test_run ();
}
