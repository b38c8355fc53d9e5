/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ntp_exchanges.json: captured sessions of other implementations. Our request is theirs octet by
 * octet when it is given what they drew at random, their replies open, and the keys follow from the
 * TLS session. */

#include "tally.h"

#include "tls-exporter.h"

#include "nts-fields.h"
#include "nts-ke.h"

/* ---- Requests ---- */

/* What a captured request was made from. */
typedef struct
{
  NtsRequest request;
  guint8 poll;
  NtpField authenticator; /* body_length 0 = none */
  NtsAuthenticator parts;
} Captured;

static gboolean
read_captured (GBytes *octets, Captured *captured)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (octets, &length);
  BytesReader reader = bytes_reader (data, length);
  gboolean unique_id_seen = FALSE;
  NtpHeader header;
  NtpField field;

  *captured = (Captured){ .poll = 0 };
  if (!ntp_header_read (&header, &reader))
    return FALSE;
  captured->request.transmit = header.transmit;
  captured->poll = (guint8) header.poll_log2;
  while (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field))
    if (field.type == NTP_FIELD_UNIQUE_ID && field.body_length == NTS_UNIQUE_ID_LENGTH)
      {
        memcpy (captured->request.unique_id, field.body, NTS_UNIQUE_ID_LENGTH);
        unique_id_seen = TRUE;
      }
    else if (field.type == NTP_FIELD_COOKIE)
      {
        captured->request.cookie = field.body;
        captured->request.cookie_length = field.body_length;
      }
    else if (field.type == NTP_FIELD_PLACEHOLDER)
      captured->request.placeholders++;
    else if (field.type == NTP_FIELD_AUTHENTICATOR)
      captured->authenticator = field;
  return unique_id_seen;
}

/* Seals the first octets of @packet anew: some clients say their poll interval, ours never does. */
static gsize
reseal_with_poll (guint8 *packet, const Captured *captured, const NtsKeys *keys)
{
  BytesWriter writer = bytes_writer (packet, NTS_REQUEST_MAX);

  writer.length = captured->authenticator.start;
  packet[2] = captured->poll;
  nts_authenticator_write (&writer, keys->aead, keys->c2s, captured->parts.nonce.data,
                           captured->parts.nonce.length, NULL, 0);
  return writer.failed ? 0 : writer.length;
}

static void
compare_request (Case *self, GBytes *octets, Captured *captured, const NtsKeys *keys)
{
  guint8 packet[NTS_REQUEST_MAX];
  const NtsAuthenticator *parts = &captured->parts;

  if (captured->authenticator.body_length == 0
      || !nts_authenticator_read (&captured->authenticator, &captured->parts))
    {
      case_fault (self, "malformed: the request has no authenticator");
      return;
    }
  if (parts->nonce.length != NTS_AEAD_NONCE_LENGTH || captured->request.cookie == NULL)
    {
      case_fault (self, "the request is of another shape than ours");
      return;
    }
  memcpy (captured->request.nonce, parts->nonce.data, NTS_AEAD_NONCE_LENGTH);
  gsize length = nts_request_write (&captured->request, keys, packet, sizeof packet);
  if (length > 0 && captured->poll != 0)
    length = reseal_with_poll (packet, captured, keys);
  case_compare (self, "our request", packet, length, octets);
}

/* ---- Replies ---- */

static void
compare_cookies (Case *self, const NtsReply *reply, JsonArray *expected)
{
  guint n = expected != NULL ? json_array_get_length (expected) : 0;

  if (reply->n_cookies != n)
    case_fault (self, "%u cookies instead of %u", reply->n_cookies, n);
  for (guint i = 0; i < MIN (reply->n_cookies, n); i++)
    {
      JsonNode *node = json_array_get_element (expected, i);
      const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      g_autoptr (GBytes) cookie = octets_from_text (text != NULL ? text : "-");
      if (cookie == NULL)
        case_fault (self, "malformed: a cookie is not hexadecimal");
      else
        case_compare (self, "a cookie", reply->cookies[i].data, reply->cookies[i].length, cookie);
    }
}

static NtpReason
open_response (GBytes *octets, const Captured *captured, const NtsKeys *keys, NtsReply *reply,
               guint8 *plaintext)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (octets, &length);

  return nts_reply_open (data, length, captured->request.transmit, captured->request.unique_id,
                         keys, reply, plaintext);
}

static void
judge_exchange (Tally *tally, guint session, guint index, JsonObject *object, const NtsKeys *keys)
{
  Case self;
  Captured captured;
  NtsReply reply;
  guint8 plaintext[NTS_REPLY_MAX] = { 0 };

  case_begin (&self, tally, "ntp_exchanges.json: session %u, exchange %u", session, index);
  g_autoptr (GBytes) request = case_octets (&self, object, "request");
  g_autoptr (GBytes) response = case_octets (&self, object, "response");
  g_autoptr (GBytes) expected = case_octets (&self, object, "response_plaintext");
  if (request == NULL || response == NULL || expected == NULL)
    ;
  else if (!read_captured (request, &captured))
    case_fault (&self, "malformed: not a request");
  else
    {
      compare_request (&self, request, &captured, keys);
      if (object_number (object, "placeholders", 0) != captured.request.placeholders)
        case_fault (&self, "%u placeholders", captured.request.placeholders);
      NtpReason reason = open_response (response, &captured, keys, &reply, plaintext);
      if (reason != NTP_REASON_NONE || !reply.authenticated)
        case_fault (&self, "the reply is refused: %s", ntp_reason_name (reason));
      else
        {
          case_compare (&self, "the plaintext", plaintext,
                        MIN (g_bytes_get_size (expected), sizeof plaintext), expected);
          compare_cookies (&self, &reply, object_array (object, "new_cookies"));
        }
    }
  case_end (&self);
}

