/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-cookies.h"

#include <glib.h>
#include <string.h>

/* A cookie that differs from others by its @number. */
static const guint8 *
cookie (guint8 number)
{
  static guint8 octets[NTS_COOKIE_MAX];

  memset (octets, number, sizeof octets);
  return octets;
}

static void
assert_takes (NtsCookies *jar, guint8 number, gsize length)
{
  guint8 taken[NTS_COOKIE_MAX];

  g_assert_cmpuint (nts_cookies_next_length (jar), ==, length);
  g_assert_cmpuint (nts_cookies_take (jar, taken), ==, length);
  g_assert_cmpmem (taken, length, cookie (number), length);
}

static void
gives_the_oldest_first_and_once (void)
{
  NtsCookies jar = { .count = 0 };

  g_assert_true (nts_cookies_put (&jar, cookie (1), 100));
  g_assert_true (nts_cookies_put (&jar, cookie (2), 64));
  g_assert_true (nts_cookies_put (&jar, cookie (3), 100));
  assert_takes (&jar, 1, 100);
  assert_takes (&jar, 2, 64);
  g_assert_true (nts_cookies_put (&jar, cookie (4), 12));
  assert_takes (&jar, 3, 100);
  assert_takes (&jar, 4, 12);
  g_assert_cmpuint (nts_cookies_next_length (&jar), ==, 0);
  g_assert_cmpuint (nts_cookies_take (&jar, (guint8[NTS_COOKIE_MAX]){ 0 }), ==, 0);
}

static void
holds_eight_and_drops_the_oldest (void)
{
  NtsCookies jar = { .count = 0 };

  for (guint8 i = 1; i <= 11; i++)
    g_assert_true (nts_cookies_put (&jar, cookie (i), 100));
  g_assert_cmpuint (jar.count, ==, 8);
  for (guint8 i = 4; i <= 11; i++)
    assert_takes (&jar, i, 100);
}

static void
leaves_out_what_it_has (void)
{
  NtsCookies jar = { .count = 0 };

  g_assert_true (nts_cookies_put (&jar, cookie (1), 100));
  g_assert_false (nts_cookies_put (&jar, cookie (1), 100));
  g_assert_true (nts_cookies_put (&jar, cookie (1), 96));
  g_assert_cmpuint (jar.count, ==, 2);
}

static void
leaves_out_what_no_request_can_carry (void)
{
  NtsCookies jar = { .count = 0 };
  const gsize bad[] = { 0, 4, 8, 11, 13, 99, 101, 1105, 1108, 2000, 65535 };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (nts_cookie_usable (bad[i]));
      g_assert_false (nts_cookies_put (&jar, NULL, bad[i]));
    }
  g_assert_true (nts_cookie_usable (12));
  g_assert_true (nts_cookie_usable (1104));
  g_assert_cmpuint (jar.count, ==, 0);
}

static void
makes_room_for_long_ones (void)
{
  NtsCookies jar = { .count = 0 };

  for (guint8 i = 1; i <= 8; i++)
    g_assert_true (nts_cookies_put (&jar, cookie (i), 288));
  g_assert_true (nts_cookies_put (&jar, cookie (9), 1104));
  g_assert_cmpuint (jar.count, ==, 5);
  for (guint8 i = 5; i <= 8; i++)
    assert_takes (&jar, i, 288);
  assert_takes (&jar, 9, 1104);
}

static void
keeps_no_octet_of_what_it_gave (void)
{
  NtsCookies jar = { .count = 0 };
  guint8 taken[NTS_COOKIE_MAX];

  for (guint8 i = 1; i <= 8; i++)
    nts_cookies_put (&jar, cookie (i), 100);
  nts_cookies_take (&jar, taken);
  g_assert_null (memchr (jar.pool, 1, sizeof jar.pool));
  while (nts_cookies_take (&jar, taken) > 0)
    ;
  for (guint i = 0; i < sizeof jar.pool; i++)
    g_assert_cmpuint (jar.pool[i], ==, 0);

  nts_cookies_put (&jar, cookie (1), 100);
  nts_cookies_clear (&jar);
  g_assert_cmpuint (jar.count, ==, 0);
  g_assert_null (memchr (jar.pool, 1, sizeof jar.pool));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nts-cookies/gives-the-oldest-first-and-once", gives_the_oldest_first_and_once);
  g_test_add_func ("/nts-cookies/holds-eight-and-drops-the-oldest",
                   holds_eight_and_drops_the_oldest);
  g_test_add_func ("/nts-cookies/leaves-out-what-it-has", leaves_out_what_it_has);
  g_test_add_func ("/nts-cookies/leaves-out-what-no-request-can-carry",
                   leaves_out_what_no_request_can_carry);
  g_test_add_func ("/nts-cookies/makes-room-for-long-ones", makes_room_for_long_ones);
  g_test_add_func ("/nts-cookies/keeps-no-octet-of-what-it-gave", keeps_no_octet_of_what_it_gave);
  return g_test_run ();
}
