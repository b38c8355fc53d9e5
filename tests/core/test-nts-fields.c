/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-fields.h"

#include "captured.h"

#define UID_FIELD (NTP_HEADER_LENGTH)
#define SEALED_AT (NTP_HEADER_LENGTH + NTP_FIELD_HEADER_LENGTH + NTS_UNIQUE_ID_LENGTH)

typedef struct
{
  Captured asked;
  guint8 packet[NTS_REPLY_MAX + 64];
  gsize length;
  guint8 plaintext[NTS_REPLY_MAX];
  NtsReply reply;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  captured_init (&fixture->asked);
}

static void
set_packet (Fixture *fixture, const char *text)
{
  g_autoptr (GByteArray) octets = hex (text);

  memcpy (fixture->packet, octets->data, octets->len);
  fixture->length = octets->len;
}

static NtpReason
judge (Fixture *fixture)
{
  return nts_reply_open (fixture->packet, fixture->length, fixture->asked.request.transmit,
                         fixture->asked.request.unique_id, &fixture->asked.keys, &fixture->reply,
                         fixture->plaintext);
}

/* ---- Replies ---- */

static void
opens_what_chronyd_answered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) cookie = hex (CAPTURED_NEW_COOKIE);

  set_packet (fixture, CAPTURED_RESPONSE);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
  g_assert_true (fixture->reply.authenticated);
  g_assert_cmpuint (fixture->reply.header.stratum, ==, 3);
  g_assert_cmpuint (fixture->reply.n_cookies, ==, 1);
  g_assert_cmpmem (fixture->reply.cookies[0].data, fixture->reply.cookies[0].length, cookie->data,
                   cookie->len);
}

