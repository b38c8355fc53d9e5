/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-aead.h"

#include "hex.h"

typedef struct
{
  const char *path;
  guint16 aead;
  const char *key;
  const char *associated[3]; /* the nonce last */
  const char *plaintext;
  const char *sealed;
} Vector;

static const Vector vectors[] = {
  { "/nts-aead/seals-and-opens/rfc5297-a1",
    NTS_AEAD_AES_SIV_CMAC_256,
    "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    { "101112131415161718191a1b1c1d1e1f2021222324252627" },
    "112233445566778899aabbccddee",
    "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c" },
  { "/nts-aead/seals-and-opens/rfc5297-a2",
    NTS_AEAD_AES_SIV_CMAC_256,
    "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
    { "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
      "102030405060708090a0", "09f911029d74e35bd84156c5635688c0" },
    "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d41455"
    "3",
    "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17"
    "dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d" },
  /* The shape of every NTS request; from OpenSSL 4.0, which can seal nothing. */
  { "/nts-aead/seals-and-opens/empty-plaintext",
    NTS_AEAD_AES_SIV_CMAC_256,
    "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
    { "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
      "09f911029d74e35bd84156c5635688c0" },
    "",
    "4cf1e6f9180dca7683caaa9c7bb70ec6" },
  { "/nts-aead/seals-and-opens/rfc8452-c1-empty",
    NTS_AEAD_AES_128_GCM_SIV,
    "01000000000000000000000000000000",
    { "", "030000000000000000000000" },
    "",
    "dc20e2d83f25705bb49e439eca56de25" },
  { "/nts-aead/seals-and-opens/rfc8452-c1-8-octets",
    NTS_AEAD_AES_128_GCM_SIV,
    "01000000000000000000000000000000",
    { "", "030000000000000000000000" },
    "0100000000000000",
    "b5d839330ac7b786578782fff6013b815b287c22493a364c" },
};

static guint
read_associated (const Vector *vector, GByteArray *octets[3], NtsSpan spans[3])
{
  guint n = 0;

  for (; n < 3 && vector->associated[n] != NULL; n++)
    {
      octets[n] = hex (vector->associated[n]);
      spans[n] = (NtsSpan){ octets[n]->data, octets[n]->len };
    }
  return n;
}

static void
seals_and_opens (gconstpointer data)
{
  const Vector *vector = data;
  g_autoptr (GByteArray) key = hex (vector->key);
  g_autoptr (GByteArray) plaintext = hex (vector->plaintext);
  g_autoptr (GByteArray) expected = hex (vector->sealed);
  GByteArray *associated[3] = { NULL, NULL, NULL };
  NtsSpan spans[3];
  guint n = read_associated (vector, associated, spans);
  g_autofree guint8 *sealed = g_malloc0 (expected->len);
  g_autofree guint8 *opened = g_malloc0 (plaintext->len + 1);

  g_assert_cmpuint (key->len, ==, nts_aead_key_length (vector->aead));
  g_assert_true (
      nts_aead_seal (vector->aead, key->data, spans, n, plaintext->data, plaintext->len, sealed));
  g_assert_cmpmem (sealed, expected->len, expected->data, expected->len);
  g_assert_true (nts_aead_open (vector->aead, key->data, spans, n, sealed, expected->len, opened));
  g_assert_cmpmem (opened, plaintext->len, plaintext->data, plaintext->len);

  for (guint i = 0; i < expected->len * 8; i++)
    {
      sealed[i / 8] ^= (guint8) (1 << i % 8);
      memset (opened, 0x55, plaintext->len + 1);
      g_assert_false (
          nts_aead_open (vector->aead, key->data, spans, n, sealed, expected->len, opened));
      for (guint j = 0; j < plaintext->len; j++)
        g_assert_cmpuint (opened[j], ==, 0);
      sealed[i / 8] ^= (guint8) (1 << i % 8);
    }
  for (guint i = 0; i < 3; i++)
    g_clear_pointer (&associated[i], g_byte_array_unref);
}

static void
refuses_what_does_not_fit (void)
{
  static const guint8 key[NTS_AEAD_KEY_MAX];
  static const guint8 octets[16];
  guint8 output[32];
  const NtsSpan spans[] = { { octets, 16 }, { octets, 16 } };
  const NtsSpan short_nonce[] = { { octets, 16 }, { octets, 11 } };

  memset (output, 0x55, sizeof output);
  g_assert_false (nts_aead_seal (9999, key, spans, 2, octets, 16, output));
  for (guint i = 0; i < sizeof output; i++)
    g_assert_cmpuint (output[i], ==, 0);
  g_assert_false (nts_aead_seal (NTS_AEAD_AES_SIV_CMAC_256, key, spans, 0, octets, 16, output));
  g_assert_false (nts_aead_seal (NTS_AEAD_AES_128_GCM_SIV, key, spans, 2, octets, 16, output));
  g_assert_false (nts_aead_seal (NTS_AEAD_AES_128_GCM_SIV, key, short_nonce, 2, octets, 0, output));
  g_assert_false (nts_aead_seal (NTS_AEAD_AES_128_GCM_SIV, key, spans, 1, octets, 0, output));
  g_assert_false (nts_aead_open (NTS_AEAD_AES_SIV_CMAC_256, key, spans, 2, octets, 15, output));
  g_assert_false (nts_aead_open (NTS_AEAD_AES_SIV_CMAC_256, key, spans, 2, octets, 0, output));
}

/* CVE-2026-45446: a tag of zeros over nothing. */
static void
refuses_zero_tag_over_nothing (void)
{
  static const guint8 zeros[64];
  const NtsSpan spans[] = { { zeros, 48 }, { zeros, 16 } };
  guint8 output[1];

  for (guint16 aead = NTS_AEAD_AES_SIV_CMAC_256; aead <= NTS_AEAD_AES_SIV_CMAC_512; aead++)
    g_assert_false (nts_aead_open (aead, zeros, spans, 2, zeros, NTS_AEAD_TAG_LENGTH, output));
}

static void
names_what_it_knows (void)
{
  g_assert_cmpstr (nts_aead_name (15), ==, "AES-SIV-CMAC-256");
  g_assert_cmpstr (nts_aead_name (30), ==, "AES-128-GCM-SIV");
  g_assert_cmpstr (nts_aead_name (0), ==, "");
  g_assert_cmpuint (nts_aead_key_length (15), ==, 32);
  g_assert_cmpuint (nts_aead_key_length (16), ==, 48);
  g_assert_cmpuint (nts_aead_key_length (17), ==, 64);
  g_assert_cmpuint (nts_aead_key_length (30), ==, 16);
  g_assert_cmpuint (nts_aead_key_length (31), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    g_test_add_data_func (vectors[i].path, &vectors[i], seals_and_opens);
  g_test_add_func ("/nts-aead/refuses-what-does-not-fit", refuses_what_does_not_fit);
  g_test_add_func ("/nts-aead/refuses-zero-tag-over-nothing", refuses_zero_tag_over_nothing);
  g_test_add_func ("/nts-aead/names-what-it-knows", names_what_it_knows);
  return g_test_run ();
}
