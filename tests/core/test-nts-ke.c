/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-ke.h"

#include "hex.h"

/* Records of responses, RFC 8915 §4.1. */
#define PROTOCOL "800100020000"
#define AEAD     "80040002000f"
#define COOKIE   "00050010000102030405060708090a0b0c0d0e0f"
#define COOKIE_2 "00050010ffffffffffffffffffffffffffffffff"
#define SERVER   "0006000b6e74702e6578616d706c65"
#define PORT     "80070002270f"
#define END      "80000000"

static NtsKeVerdict
feed (NtsKeResponse *response, const GByteArray *octets, gsize portion)
{
  NtsKeVerdict verdict = NTS_KE_MORE;

  nts_ke_response_begin (response);
  for (gsize fed = 0; fed < octets->len; fed += portion)
    verdict = nts_ke_response_feed (response, octets->data + fed, MIN (portion, octets->len - fed));
  if (verdict == NTS_KE_MORE)
    verdict = nts_ke_response_end (response);
  return verdict;
}

/* The reason is the same in whichever portions the octets come. */
static NtpReason
judge (const GByteArray *octets)
{
  static NtsKeResponse response;
  NtsKeVerdict whole = feed (&response, octets, 65536);
  NtpReason reason = response.reason;

  for (gsize portion = 1; portion < 8; portion++)
    {
      g_assert_cmpint (feed (&response, octets, portion), ==, whole);
      g_assert_cmpint (response.reason, ==, reason);
    }
  g_assert_true ((whole == NTS_KE_COMPLETE) == (reason == NTP_REASON_NONE));
  return reason;
}

