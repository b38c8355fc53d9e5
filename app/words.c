/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "words.h"

#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  const char *name;
  const char *words;
} Words;

/* One line per reason of helper/core/ntp-reason.h, in its order. */
static const Words REASONS[] = {
  { "name-not-found", N_ ("no keys: there is no server of this name") },
  { "name-lookup-failed", N_ ("no keys: its name could not be looked up") },
  { "network-unreachable", N_ ("no keys: the network does not lead to it") },
  { "connection-refused", N_ ("no keys: it refuses connections") },
  { "connection-closed", N_ ("no keys: it closed the connection") },
  { "ke-timeout", N_ ("no keys: it did not answer in time") },
  { "tls-failed", N_ ("no keys: no secure connection came about") },
  { "tls-version", N_ ("no keys: it does not speak TLS 1.3") },
  { "tls-no-ntske", N_ ("no keys: it does not offer secure time") },
  { "certificate-invalid", N_ ("no keys: its certificate is invalid") },
  { "certificate-untrusted", N_ ("no keys: nobody trusted has issued its certificate") },
  { "certificate-wrong-name", N_ ("no keys: its certificate is made out to another name") },
  { "certificate-wrong-purpose", N_ ("no keys: its certificate is not made for servers") },
  { "certificate-expired", N_ ("no keys: the certificate ran out") },
  { "certificate-not-yet-valid", N_ ("no keys: its certificate is not valid yet") },
  { "certificate-other-issuer",
    N_ ("no keys: its certificate is from another issuer than before") },
  { "certificate-other-key", N_ ("no keys: its certificate has another key than before") },
  { "ca-file-unreadable", N_ ("no keys: the file with its certificate authority cannot be read") },
  { "ke-truncated", N_ ("no keys: its response ended too early") },
  { "ke-too-long", N_ ("no keys: its response is too long") },
  { "ke-trailing-data", N_ ("no keys: its response goes on after its end") },
  { "ke-end-malformed", N_ ("no keys: its response ends in a wrong way") },
  { "ke-not-critical", N_ ("no keys: a part of its response is not marked as it must be") },
  { "ke-unknown-critical-record", N_ ("no keys: its response demands something unknown") },
  { "ke-duplicate-record", N_ ("no keys: its response says something twice") },
  { "ke-record-malformed", N_ ("no keys: a part of its response is malformed") },
  { "ke-no-next-protocol", N_ ("no keys: its response names no protocol") },
  { "ke-no-common-protocol", N_ ("no keys: it does not offer this version of NTP") },
  { "ke-protocol-not-offered", N_ ("no keys: it chose a protocol that was not offered") },
  { "ke-no-aead", N_ ("no keys: its response names no algorithm") },
  { "ke-no-common-aead", N_ ("no keys: it has no algorithm in common with us") },
  { "ke-aead-not-offered", N_ ("no keys: it chose an algorithm that was not offered") },
  { "ke-no-cookie", N_ ("no keys: it gave no cookie that can be used") },
  { "ke-server-malformed", N_ ("no keys: it names an impossible time server") },
  { "ke-server-refused", N_ ("no keys: it names a time server that must not be asked") },
  { "ke-port-malformed", N_ ("no keys: it names an impossible port") },
  { "ke-error-unrecognized-critical", N_ ("no keys: it does not know a part of our request") },
  { "ke-error-bad-request", N_ ("no keys: it calls our request bad") },
  { "ke-error-internal", N_ ("no keys: it reports a fault of its own") },
  { "ke-error-other", N_ ("no keys: it reports a fault that it does not name") },
  { "ke-warning", N_ ("no keys: it sent a warning that nobody knows") },
  { "key-export-failed", N_ ("no keys: they could not be drawn from the connection") },
  { "packet-length", N_ ("answer refused: wrong length") },
  { "packet-version", N_ ("answer refused: wrong version") },
  { "packet-mode", N_ ("answer refused: not the answer of a server") },
  { "packet-unexpected", N_ ("answer refused: nothing was asked") },
  { "packet-late", N_ ("answer refused: it came too late") },
  { "origin-mismatch", N_ ("answer refused: it belongs to another question") },
  { "field-malformed", N_ ("answer refused: a part is malformed") },
  { "unique-id-missing", N_ ("answer refused: it does not say which question it answers") },
  { "unique-id-mismatch", N_ ("answer refused: it answers another question") },
  { "unique-id-repeated", N_ ("answer refused: it names its question twice") },
  { "not-authenticated", N_ ("answers without proof: someone may be in between") },
  { "authenticator-malformed", N_ ("answer refused: its proof is malformed") },
  { "authenticator-not-last", N_ ("answer refused: something follows its proof") },
  { "authentication-failed", N_ ("answers with a false proof: someone may be in between") },
  { "encrypted-field-malformed", N_ ("answer refused: its encrypted part is malformed") },
  { "too-many-forgeries", N_ ("too many false answers: someone may be in between") },
  { "kiss-ntsn", N_ ("has forgotten our keys: new ones are fetched") },
  { "kiss-rate", N_ ("asked us to come back later") },
  { "kiss-deny", N_ ("refuses to serve us") },
  { "kiss-rstr", N_ ("refuses to serve us") },
  { "kiss-unknown", N_ ("refuses to answer and does not say why") },
  { "server-unsynchronised", N_ ("does not know the time itself") },
  { "stratum", N_ ("does not know the time itself") },
  { "timestamp-missing", N_ ("answer refused: it holds no time") },
  { "server-times-disordered", N_ ("answer refused: its times contradict one another") },
  { "root-distance", N_ ("too uncertain to help") },
  { "precision", N_ ("answer refused: its clock is too coarse") },
  { "delay-too-large", N_ ("too far away to help") },
  { "clock-changed-meanwhile", N_ ("answer dropped: the clock was set meanwhile") },
  { "no-samples", N_ ("waiting for the first answer") },
  { "no-reply", N_ ("no answer") },
  { "distant", N_ ("too far away to help") },
  { "falseticker", N_ ("not believed: it disagrees with the others") },
  { "loop", N_ ("not used: it takes its time from this computer") },
  { "duplicate", N_ ("not used: the same server as another in the list") },
  { "not-trusted", N_ ("not authenticated: compared, never believed") },
  { "no-servers", N_ ("there is no server to ask") },
  { "no-quorum", N_ ("not enough servers agree about the time") },
  { "few-servers", N_ ("fewer servers than recommended") },
  { "few-operators", N_ ("fewer operators than recommended") },
  { "change-too-large", N_ ("the change is so large that a person must decide") },
  { "change-rejected", N_ ("somebody has decided to keep the clock as it is") },
  { "dates-unchecked",
    N_ ("the dates of certificates can be checked only when the clock is right") },
  { "clock-failed", N_ ("the computer refused to have its clock set") },
  { "cancelled", N_ ("cancelled") },
  { "automatic-off", N_ ("automatic correction is off") },
  { "other-service", N_ ("another time service keeps the clock") },
};