static void
refuses_every_flipped_bit (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  for (gsize bit = 0; bit < fixture->length * 8; bit++)
    {
      fixture->packet[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_cmpint (judge (fixture), !=, NTP_REASON_NONE);
      g_assert_false (fixture->reply.authenticated);
      g_assert_cmpuint (fixture->reply.n_cookies, ==, 0);
      fixture->packet[bit / 8] ^= (guint8) (1 << bit % 8);
    }
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
}

static void
refuses_every_shortened_reply (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  for (gsize length = fixture->length; length-- > 0;)
    {
      g_autofree guint8 *exact = g_memdup2 (fixture->packet, length);
      g_assert_cmpint (nts_reply_open (exact, length, fixture->asked.request.transmit,
                                       fixture->asked.request.unique_id, &fixture->asked.keys,
                                       &fixture->reply, fixture->plaintext),
                       !=, NTP_REASON_NONE);
    }
}

/* Seals @fields, which may be NULL, behind the first @at octets of the packet. */
static void
seal (Fixture *fixture, gsize at, gsize nonce_length, const char *fields)
{
  static const guint8 nonce[64] = { 7, 7, 7 };
  g_autoptr (GByteArray) plaintext = hex (fields != NULL ? fields : "");
  BytesWriter writer = bytes_writer (fixture->packet, sizeof fixture->packet);

  writer.length = at;
  nts_authenticator_write (&writer, fixture->asked.keys.aead, fixture->asked.keys.s2c, nonce,
                           nonce_length, plaintext->data, plaintext->len);
  g_assert_false (writer.failed);
  fixture->length = writer.length;
}

/* Everything about the reply is right and truly sealed but for one thing. */
typedef struct
{
  const char *name;
  gsize at; /* octets replaced in the header or unique identifier */
  const char *octets;
  const char *fields; /* of the plaintext; NULL = none */
  const char *behind; /* the authenticator */
  NtpReason reason;
} Sabotage;

#define COOKIE_FIELD "02040010000102030405060708090a0b"

static const Sabotage sabotages[] = {
  { "nothing", 0, "", COOKIE_FIELD, "", NTP_REASON_NONE },
  { "no-cookie", 0, "", NULL, "", NTP_REASON_NONE },
  { "unknown-field-inside", 0, "", "77770008aabbccdd" COOKIE_FIELD "88880004", "",
    NTP_REASON_NONE },
  { "leap-unknown", 0, "e4", NULL, "", NTP_REASON_NONE },
  { "stratum-16", 1, "10", NULL, "", NTP_REASON_NONE },
  { "sealed-rate", 1, "000000000000000000000052415445", NULL, "", NTP_REASON_NONE },
  { "sealed-unknown-kiss", 1, "000000000000000000000058585858", NULL, "", NTP_REASON_NONE },
  { "sealed-ntsn", 1, "00000000000000000000004e54534e", NULL, "", NTP_REASON_KISS_NTSN },
  { "version-3", 0, "1c", NULL, "", NTP_REASON_PACKET_VERSION },
  { "version-5", 0, "2c", NULL, "", NTP_REASON_PACKET_VERSION },
  { "mode-client", 0, "23", NULL, "", NTP_REASON_PACKET_MODE },
  { "mode-broadcast", 0, "25", NULL, "", NTP_REASON_PACKET_MODE },
  { "mode-control", 0, "26", NULL, "", NTP_REASON_PACKET_MODE },
  { "origin-zero", 24, "0000000000000000", NULL, "", NTP_REASON_ORIGIN_MISMATCH },
  { "origin-other", 24, "4658ebfcf71923af", NULL, "", NTP_REASON_ORIGIN_MISMATCH },
  { "unique-id-other", 83, "8d", NULL, "", NTP_REASON_UNIQUE_ID_MISMATCH },
  { "unique-id-missing", 48, "7777", NULL, "", NTP_REASON_UNIQUE_ID_MISSING },
  { "field-length-zero", 50, "0000", NULL, "", NTP_REASON_FIELD_MALFORMED },
  { "field-length-odd", 50, "0026", NULL, "", NTP_REASON_FIELD_MALFORMED },
  { "field-too-long", 50, "fffc", NULL, "", NTP_REASON_FIELD_MALFORMED },
  { "field-behind", 0, "", NULL, "77770010000000000000000000000000",
    NTP_REASON_AUTHENTICATOR_NOT_LAST },
  { "octets-behind", 0, "", NULL, "00000000", NTP_REASON_AUTHENTICATOR_NOT_LAST },
  { "odd-octet-behind", 0, "", NULL, "00", NTP_REASON_PACKET_LENGTH },
  { "field-inside-of-length-0", 0, "", "02040000", "", NTP_REASON_ENCRYPTED_FIELD_MALFORMED },
  { "field-inside-of-length-3", 0, "", "02040003", "", NTP_REASON_ENCRYPTED_FIELD_MALFORMED },
  { "field-inside-not-aligned", 0, "", "020400060000", "", NTP_REASON_ENCRYPTED_FIELD_MALFORMED },
  { "field-inside-too-long", 0, "", "0204000c00000000", "", NTP_REASON_ENCRYPTED_FIELD_MALFORMED },
  { "octets-left-inside", 0, "", COOKIE_FIELD "0000", "", NTP_REASON_ENCRYPTED_FIELD_MALFORMED },
};

static void
refuses_what_is_sealed_and_wrong (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (sabotages); i++)
    {
      const Sabotage *sabotage = &sabotages[i];
      g_autoptr (GByteArray) octets = hex (sabotage->octets);
      g_autoptr (GByteArray) behind = hex (sabotage->behind);

      set_packet (fixture, CAPTURED_RESPONSE);
      memcpy (fixture->packet + sabotage->at, octets->data, octets->len);
      seal (fixture, SEALED_AT, 16, sabotage->fields);
      memcpy (fixture->packet + fixture->length, behind->data, behind->len);
      fixture->length += behind->len;
      NtpReason reason = judge (fixture);
      if (reason != sabotage->reason)
        g_test_message ("%s: %s", sabotage->name, ntp_reason_name (reason));
      g_assert_cmpint (reason, ==, sabotage->reason);
      g_assert_true (fixture->reply.authenticated == (reason == NTP_REASON_NONE));
    }
}

static void
wants_exactly_one_unique_id (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  memcpy (fixture->packet + SEALED_AT, fixture->packet + UID_FIELD, SEALED_AT - UID_FIELD);
  seal (fixture, 2 * SEALED_AT - UID_FIELD, 16, NULL);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_UNIQUE_ID_REPEATED);

  set_packet (fixture, CAPTURED_RESPONSE);
  seal (fixture, UID_FIELD, 16, NULL);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_UNIQUE_ID_MISSING);
}

