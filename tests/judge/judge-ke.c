/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ke.json: responses of key exchange servers, each fed whole and in portions, with the verdict of a
 * client that offered protocol 0 and AEAD 15. */

#include "tally.h"

#include "ke-reading.h"

#include "ntp-address.h"
#include "nts-ke.h"

/* Where the key exchange was held, for what depends on it. */
#define KE_SERVER "192.0.2.1"

typedef enum
{
  EXPECT_UNKNOWN,
  EXPECT_ACCEPT,
  EXPECT_REFUSE,
  EXPECT_EITHER
} Expectation;

static gboolean
begins_with_one_of (const char *text, const char *const *words)
{
  for (; *words != NULL; words++)
    if (g_str_has_prefix (text, *words))
      return TRUE;
  return FALSE;
}

static Expectation
understand (const char *text)
{
  static const char *const accepting[] = { "accept", "ignore", "skip", NULL };
  static const char *const refusing[] = { "reject", "fail",        "refuse",        "discard",
                                          "abort",  "must reject", "should reject", NULL };
  static const char *const choosing[] = { "may ",           "either",
                                          "accept or ",     "reject or accept",
                                          "fail or accept", NULL };
  g_autofree char *lower = g_ascii_strdown (text, -1);
  const char *verdict = g_str_has_prefix (lower, "policy:") ? lower + strlen ("policy:") : lower;

  verdict += strspn (verdict, " ");
  if (begins_with_one_of (verdict, choosing))
    return EXPECT_EITHER;
  if (begins_with_one_of (verdict, accepting))
    return EXPECT_ACCEPT;
  return begins_with_one_of (verdict, refusing) ? EXPECT_REFUSE : EXPECT_UNKNOWN;
}

static NtsKeVerdict
feed (NtsKeResponse *response, GBytes *octets, gsize portion)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (octets, &length);
  NtsKeVerdict verdict = NTS_KE_MORE;

  nts_ke_response_begin (response);
  for (gsize fed = 0; fed < length; fed += portion)
    verdict = nts_ke_response_feed (response, data + fed, MIN (portion, length - fed));
  return verdict == NTS_KE_MORE ? nts_ke_response_end (response) : verdict;
}

/* What the shell does with a server that is named by its address. */
static NtpReason
judge_server (const NtsKeOffer *offer)
{
  NtpAddress ke_server, literal;
  /* RFC 6761 §6.3: these names always lead to loopback. */
  gboolean local = g_ascii_strcasecmp (offer->server, "localhost") == 0
                   || g_str_has_suffix (offer->server, ".localhost");

  if (!ntp_address_from_literal (local ? "127.0.0.1" : offer->server, &literal))
    return NTP_REASON_NONE;
  g_assert_true (ntp_address_from_literal (KE_SERVER, &ke_server));
  literal.port = offer->port;
  return ntp_address_permitted (&literal, &ke_server) ? NTP_REASON_NONE
                                                      : NTP_REASON_KE_SERVER_REFUSED;
}

/* NTP_REASON_NONE and the @response filled, or why it is refused. */
static NtpReason
judge_response (Case *self, GBytes *octets, NtsKeResponse *response)
{
  static const gsize portions[] = { 1, 3, 1000 };
  NtsKeVerdict whole = feed (response, octets, G_MAXUINT16 * 2);
  NtpReason reason = response->reason;

  for (gsize i = 0; i < G_N_ELEMENTS (portions); i++)
    if (feed (response, octets, portions[i]) != whole || response->reason != reason)
      case_fault (self, "in portions of %zu octets: %s, whole: %s", portions[i],
                  ntp_reason_name (response->reason), ntp_reason_name (reason));
  return reason;
}

static void
compare_offer (Case *self, GBytes *octets, const NtsKeOffer *offer)
{
  KeReading reading;

  ke_reading_init (&reading, octets);
  if (offer->aead != 15)
    case_fault (self, "AEAD %u", offer->aead);
  if (g_strcmp0 (offer->server, reading.server) != 0)
    case_fault (self, "server \"%s\" instead of \"%s\"", offer->server, reading.server);
  if (offer->port != reading.port)
    case_fault (self, "port %u instead of %u", offer->port, reading.port);
  if (offer->n_cookies != reading.cookies->len)
    case_fault (self, "%u cookies instead of %u", offer->n_cookies, reading.cookies->len);
  for (guint i = 0; i < MIN (offer->n_cookies, reading.cookies->len); i++)
    case_compare (self, "a cookie", offer->cookies[i], offer->cookie_lengths[i],
                  g_ptr_array_index (reading.cookies, i));
  ke_reading_clear (&reading);
}