static const Words LEAPS[] = {
  { "none", N_ ("None announced") },
  { "insert", N_ ("One more second today") },
  { "delete", N_ ("One second less today") },
  { "unknown", N_ ("Not known") },
};

static const Words SELECTIONS[] = {
  { "system-peer", N_ ("System peer (*)") }, { "candidate", N_ ("Candidate (+)") },
  { "outlier", N_ ("Outlier (−)") },         { "falseticker", N_ ("Falseticker (x)") },
  { "unsynchronised", N_ ("Has no time") },  { "distant", N_ ("Too distant") },
  { "no-samples", N_ ("No samples") },       { "not-used", N_ ("Not used") },
};

static const Words STATES[] = {
  { "off", N_ ("Off") },
  { "starting", N_ ("Starting") },
  { "synchronised", N_ ("Synchronised") },
  { "holdover", N_ ("Holding over") },
  { "unsynchronised", N_ ("Not synchronised") },
  { "needs-decision", N_ ("Decision needed") },
};

static const char *
look_up (const Words *table, gsize n, const char *name, const char *otherwise)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (table[i].name, name))
      return _ (table[i].words);
  return otherwise;
}

const char *
words_for_reason (const char *name)
{
  return *name ? look_up (REASONS, G_N_ELEMENTS (REASONS), name, NULL) : "";
}