/* One octet less than ours, the rest alike; and one that only begins like ours. */
static void
wants_the_whole_unique_id (Fixture *fixture, gconstpointer data)
{
  for (gint more = -4; more <= 4; more += 8)
    {
      set_packet (fixture, CAPTURED_RESPONSE);
      memset (fixture->packet + SEALED_AT, 0, 4);
      fixture->packet[UID_FIELD + 3] = (guint8) (SEALED_AT - UID_FIELD + more);
      seal (fixture, (gsize) ((gint) SEALED_AT + more), 16, NULL);
      g_assert_cmpint (judge (fixture), ==, NTP_REASON_UNIQUE_ID_MISMATCH);
    }
}

static void
takes_nonces_of_any_length (Fixture *fixture, gconstpointer data)
{
  for (gsize length = 1; length <= 64; length++)
    {
      set_packet (fixture, CAPTURED_RESPONSE);
      seal (fixture, SEALED_AT, length, COOKIE_FIELD);
      g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
      g_assert_cmpuint (fixture->reply.n_cookies, ==, 1);
    }
}

static void
takes_padding_in_the_authenticator (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  seal (fixture, SEALED_AT, 16, NULL);
  memset (fixture->packet + fixture->length, 0x5a, 20);
  fixture->length += 20;
  fixture->packet[SEALED_AT + 3] = (guint8) (fixture->packet[SEALED_AT + 3] + 20);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
}

static void
takes_at_most_eight_usable_cookies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) fields = g_string_new ("02040004"
                                             "02040008ffffffff");

  for (guint i = 0; i < 12; i++)
    g_string_append_printf (fields, "02040010%024x", i);
  set_packet (fixture, CAPTURED_RESPONSE);
  seal (fixture, SEALED_AT, 16, fields->str);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
  g_assert_cmpuint (fixture->reply.n_cookies, ==, 8);
  for (guint i = 0; i < 8; i++)
    {
      g_assert_cmpuint (fixture->reply.cookies[i].length, ==, 12);
      g_assert_cmpuint (fixture->reply.cookies[i].data[11], ==, i);
    }
}

/* RFC 8915 §5.7: only from inside the ciphertext. */
static void
takes_no_cookie_in_the_clear (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) clear = hex (COOKIE_FIELD);

  set_packet (fixture, CAPTURED_RESPONSE);
  memcpy (fixture->packet + SEALED_AT, clear->data, clear->len);
  seal (fixture, SEALED_AT + clear->len, 16, NULL);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
  g_assert_cmpuint (fixture->reply.n_cookies, ==, 0);
}

static void
refuses_another_direction_and_another_key (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  memcpy (fixture->asked.keys.s2c, fixture->asked.keys.c2s, sizeof fixture->asked.keys.s2c);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_AUTHENTICATION_FAILED);
}

static void
refuses_too_long_a_packet (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  fixture->length = NTS_REPLY_MAX + 4;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_PACKET_LENGTH);
}

static void
wipes_what_it_refuses (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  seal (fixture, SEALED_AT, 16, COOKIE_FIELD "0000");
  memset (fixture->plaintext, 0x55, sizeof fixture->plaintext);
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_ENCRYPTED_FIELD_MALFORMED);
  for (guint i = 0; i < 18; i++)
    g_assert_cmpuint (fixture->plaintext[i], ==, 0);
}

/* ---- Authenticators that cannot be ---- */

#define NONCE "aa000000" /* one octet, padded */
#define TAG   "00000000000000000000000000000000"

/* The lengths of nonce and ciphertext, then both. */
static void
refuses_authenticators_that_overrun (void)
{
  static const struct
  {
    const char *body;
    gboolean good;
  } CASES[] = {
    { "", FALSE },
    { "00100010", FALSE },
    { "00010010" NONCE TAG, TRUE },
    { "00000010" TAG, FALSE },
    { "0001000f" NONCE TAG, FALSE },
    { "00010000" NONCE TAG, FALSE },
    { "00010011" NONCE TAG, FALSE },
    { "00010011" NONCE TAG "00000000", TRUE },
    { "00010011" NONCE TAG "0000", FALSE },
    { "00050010" NONCE TAG, FALSE },
    { "00040014" NONCE TAG, FALSE },
    { "fffd0010" NONCE TAG, FALSE },
    { "ffff0010" NONCE TAG, FALSE },
    { "0001ffff" NONCE TAG, FALSE },
    { "ffffffff" NONCE TAG, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autoptr (GByteArray) body = hex (CASES[i].body);
      g_autofree guint8 *exact = g_memdup2 (body->data, body->len);
      NtpField field = { .body = exact, .body_length = body->len };
      NtsAuthenticator authenticator;
      g_assert_true (nts_authenticator_read (&field, &authenticator) == CASES[i].good);
    }
}

/* CVE-2015-8138: an answer to nothing. */
static void
refuses_a_zero_origin_even_for_zero (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  memset (fixture->packet + 24, 0, 8);
  seal (fixture, SEALED_AT, 16, NULL);
  fixture->asked.request.transmit = 0;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_ORIGIN_MISMATCH);
}

