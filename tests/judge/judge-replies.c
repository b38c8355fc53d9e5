/* SPDX-License-Identifier: GPL-3.0-or-later */

/* crafted_replies.json: replies to a request that is outstanding, each heard by an association of
 * its own, with what a correct client does about it. */

#include "tally.h"

#include "expectation.h"

#define PATH_NS   5000000 /* each way, in the exchange that is played */
#define OURS_LOG2 (-20)   /* precision of our clock */

/* When the server was asked, as the first acceptable reply to a request tells: all other replies to
 * it are heard at the same time. */
typedef struct
{
  NtpTimestamp receive;
  NtpTimestamp transmit;
} ServerTimes;

static gboolean
read_times (const char *text, ServerTimes *times)
{
  g_autoptr (GBytes) octets = text != NULL ? octets_from_text (text) : NULL;
  NtpHeader header;

  if (octets == NULL)
    return FALSE;
  BytesReader reader = bytes_reader (g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
  if (!ntp_header_read (&header, &reader))
    return FALSE;
  *times = (ServerTimes){ header.receive, header.transmit };
  return TRUE;
}

/* Request (as text) → ServerTimes. */
static GHashTable *
collect_times (JsonArray *cases)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *object = node_object (json_array_get_element (cases, i));
      const char *request = object_text (object, "request");
      const char *expect = object_text (object, "expect");
      ServerTimes times;
      if (request != NULL && expect != NULL && g_str_has_prefix (expect, "accept")
          && !g_hash_table_contains (table, request)
          && read_times (object_text (object, "reply"), &times))
        g_hash_table_insert (table, g_strdup (request), g_memdup2 (&times, sizeof times));
    }
  return table;
}

/* An association whose request is outstanding: octets 40…47 of it are the transmit timestamp, 52…83
 * the unique identifier. */
static gboolean
set_up (Case *self, JsonObject *object, GBytes *request, NtpAssociation *association)
{
  const NtpServerConfig config = { .nts = true };
  const NtpAddress address = { .family = 4, .octets = { 192, 0, 2, 1 }, .port = 123 };
  const NtsCookies empty = { .count = 0 };
  NtsKeys keys = { .aead = object_number (object, "aead", NTS_AEAD_AES_SIV_CMAC_256) };
  g_autoptr (GBytes) c2s = case_octets (self, object, "c2s");
  g_autoptr (GBytes) s2c = case_octets (self, object, "s2c");
  gsize key_length = nts_aead_key_length (keys.aead);

  if (request == NULL || c2s == NULL || s2c == NULL)
    return FALSE;
  if (key_length == 0 || g_bytes_get_size (c2s) != key_length
      || g_bytes_get_size (s2c) != key_length || g_bytes_get_size (request) < 84)
    {
      case_fault (self, "malformed: keys or request are of a wrong length");
      return FALSE;
    }
  memcpy (keys.c2s, g_bytes_get_data (c2s, NULL), key_length);
  memcpy (keys.s2c, g_bytes_get_data (s2c, NULL), key_length);
  ntp_association_init (association, &config, &keys, &empty, &address);
  association->enabled = true;
  association->interval_s = 64;

  const guint8 *octets = g_bytes_get_data (request, NULL);
  BytesReader reader = bytes_reader (octets + 40, 8);
  association->request.outstanding = true;
  association->request.transmit = bytes_read_u64 (&reader);
  memcpy (association->request.unique_id, octets + 52, NTS_UNIQUE_ID_LENGTH);
  return TRUE;
}

/* Looks into a copy of the jar. */
static void
inspect_jar (Outcome *outcome, const guint8 *packet, gsize length)
{
  NtsCookies jar = outcome->association->jar;
  guint8 cookie[NTS_COOKIE_MAX];
  gsize cookie_length;

  for (; (cookie_length = nts_cookies_take (&jar, cookie)) > 0; outcome->cookies++)
    for (gsize at = 0; at + cookie_length <= length; at++)
      if (memcmp (packet + at, cookie, cookie_length) == 0)
        outcome->clear_cookie = TRUE;
}