const char *
words_for_leap (const char *name)
{
  return look_up (LEAPS, G_N_ELEMENTS (LEAPS), name, name);
}

const char *
words_for_state (const char *name)
{
  return look_up (STATES, G_N_ELEMENTS (STATES), name, name);
}

const char *
words_for_selection (const char *name)
{
  return look_up (SELECTIONS, G_N_ELEMENTS (SELECTIONS), name, name);
}

char
words_tally (const char *selection)
{
  if (g_str_equal (selection, "system-peer"))
    return '*';
  if (g_str_equal (selection, "candidate"))
    return '+';
  if (g_str_equal (selection, "outlier"))
    return '-';
  return g_str_equal (selection, "falseticker") ? 'x' : ' ';
}

static gboolean
vouches (const ServerFacts *server)
{
  return g_str_equal (server->selection, "system-peer")
         || g_str_equal (server->selection, "candidate");
}

static char *
certificate_words (gint64 expired_usec, gint64 now)
{
  static SpanPhrases PHRASES = {
    { NG_ ("no keys: the certificate ran out %u second ago",
           "no keys: the certificate ran out %u seconds ago") },
    { NG_ ("no keys: the certificate ran out %u minute ago",
           "no keys: the certificate ran out %u minutes ago") },
    { NG_ ("no keys: the certificate ran out %u hour ago",
           "no keys: the certificate ran out %u hours ago") },
    { NG_ ("no keys: the certificate ran out %u day ago",
           "no keys: the certificate ran out %u days ago") },
  };
  return format_span (PHRASES, (now - expired_usec) / G_USEC_PER_SEC);
}

static char *
silence_words (gint64 last_usec, gint64 now)
{
  static SpanPhrases PHRASES = {
    { NG_ ("no answer for %u second", "no answer for %u seconds") },
    { NG_ ("no answer for %u minute", "no answer for %u minutes") },
    { NG_ ("no answer for %u hour", "no answer for %u hours") },
    { NG_ ("no answer for %u day", "no answer for %u days") },
  };
  return format_span (PHRASES, (now - last_usec) / G_USEC_PER_SEC);
}

static char *
words_for_trouble (const ServerFacts *server, gint64 now, const char *otherwise)
{
  const char *reason = words_for_reason (server->reason);

  if (g_str_equal (server->reason, "certificate-expired") && server->certificate_not_after > 0
      && server->certificate_not_after < now)
    return certificate_words (server->certificate_not_after, now);
  if (g_str_equal (server->reason, "no-reply") || !*server->reason)
    return server->last_sample > 0 ? silence_words (server->last_sample, now)
                                   : g_strdup (otherwise);
  /* A newer helper may know more reasons. */
  return g_strdup (reason ? reason : server->reason);
}

static char *
words_for_polling (const ServerFacts *server, double clock_offset, gint64 now)
{
  double away = fabs (server->offset - clock_offset);
  g_autofree char *amount = NULL;

  if (vouches (server))
    return g_strdup (server->nts ? _ ("vouches for the time")
                                 : _ ("believed without proof, by your administrator’s will"));
  if (!server->nts)
    return g_strdup (_ ("not authenticated: compared, never believed"));
  if (g_str_equal (server->selection, "falseticker") && isfinite (away))
    {
      amount = format_amount (away);
      return g_strdup_printf (_ ("not believed: %s away from the others"), amount);
    }
  if (g_str_equal (server->selection, "falseticker"))
    return g_strdup (words_for_reason ("falseticker"));
  if (g_str_equal (server->selection, "distant"))
    return g_strdup (words_for_reason ("distant"));
  if (g_str_equal (server->selection, "unsynchronised"))
    return g_strdup (words_for_reason ("server-unsynchronised"));
  if (*server->reason)
    return words_for_trouble (server, now, words_for_reason ("no-reply"));
  if (g_str_equal (server->selection, "no-samples"))
    return g_strdup (words_for_reason ("no-samples"));
  return g_strdup (_ ("not needed now"));
}