static const struct
{
  const char *name;
  const char *response;
  NtpReason reason;
} cases[] = {
  { "minimal", PROTOCOL AEAD COOKIE END, NTP_REASON_NONE },
  { "any-order", PORT COOKIE SERVER AEAD PROTOCOL END, NTP_REASON_NONE },
  { "critical-bit-where-it-may-be",
    PROTOCOL "00040002000f8005000c"
             "000102030405060708090a0b" END,
    NTP_REASON_NONE },
  { "unknown-record", PROTOCOL AEAD COOKIE "400000017f" END, NTP_REASON_NONE },
  { "nothing", "", NTP_REASON_KE_TRUNCATED },
  { "no-end", PROTOCOL AEAD COOKIE, NTP_REASON_KE_TRUNCATED },
  { "end-cut", PROTOCOL AEAD COOKIE "800000", NTP_REASON_KE_TRUNCATED },
  { "length-beyond-the-stream", "8001ffff", NTP_REASON_KE_TRUNCATED },
  { "trailing-octet", PROTOCOL AEAD COOKIE END "00", NTP_REASON_KE_TRAILING_DATA },
  { "two-ends", PROTOCOL AEAD COOKIE END END, NTP_REASON_KE_TRAILING_DATA },
  { "end-not-critical", PROTOCOL AEAD COOKIE "00000000", NTP_REASON_KE_END_MALFORMED },
  { "end-with-body", PROTOCOL AEAD COOKIE "8000000100", NTP_REASON_KE_END_MALFORMED },
  { "unknown-critical-record", PROTOCOL AEAD COOKIE "c0000000" END,
    NTP_REASON_KE_UNKNOWN_CRITICAL_RECORD },
  { "no-protocol", AEAD COOKIE END, NTP_REASON_KE_NO_NEXT_PROTOCOL },
  { "empty-protocol", "80010000" AEAD COOKIE END, NTP_REASON_KE_NO_COMMON_PROTOCOL },
  { "odd-protocol", "80010003000000" AEAD COOKIE END, NTP_REASON_KE_RECORD_MALFORMED },
  { "other-protocol", "800100028001" AEAD COOKIE END, NTP_REASON_KE_PROTOCOL_NOT_OFFERED },
  { "one-protocol-too-many", "8001000400008001" AEAD COOKIE END,
    NTP_REASON_KE_PROTOCOL_NOT_OFFERED },
  { "protocol-not-critical", "000100020000" AEAD COOKIE END, NTP_REASON_KE_NOT_CRITICAL },
  { "two-protocol-records", PROTOCOL PROTOCOL AEAD COOKIE END, NTP_REASON_KE_DUPLICATE_RECORD },
  { "no-aead", PROTOCOL COOKIE END, NTP_REASON_KE_NO_AEAD },
  { "empty-aead", PROTOCOL "80040000" END, NTP_REASON_KE_NO_COMMON_AEAD },
  { "other-aead", PROTOCOL "80040002001e" COOKIE END, NTP_REASON_KE_AEAD_NOT_OFFERED },
  { "aead-zero", PROTOCOL "800400020000" COOKIE END, NTP_REASON_KE_AEAD_NOT_OFFERED },
  { "two-aeads", PROTOCOL "80040004000f0010" COOKIE END, NTP_REASON_KE_RECORD_MALFORMED },
  { "aead-of-one-octet", PROTOCOL "800400010f" COOKIE END, NTP_REASON_KE_RECORD_MALFORMED },
  { "two-aead-records", PROTOCOL AEAD AEAD COOKIE END, NTP_REASON_KE_DUPLICATE_RECORD },
  { "error-0", "80020002000080000000", NTP_REASON_KE_ERROR_UNRECOGNIZED_CRITICAL },
  { "error-1", "80020002000180000000", NTP_REASON_KE_ERROR_BAD_REQUEST },
  { "error-2", "80020002000280000000", NTP_REASON_KE_ERROR_INTERNAL },
  { "error-3", "80020002000380000000", NTP_REASON_KE_ERROR_OTHER },
  { "error-empty", "8002000080000000", NTP_REASON_KE_ERROR_OTHER },
  { "error-not-critical", PROTOCOL AEAD COOKIE "000200020001" END,
    NTP_REASON_KE_ERROR_BAD_REQUEST },
  { "warning", PROTOCOL AEAD COOKIE "800300020000" END, NTP_REASON_KE_WARNING },
  { "warning-empty", PROTOCOL AEAD COOKIE "00030000" END, NTP_REASON_KE_WARNING },
  { "no-cookie", PROTOCOL AEAD END, NTP_REASON_KE_NO_COOKIE },
  { "empty-cookie", PROTOCOL AEAD "00050000" END, NTP_REASON_KE_NO_COOKIE },
  { "odd-cookie", PROTOCOL AEAD "0005000d00000000000000000000000000" END, NTP_REASON_KE_NO_COOKIE },
  { "port-zero", PROTOCOL AEAD COOKIE "800700020000" END, NTP_REASON_KE_PORT_MALFORMED },
  { "port-of-one-octet", PROTOCOL AEAD COOKIE "8007000101" END, NTP_REASON_KE_PORT_MALFORMED },
  { "port-of-three-octets", PROTOCOL AEAD COOKIE "80070003000100" END,
    NTP_REASON_KE_PORT_MALFORMED },
  { "two-ports", PROTOCOL AEAD COOKIE PORT PORT END, NTP_REASON_KE_DUPLICATE_RECORD },
  { "server-empty", PROTOCOL AEAD COOKIE "00060000" END, NTP_REASON_KE_SERVER_MALFORMED },
  { "server-with-nul", PROTOCOL AEAD COOKIE "000600036e7400" END, NTP_REASON_KE_SERVER_MALFORMED },
  { "two-servers", PROTOCOL AEAD COOKIE SERVER SERVER END, NTP_REASON_KE_DUPLICATE_RECORD },
};

static void
judges_responses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) octets = hex (cases[i].response);
      NtpReason reason = judge (octets);
      if (reason != cases[i].reason)
        g_test_message ("%s: %s", cases[i].name, ntp_reason_name (reason));
      g_assert_cmpint (reason, ==, cases[i].reason);
    }
}

static void
understands_an_offer (void)
{
  g_autoptr (GByteArray) octets = hex (PORT COOKIE SERVER AEAD COOKIE_2 PROTOCOL COOKIE END);
  NtsKeResponse response;

  g_assert_cmpint (feed (&response, octets, 5), ==, NTS_KE_COMPLETE);
  const NtsKeOffer *offer = nts_ke_response_offer (&response);
  g_assert_cmpuint (offer->aead, ==, 15);
  g_assert_cmpstr (offer->server, ==, "ntp.example");
  g_assert_cmpuint (offer->port, ==, 9999);
  g_assert_cmpuint (offer->n_cookies, ==, 2);
  g_assert_cmpmem (offer->cookies[0], offer->cookie_lengths[0], octets->data + 10, 16);
  g_assert_cmphex (offer->cookies[1][15], ==, 0xff);
}