static void
judge_nak (Tally *tally, guint index, JsonObject *object)
{
  static const NtsKeys keys = { .aead = NTS_AEAD_AES_SIV_CMAC_256 };
  Case self;
  Captured captured;
  NtsReply reply;
  guint8 plaintext[NTS_REPLY_MAX];

  case_begin (&self, tally, "ntp_exchanges.json: nak %u", index);
  g_autoptr (GBytes) request = case_octets (&self, object, "request");
  g_autoptr (GBytes) response = case_octets (&self, object, "response");
  if (request == NULL || response == NULL)
    ;
  else if (!read_captured (request, &captured))
    case_fault (&self, "malformed: not a request");
  else
    {
      NtpReason reason = open_response (response, &captured, &keys, &reply, plaintext);
      if (reason != NTP_REASON_NONE)
        case_fault (&self, "the NAK is refused: %s", ntp_reason_name (reason));
      else if (reply.authenticated || reply.header.stratum != 0
               || reply.header.reference_id != NTP_KISS_NTSN)
        case_fault (&self, "is not taken for a NAK");
    }
  case_end (&self);
}

/* ---- Sessions ---- */

static void
judge_key (Case *self, JsonObject *session, const char *member, gboolean client_to_server,
           guint16 aead, guint8 key[NTS_AEAD_KEY_MAX])
{
  g_autoptr (GBytes) expected = case_octets (self, session, member);
  gsize length = nts_aead_key_length (aead);
  guint8 context[NTS_KE_EXPORTER_CONTEXT_LENGTH];
  guint8 exported[NTS_AEAD_KEY_MAX];

  if (expected == NULL)
    return;
  if (length == 0 || g_bytes_get_size (expected) != length)
    {
      case_fault (self, "malformed: \"%s\" does not fit AEAD %u", member, aead);
      return;
    }
  memcpy (key, g_bytes_get_data (expected, NULL), length);
  if (!json_object_has_member (session, "exporter_secret"))
    return;

  const char *digest = case_text (self, session, "exporter_hash");
  g_autoptr (GBytes) secret = case_octets (self, session, "exporter_secret");
  nts_ke_exporter_context (aead, client_to_server, context);
  if (digest == NULL || secret == NULL)
    return;
  if (tls_exporter (digest, secret, NTS_KE_EXPORTER_LABEL, context, sizeof context, exported,
                    length))
    case_compare (self, member, exported, length, expected);
  else
    case_fault (self, "malformed: the exporter secret does not fit \"%s\"", digest);
}

/* A request of 16 octets that led to AEAD 15 offered nothing else, as ours. */
static void
compare_ke_request (Case *self, GBytes *octets, guint16 aead)
{
  guint8 ours[16];
  BytesWriter writer = bytes_writer (ours, sizeof ours);

  nts_ke_request_write (&writer);
  if (aead == NTS_AEAD_AES_SIV_CMAC_256 && g_bytes_get_size (octets) == sizeof ours)
    case_compare (self, "our key exchange request", ours, writer.length, octets);
}

static void
judge_session (Tally *tally, guint index, JsonObject *session)
{
  NtsKeys keys = { .aead = object_number (session, "aead", NTS_AEAD_AES_SIV_CMAC_256) };
  JsonArray *exchanges = object_array (session, "exchanges");
  Case self;

  case_begin (&self, tally, "ntp_exchanges.json: session %u", index);
  g_autoptr (GBytes) ke_request = case_octets (&self, session, "ke_request");
  g_autoptr (GBytes) ke_response = case_octets (&self, session, "ke_response");
  if (ke_request != NULL)
    compare_ke_request (&self, ke_request, keys.aead);
  if (ke_response != NULL)
    judge_ke_answer (&self, ke_response);
  if (session != NULL)
    {
      judge_key (&self, session, "c2s", TRUE, keys.aead, keys.c2s);
      judge_key (&self, session, "s2c", FALSE, keys.aead, keys.s2c);
    }
  if (exchanges == NULL)
    case_fault (&self, "malformed: no list \"exchanges\"");
  case_end (&self);

  for (guint i = 0; exchanges != NULL && i < json_array_get_length (exchanges); i++)
    judge_exchange (tally, index, i, node_object (json_array_get_element (exchanges, i)), &keys);
}

void
judge_exchanges (Tally *tally, JsonNode *root)
{
  JsonArray *sessions = object_array (node_object (root), "sessions");
  JsonArray *naks = object_array (node_object (root), "naks");

  if (sessions == NULL && naks == NULL)
    tally_malformed (tally, "ntp_exchanges.json", "neither \"sessions\" nor \"naks\"");
  for (guint i = 0; sessions != NULL && i < json_array_get_length (sessions); i++)
    judge_session (tally, i, node_object (json_array_get_element (sessions, i)));
  for (guint i = 0; naks != NULL && i < json_array_get_length (naks); i++)
    judge_nak (tally, i, node_object (json_array_get_element (naks, i)));
}