/* Whatever the text expects. */
static void
judge_always (Case *self, JsonObject *object, const Outcome *outcome)
{
  JsonNode *node = json_object_get_member (object, "tag_valid");
  gboolean is_boolean = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                        && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
  gboolean authentic = outcome->heard == NTP_HEARD_ANSWER || outcome->heard == NTP_HEARD_SAMPLE;

  if (authentic && is_boolean && !json_node_get_boolean (node))
    case_fault (self, "a wrong tag was taken for right");
  if (is_boolean && json_node_get_boolean (node)
      && outcome->association->reason == NTP_REASON_AUTHENTICATION_FAILED)
    case_fault (self, "a right tag was taken for wrong");
  if (outcome->clear_cookie)
    case_fault (self, "a cookie from outside the ciphertext was stored");
  if (outcome->cookies > 0 && !authentic)
    case_fault (self, "cookies of a reply that is not authentic were stored");
}

static void
judge_outcome (Case *self, const char *expected, const Outcome *outcome)
{
  g_autofree char *done = outcome_describe (outcome);

  switch (expectation_judge (expected, outcome))
    {
    case EXPECTATION_MISSED:
      case_fault (self, "%s; expected \"%s\"", done, expected);
      break;
    case EXPECTATION_UNKNOWN:
      case_fault (self, "unknown expectation \"%s\"", expected);
      break;
    case EXPECTATION_MET:
    default:
      break;
    }
}

static void
hear (Case *self, JsonObject *object, GBytes *reply, const ServerTimes *times,
      NtpAssociation *association)
{
  NtpTimestamp sent = ntp_timestamp_add_ns (times->receive, -PATH_NS);
  NtpTimestamp received = ntp_timestamp_add_ns (times->transmit, PATH_NS);
  NtpNow heard = { .monotonic_ns = ntp_difference_ns (received, sent), .realtime = received };
  Outcome outcome = { .association = association };
  gsize length;
  const guint8 *packet = g_bytes_get_data (reply, &length);

  association->request.sent = sent;
  association->request.asked = (NtpNow){ .monotonic_ns = 0, .realtime = sent };
  outcome.heard = ntp_association_hear (association, packet, length, received, &heard, OURS_LOG2,
                                        &outcome.sample);
  inspect_jar (&outcome, packet, length);
  judge_always (self, object, &outcome);
  judge_outcome (self, object_text (object, "expect"), &outcome);

  /* RFC 5905 §8: at most one reply to a request. */
  if ((outcome.heard == NTP_HEARD_ANSWER || outcome.heard == NTP_HEARD_SAMPLE)
      && ntp_association_hear (association, packet, length, received, &heard, OURS_LOG2,
                               &outcome.sample)
             != NTP_HEARD_NOTHING)
    case_fault (self, "was taken a second time");
}

static void
judge_reply (Tally *tally, guint index, JsonObject *object, GHashTable *all_times)
{
  static NtpAssociation association;
  Case self;
  ServerTimes own = { 0, 0 };

  case_begin_object (&self, tally, "crafted_replies.json", object, index);
  g_autoptr (GBytes) request = case_octets (&self, object, "request");
  g_autoptr (GBytes) reply = case_octets (&self, object, "reply");
  const char *expected = case_text (&self, object, "expect");
  if (reply != NULL && expected != NULL && set_up (&self, object, request, &association))
    {
      const ServerTimes *times = g_hash_table_lookup (all_times, object_text (object, "request"));
      read_times (object_text (object, "reply"), &own);
      hear (&self, object, reply, times != NULL ? times : &own, &association);
    }
  case_end (&self);
}

void
judge_replies (Tally *tally, JsonNode *root)
{
  JsonArray *cases = object_array (node_object (root), "cases");

  if (cases == NULL)
    {
      tally_malformed (tally, "crafted_replies.json", "no list \"cases\"");
      return;
    }
  g_autoptr (GHashTable) times = collect_times (cases);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    judge_reply (tally, i, node_object (json_array_get_element (cases, i)), times);
}