static void
takes_what_is_not_said_as_usual (void)
{
  g_autoptr (GByteArray) octets = hex (PROTOCOL AEAD COOKIE END);
  NtsKeResponse response;

  g_assert_cmpint (feed (&response, octets, 65536), ==, NTS_KE_COMPLETE);
  g_assert_cmpstr (nts_ke_response_offer (&response)->server, ==, "");
  g_assert_cmpuint (nts_ke_response_offer (&response)->port, ==, 123);
}

/* @count cookies of @length octets, each different. */
static GByteArray *
response_with_cookies (guint count, guint16 length)
{
  GByteArray *octets = hex (PROTOCOL AEAD);

  for (guint i = 0; i < count; i++)
    {
      const guint8 header[] = { 0, 5, (guint8) (length >> 8), (guint8) length };
      g_byte_array_append (octets, header, sizeof header);
      g_byte_array_set_size (octets, octets->len + length);
      memset (octets->data + octets->len - length, (int) i + 1, length);
    }
  g_byte_array_append (octets, (const guint8 *) "\200\0\0", 4);
  return octets;
}

static void
keeps_the_first_eight_cookies (void)
{
  g_autoptr (GByteArray) octets = response_with_cookies (11, 1104);
  NtsKeResponse response;

  g_assert_cmpint (feed (&response, octets, 65536), ==, NTS_KE_COMPLETE);
  const NtsKeOffer *offer = nts_ke_response_offer (&response);
  g_assert_cmpuint (offer->n_cookies, ==, 8);
  for (guint i = 0; i < 8; i++)
    {
      g_assert_cmpuint (offer->cookie_lengths[i], ==, 1104);
      g_assert_cmpuint (offer->cookies[i][0], ==, i + 1);
      g_assert_cmpuint (offer->cookies[i][1103], ==, i + 1);
    }
}

static void
refuses_cookies_that_no_request_can_carry (void)
{
  static const guint16 lengths[] = { 4, 8, 1108, 1400, 60000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) octets = response_with_cookies (1, lengths[i]);
      g_assert_cmpint (judge (octets), ==, NTP_REASON_KE_NO_COOKIE);
    }
}

/* RFC 8915 §4: 65536 octets SHOULD be accepted. */
static void
takes_65536_octets_and_no_more (void)
{
  g_autoptr (GByteArray) octets = hex (PROTOCOL AEAD COOKIE "4000ffd8");
  g_autoptr (GByteArray) longer = hex (PROTOCOL AEAD COOKIE "4000ffd9");

  g_byte_array_set_size (octets, 65532);
  memset (octets->data + 36, 0x5a, 65532 - 36);
  g_byte_array_append (octets, (const guint8 *) "\200\0\0", 4);
  g_assert_cmpuint (octets->len, ==, NTS_KE_RESPONSE_MAX);
  g_assert_cmpint (judge (octets), ==, NTP_REASON_NONE);

  g_byte_array_set_size (longer, 65533);
  memset (longer->data + 36, 0x5a, 65533 - 36);
  g_byte_array_append (longer, (const guint8 *) "\200\0\0", 4);
  g_assert_cmpint (judge (longer), ==, NTP_REASON_KE_TOO_LONG);
}

static void
stays_refused (void)
{
  g_autoptr (GByteArray) bad = hex ("80020002000180000000");
  g_autoptr (GByteArray) good = hex (PROTOCOL AEAD COOKIE END);
  NtsKeResponse response;

  g_assert_cmpint (feed (&response, bad, 65536), ==, NTS_KE_REFUSED);
  g_assert_cmpint (nts_ke_response_feed (&response, good->data, good->len), ==, NTS_KE_REFUSED);
  g_assert_cmpint (nts_ke_response_end (&response), ==, NTS_KE_REFUSED);
  g_assert_cmpint (response.reason, ==, NTP_REASON_KE_ERROR_BAD_REQUEST);
  g_assert_cmpint (feed (&response, good, 65536), ==, NTS_KE_COMPLETE);
  g_assert_cmpint (nts_ke_response_end (&response), ==, NTS_KE_COMPLETE);
}