/* "resolve as NAME.": the server to be asked. */
static void
compare_name (Case *self, const char *expected, const NtsKeOffer *offer)
{
  const char *name = strstr (expected, "resolve as ");
  if (name == NULL)
    return;

  name += strlen ("resolve as ");
  gsize length = strcspn (name, " ,;");
  g_autofree char *absolute =
      g_strconcat (offer->server, g_str_has_suffix (offer->server, ".") ? "" : ".", NULL);
  g_autofree char *wanted = g_strndup (name, length);
  if (!g_str_has_suffix (wanted, "."))
    absolute[strlen (absolute) - 1] = '\0';
  if (g_ascii_strcasecmp (absolute, wanted) != 0)
    case_fault (self, "resolved as %s", absolute);
}

/* "error N": the code must have been understood. */
static void
compare_error_code (Case *self, const char *expected, NtpReason reason)
{
  static const NtpReason reasons[] = { NTP_REASON_KE_ERROR_UNRECOGNIZED_CRITICAL,
                                       NTP_REASON_KE_ERROR_BAD_REQUEST,
                                       NTP_REASON_KE_ERROR_INTERNAL };
  const char *code = strstr (expected, "error ");

  if (code == NULL || !g_ascii_isdigit (code[strlen ("error ")]))
    return;
  guint64 number = g_ascii_strtoull (code + strlen ("error "), NULL, 10);
  NtpReason wanted = number < G_N_ELEMENTS (reasons) ? reasons[number] : NTP_REASON_KE_ERROR_OTHER;
  if (reason != wanted)
    case_fault (self, "refused as %s instead of %s", ntp_reason_name (reason),
                ntp_reason_name (wanted));
}

static void
judge_expected (Case *self, GBytes *octets, const char *expected)
{
  static NtsKeResponse response;
  NtpReason reason = judge_response (self, octets, &response);
  if (reason == NTP_REASON_NONE)
    reason = judge_server (nts_ke_response_offer (&response));

  switch (understand (expected))
    {
    case EXPECT_ACCEPT:
      if (reason != NTP_REASON_NONE)
        case_fault (self, "refused as %s, expected \"%s\"", ntp_reason_name (reason), expected);
      break;
    case EXPECT_REFUSE:
      if (reason == NTP_REASON_NONE)
        case_fault (self, "accepted, expected \"%s\"", expected);
      compare_error_code (self, expected, reason);
      break;
    case EXPECT_EITHER:
      break;
    case EXPECT_UNKNOWN:
    default:
      case_fault (self, "unknown expectation \"%s\"", expected);
      break;
    }
  if (reason == NTP_REASON_NONE)
    {
      compare_offer (self, octets, nts_ke_response_offer (&response));
      compare_name (self, expected, nts_ke_response_offer (&response));
    }
}

static void
judge_hand_made (Tally *tally, JsonObject *object, guint index)
{
  Case self;

  case_begin_object (&self, tally, "ke.json: responses", object, index);
  g_autoptr (GBytes) octets = case_octets (&self, object, "response");
  const char *expected = case_text (&self, object, "expect");
  if (octets != NULL && expected != NULL)
    judge_expected (&self, octets, expected);
  case_end (&self);
}

/* Real answers have no expectation written beside them: the second reading is it. Where they lead
 * is not judged, since the server was on loopback. */
void
judge_ke_answer (Case *self, GBytes *octets)
{
  static NtsKeResponse response;
  KeReading reading;
  NtpReason reason = judge_response (self, octets, &response);

  ke_reading_init (&reading, octets);
  if (ke_reading_acceptable (&reading) != (reason == NTP_REASON_NONE))
    case_fault (self, "%s", reason == NTP_REASON_NONE ? "accepted" : ntp_reason_name (reason));
  ke_reading_clear (&reading);
  if (reason == NTP_REASON_NONE)
    compare_offer (self, octets, nts_ke_response_offer (&response));
}

static void
judge_real (Tally *tally, const char *list, JsonObject *object, guint index)
{
  Case self;
  g_autofree char *file = g_strdup_printf ("ke.json: %s", list);

  case_begin_object (&self, tally, file, object, index);
  g_autoptr (GBytes) octets = case_octets (&self, object, "response");
  if (octets != NULL)
    judge_ke_answer (&self, octets);
  case_end (&self);
}

void
judge_ke (Tally *tally, JsonNode *root)
{
  JsonObject *object = node_object (root);
  JsonObjectIter lists;
  const char *list;
  JsonNode *node;

  if (object == NULL)
    {
      tally_malformed (tally, "ke.json", "not an object");
      return;
    }
  json_object_iter_init (&lists, object);
  while (json_object_iter_next (&lists, &list, &node))
    {
      JsonArray *cases = node_array (node);
      gboolean hand_made = g_str_equal (list, "responses");
      if (cases == NULL && (hand_made || !JSON_NODE_HOLDS_VALUE (node)))
        tally_malformed (tally, "ke.json", list);
      for (guint i = 0; cases != NULL && i < json_array_get_length (cases); i++)
        {
          JsonObject *one = node_object (json_array_get_element (cases, i));
          if (hand_made)
            judge_hand_made (tally, one, i);
          else
            judge_real (tally, list, one, i);
        }
    }
}
