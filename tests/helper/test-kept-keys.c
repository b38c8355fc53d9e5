/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "kept-keys.h"

#include <string.h>

static void
fill (guint8 *octets, gsize length, guint8 first)
{
  for (gsize i = 0; i < length; i++)
    octets[i] = (guint8) (first + i);
}

static KeptKeys *
make_kept (const char *host, guint n_cookies, guint8 first)
{
  KeptKeys *kept = g_new0 (KeptKeys, 1);

  kept->host = g_strdup (host);
  kept->port = 4460;
  kept->ca_file = g_strdup ("/etc/gnomon/ca.pem");
  kept->ke_address = (NtpAddress){ .family = 4, .octets = { 192, 0, 2, 1 }, .port = 4460 };
  kept->ntp_address =
      (NtpAddress){ .family = 6, .octets = { 0x20, 0x01, 0x0d, 0xb8 }, .port = 123 };
  kept->keys.aead = NTS_AEAD_AES_SIV_CMAC_256;
  fill (kept->keys.c2s, 32, first);
  fill (kept->keys.s2c, 32, (guint8) (first + 100));
  for (guint i = 0; i < n_cookies; i++)
    {
      guint8 cookie[100];
      fill (cookie, sizeof cookie, (guint8) (first + i));
      g_assert_true (nts_cookies_put (&kept->jar, cookie, sizeof cookie));
    }
  return kept;
}

static GPtrArray *
make_two (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) kept_keys_free);

  g_ptr_array_add (all, make_kept ("a.example", 8, 1));
  g_ptr_array_add (all, make_kept ("b.example", 1, 50));
  return all;
}

static void
test_come_back (void)
{
  g_autoptr (GPtrArray) all = make_two ();
  g_autofree guint8 *data = NULL;
  g_autoptr (GPtrArray) back = NULL;
  const KeptKeys *before = g_ptr_array_index (all, 0);
  KeptKeys *after;
  guint8 cookie[NTS_COOKIE_MAX], expected[100];
  gsize length;

  data = kept_keys_encode (all, &length);
  /* They were moved, not copied. */
  g_assert_cmpuint (before->jar.count, ==, 0);
  back = kept_keys_decode (data, length);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->len, ==, 2);
  after = g_ptr_array_index (back, 0);
  g_assert_cmpstr (after->host, ==, "a.example");
  g_assert_cmpuint (after->port, ==, 4460);
  g_assert_cmpstr (after->ca_file, ==, "/etc/gnomon/ca.pem");
  g_assert_cmpmem (&after->ke_address, sizeof (NtpAddress), &before->ke_address,
                   sizeof (NtpAddress));
  g_assert_cmpmem (&after->ntp_address, sizeof (NtpAddress), &before->ntp_address,
                   sizeof (NtpAddress));
  g_assert_cmpmem (&after->keys, sizeof (NtsKeys), &before->keys, sizeof (NtsKeys));
  g_assert_cmpuint (after->jar.count, ==, 8);
  for (guint8 i = 0; i < 8; i++)
    {
      fill (expected, sizeof expected, (guint8) (1 + i));
      g_assert_cmpmem (cookie, nts_cookies_take (&after->jar, cookie), expected, sizeof expected);
    }
}

static void
test_refuses_what_was_cut (void)
{
  g_autoptr (GPtrArray) all = make_two ();
  g_autofree guint8 *data = NULL;
  gsize length;

  data = kept_keys_encode (all, &length);
  for (gsize cut = 0; cut < length; cut++)
    g_assert_null (kept_keys_decode (data, cut));
}

static void
test_refuses_every_changed_octet (void)
{
  g_autoptr (GPtrArray) all = make_two ();
  g_autofree guint8 *data = NULL;
  gsize length;

  data = kept_keys_encode (all, &length);
  for (gsize i = 0; i < length; i++)
    {
      data[i] ^= 0x10;
      g_assert_null (kept_keys_decode (data, length));
      data[i] ^= 0x10;
    }
}

/* What has a right checksum and is nonsense all the same must not get through either. */
static void
test_refuses_nonsense_with_a_right_checksum (void)
{
  g_autoptr (GPtrArray) all = make_two ();
  g_autofree guint8 *data = NULL;
  gsize length;

  data = kept_keys_encode (all, &length);
  for (gsize i = 0; i < length - 32; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (data, length);
      g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
      g_autoptr (GPtrArray) back = NULL;
      gsize size = 32;

      changed[i] = 0xff;
      g_checksum_update (sha256, changed, (gssize) length - 32);
      g_checksum_get_digest (sha256, changed + length - 32, &size);
      back = kept_keys_decode (changed, length);
      if (i < 13)
        g_assert_null (back); /* magic or version */
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kept-keys/come-back", test_come_back);
  g_test_add_func ("/kept-keys/refuses-what-was-cut", test_refuses_what_was_cut);
  g_test_add_func ("/kept-keys/refuses-every-changed-octet", test_refuses_every_changed_octet);
  g_test_add_func ("/kept-keys/refuses-nonsense-with-a-right-checksum",
                   test_refuses_nonsense_with_a_right_checksum);
  return g_test_run ();
}