static void
writes_the_request_and_the_contexts (void)
{
  g_autoptr (GByteArray) request = hex ("80010002000080040002000f80000000");
  g_autoptr (GByteArray) c2s = hex ("0000000f00");
  g_autoptr (GByteArray) s2c = hex ("0000000f01");
  guint8 written[16];
  guint8 context[NTS_KE_EXPORTER_CONTEXT_LENGTH];
  BytesWriter writer = bytes_writer (written, sizeof written);

  nts_ke_request_write (&writer);
  g_assert_false (writer.failed);
  g_assert_cmpmem (written, writer.length, request->data, request->len);
  nts_ke_exporter_context (15, true, context);
  g_assert_cmpmem (context, sizeof context, c2s->data, c2s->len);
  nts_ke_exporter_context (15, false, context);
  g_assert_cmpmem (context, sizeof context, s2c->data, s2c->len);
}

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

static void
takes_server_names (void)
{
  static const char *const NAMES[] = {
    "192.0.2.7",
    "2001:db8::7b",
    "::1",
    "ntp7.example.net",
    "ntp7.example.net.",
    "localhost",
    "a",
    "xn--bcher-kva",
    "0.pool.example.org",
    "3com",
    "1.2.3.4.in",
    LABEL_63 ".org",
    "EXAMPLE.Org",
    LABEL_63 "." LABEL_63 "." LABEL_63 "."
             "x23456789012345678901234567890123456789012345678901234567890y"
  };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    g_assert_true (nts_ke_server_name_valid ((const guint8 *) NAMES[i], strlen (NAMES[i])));
  /* The length counts, not an end. */
  g_assert_true (nts_ke_server_name_valid ((const guint8 *) "ab-", 2));
}

static void
refuses_server_names (void)
{
  static const char *const NAMES[] = {
    "",
    ".",
    "..",
    "a..b",
    ".a",
    "-a",
    "a-",
    "a.-b.c",
    "a b",
    "a_b.c",
    "a/b",
    "[::1]",
    "::1%eth0",
    "192.0.2.7:1",
    "192.0.2",
    "192.0.2.7.",
    "3221225991",
    "0300.0.02.7",
    "0x7f.1",
    "0x7f000001",
    "example.0xff",
    "example.1",
    "192.0.2.07",
    " a",
    "a\n",
    "\303\274.de",
    LABEL_63 "x",
    "ntp.example:123",
    "1.2.3.4.5",
    LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63,
    LABEL_63 "." LABEL_63 "." LABEL_63 "."
             "x234567890123456789012345678901234567890123456789012345678901y"
  };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    g_assert_false (nts_ke_server_name_valid ((const guint8 *) NAMES[i], strlen (NAMES[i])));
  g_assert_false (nts_ke_server_name_valid ((const guint8 *) "a\0b", 3));
  g_assert_false (nts_ke_server_name_valid ((const guint8 *) "192.0.2.7\0", 10));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nts-ke/judges-responses", judges_responses);
  g_test_add_func ("/nts-ke/understands-an-offer", understands_an_offer);
  g_test_add_func ("/nts-ke/takes-what-is-not-said-as-usual", takes_what_is_not_said_as_usual);
  g_test_add_func ("/nts-ke/keeps-the-first-eight-cookies", keeps_the_first_eight_cookies);
  g_test_add_func ("/nts-ke/refuses-cookies-that-no-request-can-carry",
                   refuses_cookies_that_no_request_can_carry);
  g_test_add_func ("/nts-ke/takes-65536-octets-and-no-more", takes_65536_octets_and_no_more);
  g_test_add_func ("/nts-ke/stays-refused", stays_refused);
  g_test_add_func ("/nts-ke/writes-the-request-and-the-contexts",
                   writes_the_request_and_the_contexts);
  g_test_add_func ("/nts-ke/takes-server-names", takes_server_names);
  g_test_add_func ("/nts-ke/refuses-server-names", refuses_server_names);
  return g_test_run ();
}