char *
words_for_server (const ServerFacts *server, double clock_offset, gint64 now)
{
  if (g_str_equal (server->state, "resolving"))
    return g_strdup (_ ("looking up the address…"));
  if (g_str_equal (server->state, "key-exchange"))
    return g_strdup (_ ("getting keys…"));
  if (g_str_equal (server->state, "failed") || g_str_equal (server->state, "unreachable"))
    return words_for_trouble (server, now, _ ("no answer"));
  return words_for_polling (server, clock_offset, now);
}

char *
words_for_evidence (const ServerFacts *server, guint others)
{
  if (!server->nts && *server->selection)
    return g_strdup (_ ("Nothing proves that its answers are its own."));
  if (vouches (server) && others == 0)
    return g_strdup (_ ("Its answers are authenticated. No other server agrees with them yet."));
  if (vouches (server))
    return g_strdup_printf (
        ngettext ("Its answers are authenticated and agree with the %u other server.",
                  "Its answers are authenticated and agree with the %u other servers.", others),
        others);
  if (g_str_equal (server->selection, "falseticker"))
    return g_strdup (_ ("Its answers are authenticated, but the time in them is another one."));
  if (server->authenticated)
    return g_strdup (_ ("Its answers are authenticated, but the clock does not follow them."));
  return NULL;
}

Seal
seal_for_server (const ServerFacts *server)
{
  gboolean no_samples = g_str_equal (server->selection, "no-samples");

  if (g_str_equal (server->state, "failed") || g_str_equal (server->state, "unreachable"))
    return SEAL_WARNING;
  if (vouches (server))
    return SEAL_RIGHT;
  if (g_str_equal (server->selection, "falseticker"))
    return SEAL_NOT_TRUSTED;
  if (g_str_equal (server->state, "resolving") || g_str_equal (server->state, "key-exchange"))
    return SEAL_SYNCHRONISING;
  if (no_samples)
    return *server->reason ? SEAL_WARNING : SEAL_SYNCHRONISING;
  return SEAL_OFF;
}

/* The translations are those of the iso-codes package, if that is installed. */
const char *
words_for_country (const char *country)
{
  return *country ? g_dgettext ("iso_3166", country) : "";
}

char *
words_for_operator (const ServerFacts *server)
{
  if (!*server->operator_name || !*server->country)
    return g_strconcat (server->operator_name, words_for_country (server->country), NULL);
  /* Translators: who runs a server, and where: "PTB, Germany". */
  return g_strdup_printf (_ ("%s, %s"), server->operator_name, words_for_country (server->country));
}

char *
words_for_cookies (int cookies)
{
  if (cookies < 0)
    return NULL;
  return g_strdup_printf (
      /* Translators: how many cookies are left, and of how many, which is always 8. The plural is
       * that of the first number. */
      ngettext ("%d of %d cookies", "%d of %d cookies", (gulong) cookies), cookies,
      SERVER_MAX_COOKIES);
}

char *
words_for_answers (int reach)
{
  guint answered = 0;

  for (int i = 0; i < 8; i++)
    answered += reach >> i & 1;
  return g_strdup_printf (
      /* Translators: how many of the last questions were answered, and of how many, which is always
       * 8. The plural is that of the first number. */
      ngettext ("%u of %d answers", "%u of %d answers", answered), answered, 8);
}