/* ---- Without authenticator ---- */

static void
set_nak (Fixture *fixture, const char *kiss)
{
  captured_ask (&fixture->asked, CAPTURED_NAK_REQUEST);
  set_packet (fixture, CAPTURED_NAK);
  memcpy (fixture->packet + 12, kiss, 4);
}

static void
takes_a_kiss_for_a_hint (Fixture *fixture, gconstpointer data)
{
  static const char *const kisses[] = { "NTSN", "RATE", "DENY", "RSTR" };

  for (guint i = 0; i < G_N_ELEMENTS (kisses); i++)
    {
      set_nak (fixture, kisses[i]);
      g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
      g_assert_false (fixture->reply.authenticated);
      g_assert_cmpuint (fixture->reply.n_cookies, ==, 0);
      g_assert_cmpuint (fixture->reply.header.stratum, ==, 0);
    }
  set_nak (fixture, "NTSN");
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NONE);
  g_assert_cmphex (fixture->reply.header.reference_id, ==, NTP_KISS_NTSN);
}

static void
refuses_a_kiss_for_somebody_else (Fixture *fixture, gconstpointer data)
{
  set_nak (fixture, "XXXX");
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_KISS_UNKNOWN);
  set_nak (fixture, "NTSN");
  fixture->packet[24] ^= 1;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_ORIGIN_MISMATCH);
  set_nak (fixture, "NTSN");
  fixture->packet[83] ^= 1;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_UNIQUE_ID_MISMATCH);
  set_nak (fixture, "NTSN");
  fixture->length = NTP_HEADER_LENGTH;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_UNIQUE_ID_MISSING);
}

static void
refuses_time_without_proof (Fixture *fixture, gconstpointer data)
{
  set_packet (fixture, CAPTURED_RESPONSE);
  fixture->length = SEALED_AT;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_NOT_AUTHENTICATED);
  fixture->length = NTP_HEADER_LENGTH;
  g_assert_cmpint (judge (fixture), ==, NTP_REASON_UNIQUE_ID_MISSING);
}

static void
add (const char *path, void (*run) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, run, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/nts-fields/opens-what-chronyd-answered", opens_what_chronyd_answered);
  add ("/nts-fields/refuses-every-flipped-bit", refuses_every_flipped_bit);
  add ("/nts-fields/refuses-every-shortened-reply", refuses_every_shortened_reply);
  add ("/nts-fields/refuses-what-is-sealed-and-wrong", refuses_what_is_sealed_and_wrong);
  add ("/nts-fields/wants-exactly-one-unique-id", wants_exactly_one_unique_id);
  add ("/nts-fields/wants-the-whole-unique-id", wants_the_whole_unique_id);
  add ("/nts-fields/takes-nonces-of-any-length", takes_nonces_of_any_length);
  add ("/nts-fields/takes-padding-in-the-authenticator", takes_padding_in_the_authenticator);
  add ("/nts-fields/takes-at-most-eight-usable-cookies", takes_at_most_eight_usable_cookies);
  add ("/nts-fields/takes-no-cookie-in-the-clear", takes_no_cookie_in_the_clear);
  add ("/nts-fields/refuses-another-key", refuses_another_direction_and_another_key);
  add ("/nts-fields/refuses-too-long-a-packet", refuses_too_long_a_packet);
  add ("/nts-fields/refuses-a-zero-origin-even-for-zero", refuses_a_zero_origin_even_for_zero);
  add ("/nts-fields/wipes-what-it-refuses", wipes_what_it_refuses);
  g_test_add_func ("/nts-fields/refuses-authenticators-that-overrun",
                   refuses_authenticators_that_overrun);
  add ("/nts-fields/takes-a-kiss-for-a-hint", takes_a_kiss_for_a_hint);
  add ("/nts-fields/refuses-a-kiss-for-somebody-else", refuses_a_kiss_for_somebody_else);
  add ("/nts-fields/refuses-time-without-proof", refuses_time_without_proof);
  return g_test_run ();
}
