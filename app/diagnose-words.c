/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "diagnose-words.h"

#include "certificate-words.h"
#include "format-date.h"
#include "format.h"
#include "words.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>

static const struct
{
  const char *name;
  const char *title;
} STEPS[DIAGNOSE_N_STEPS] = {
  { "resolve", N_ ("Find the Address") },
  { "connect", N_ ("Connect") },
  { "tls", N_ ("Secure the Connection") },
  { "certificate", N_ ("Check the Certificate") },
  { "keys", N_ ("Get Keys") },
  { "request", N_ ("Ask for the Time") },
  { "answer", N_ ("Check the Answer") },
};

const char *
diagnose_step_title (guint place)
{
  g_return_val_if_fail (place < DIAGNOSE_N_STEPS, "");
  return _ (STEPS[place].title);
}

/* ---- What a step holds ---- */

static const char *
text_of (GVariant *step, const char *key)
{
  const char *text = "";

  g_variant_lookup (step, key, "&s", &text);
  return text;
}

guint
diagnose_step_place (GVariant *step)
{
  const char *name = text_of (step, "step");
  guint place = 0;

  while (place < DIAGNOSE_N_STEPS && !g_str_equal (STEPS[place].name, name))
    place++;
  return place;
}

DiagnoseVerdict
diagnose_step_verdict (GVariant *step)
{
  const char *verdict = text_of (step, "verdict");

  if (g_str_equal (verdict, "passed"))
    return DIAGNOSE_PASSED;
  return g_str_equal (verdict, "failed") ? DIAGNOSE_FAILED : DIAGNOSE_NOT_REACHED;
}

double
diagnose_step_duration (GVariant *step)
{
  double duration = 0;

  g_variant_lookup (step, "duration", "d", &duration);
  return duration;
}

static char *
connect_evidence (GVariant *step)
{
  const char *address = text_of (step, "address");
  guint16 port;

  if (!*address || !g_variant_lookup (step, "port", "q", &port))
    return NULL;
  return g_strdup_printf (strchr (address, ':') ? _ ("%s, TCP port %u, by IPv6")
                                                : _ ("%s, TCP port %u, by IPv4"),
                          address, port);
}

static char *
certificate_evidence (GVariant *step, gint64 now)
{
  const char *issuer = text_of (step, "certificate-issuer");
  g_autofree char *name = words_for_issuer (issuer);
  gint64 end;
  gulong days;

  if (!*issuer || !g_variant_lookup (step, "certificate-not-after", "x", &end) || end < now)
    return NULL;
  days = (gulong) ((end - now) / G_TIME_SPAN_DAY);
  return g_strdup_printf (
      /* Translators: who issued a certificate, and how long it is valid. */
      ngettext ("%s, valid for %lu more day", "%s, valid for %lu more days", days), name, days);
}

static char *
keys_evidence (GVariant *step)
{
  const char *aead = text_of (step, "aead");
  g_autofree char *number = NULL;
  g_autofree char *size = NULL;
  guint cookies;
  guint length = 0;

  if (!*aead || !g_variant_lookup (step, "cookies", "u", &cookies))
    return NULL;
  g_variant_lookup (step, "cookie-length", "u", &length);
  number = g_strdup_printf (ngettext ("%u cookie", "%u cookies", cookies), cookies);
  /* Translators: behind a number of cookies: "8 cookies of 100 bytes". */
  size = g_strdup_printf (ngettext ("of %u byte", "of %u bytes", length), length);
  /* Translators: "8 cookies of 100 bytes, AES-SIV-CMAC-256"; the last is the name of a cipher. */
  return g_strdup_printf (C_ ("keys", "%s %s, %s"), number, size, aead);
}

static char *
request_evidence (GVariant *step)
{
  const char *address = text_of (step, "ntp-address");
  guint16 port;

  if (!*address || !g_variant_lookup (step, "ntp-port", "q", &port))
    return NULL;
  return g_strdup_printf (_ ("%s, UDP port %u"), address, port);
}

static char *
answer_evidence (GVariant *step)
{
  g_autofree char *offset = NULL;
  double value;
  guint8 stratum;

  if (!g_variant_lookup (step, "offset", "d", &value)
      || !g_variant_lookup (step, "stratum", "y", &stratum))
    return NULL;
  offset = format_offset (value);
  return g_strdup_printf (_ ("Authenticated, stratum %u, offset %s"), stratum, offset);
}

static char *
known_evidence (GVariant *step, gint64 now)
{
  switch (diagnose_step_place (step))
    {
    case 1:
      return connect_evidence (step);
    case 3:
      return certificate_evidence (step, now);
    case 4:
      return keys_evidence (step);
    case 5:
      return request_evidence (step);
    case 6:
      return answer_evidence (step);
    default:
      return NULL;
    }
}

char *
diagnose_step_evidence (GVariant *step, gint64 now)
{
  DiagnoseVerdict verdict = diagnose_step_verdict (step);
  const char *words = words_for_reason (text_of (step, "reason"));
  g_autofree char *known = NULL;

  if (verdict == DIAGNOSE_NOT_REACHED)
    return g_strdup (_ ("Not reached"));
  if (verdict == DIAGNOSE_FAILED && words && *words)
    return format_capitalised (words);
  known = verdict == DIAGNOSE_PASSED ? known_evidence (step, now) : NULL;
  return known ? g_steal_pointer (&known) : g_strdup (text_of (step, "evidence"));
}

/* ---- Why it failed ---- */

/* A name that ends in "*" stands for all that begin so; the first that fits counts. */
static const struct
{
  const char *reason;
  const char *sentences;
  DiagnoseAction action;
} ADVICE[] = {
  { "name-not-found",
    N_ ("There is no server of this name. It may be misspelled, or the server was given up."),
    DIAGNOSE_ACTION_EDIT_NAME },
  { "name-lookup-failed",
    N_ ("The name could not be looked up, because no name service answered. The network or its "
        "settings are the likely cause."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "network-unreachable",
    N_ ("The network does not lead to this server. Other servers are likely cut off too."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "connection-refused",
    N_ ("The computer of this name is there and refuses to hand out keys. It may be no server for "
        "secure time, or only asked on the wrong port."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "connection-closed",
    N_ ("The connection was closed before keys came. Something on the way may not let them "
        "through."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "ke-timeout",
    N_ ("Nothing came back in time. Most likely a firewall on the way drops what is sent to TCP "
        "port 4460. Other servers are likely cut off too."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "tls-failed",
    N_ ("No secure connection came about. Something on the way may open connections to read "
        "them."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "tls-*", N_ ("The server is there, but it does not hand out keys for secure time."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "certificate-expired",
    N_ ("The certificate ran out, and the operator has not renewed it. Nothing that this server "
        "says can be proven until that is done."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "certificate-not-yet-valid",
    N_ ("The certificate is valid from a later time on. Either the server or your clock is far "
        "off."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "certificate-wrong-name",
    N_ ("The certificate was made out to another name, so this may be another server than you "
        "think."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "certificate-untrusted",
    N_ ("Nobody that your system trusts has issued this certificate. Someone may be in between."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "certificate-other-*",
    N_ ("This is not the certificate that you hold this server to. Its operator may have renewed "
        "it. If not, someone is in between."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "certificate-*",
    N_ ("The certificate does not prove that this is the right server. Nothing it says can be "
        "believed."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "ca-file-unreadable",
    N_ ("The file with the certificate authority of this server cannot be read. It may have been "
        "moved, or the time service may not read it."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "key-export-failed", N_ ("Keys could not be drawn from the connection."),
    DIAGNOSE_ACTION_RUN_AGAIN },
  { "ke-error-*", N_ ("The server did not want to hand out keys."), DIAGNOSE_ACTION_OTHER_SERVER },
  { "ke-no-*", N_ ("The server and Gnomon have no way of protecting the time in common."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "ke-*",
    N_ ("What the server sent breaks the rules for handing out keys, so nothing of it was used."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "no-reply",
    N_ ("The server gave out keys, but no answer to a question about the time came back. Most "
        "likely a firewall on the way drops long packets on UDP port 123. Other servers are likely "
        "cut off too."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "not-authenticated",
    N_ ("An answer came, but without any proof. Someone on the way may answer in place of the "
        "server."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "authenti*",
    N_ ("An answer came, but its proof is false. Someone on the way may be changing answers."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "too-many-forgeries",
    N_ ("Many answers came with false proofs. Someone on the way is sending them."),
    DIAGNOSE_ACTION_COPY_NOTE },
  { "kiss-rate", N_ ("The server asks to be left alone for a while."), DIAGNOSE_ACTION_RUN_AGAIN },
  { "kiss-ntsn", N_ ("The server has forgotten the keys that it gave out a moment ago."),
    DIAGNOSE_ACTION_RUN_AGAIN },
  { "kiss-*", N_ ("The server refuses to serve you."), DIAGNOSE_ACTION_OTHER_SERVER },
  { "server-unsynchronised", N_ ("The server works, but does not know the time itself."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "stratum", N_ ("The server works, but does not know the time itself."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "root-distance", N_ ("The server works, but is too uncertain of the time to help."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "distant", N_ ("The server works, but is too far away to help."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "delay-too-large", N_ ("The answer took so long that it does not help."),
    DIAGNOSE_ACTION_OTHER_SERVER },
  { "clock-changed-meanwhile",
    N_ ("Your clock was set while the question was on its way, so the answer means nothing."),
    DIAGNOSE_ACTION_RUN_AGAIN },
  { "cancelled", N_ ("The test was ended before this step was."), DIAGNOSE_ACTION_RUN_AGAIN },
};

static gboolean
fits (const char *pattern, const char *reason)
{
  gsize length = strlen (pattern);

  if (pattern[length - 1] != '*')
    return g_str_equal (pattern, reason);
  return strncmp (pattern, reason, length - 1) == 0;
}

/* Before keys were given out, a page to sign in looks like any of many failures. */
static gboolean
is_portal (guint place, const char *connectivity)
{
  return g_str_equal (connectivity, "portal") && place <= 4;
}

char *
diagnose_explain (guint place, const char *reason, const char *connectivity, DiagnoseAction *action)
{
  const char *words;

  if (is_portal (place, connectivity))
    {
      *action = DIAGNOSE_ACTION_SIGN_IN;
      return g_strdup (_ ("This network lets nothing through before you sign in."));
    }
  for (guint i = 0; i < G_N_ELEMENTS (ADVICE); i++)
    if (fits (ADVICE[i].reason, reason))
      {
        *action = ADVICE[i].action;
        return g_strdup (_ (ADVICE[i].sentences));
      }
  *action = DIAGNOSE_ACTION_OTHER_SERVER;
  words = words_for_reason (reason);
  if (!words || !*words)
    return g_strdup (_ ("This step did not succeed, so nothing the server says was used."));
  /* Translators: why, in half a sentence: "answer refused: it came too late". */
  return g_strdup_printf (_ ("What came was not used: %s."), words);
}

const char *
diagnose_action_label (DiagnoseAction action)
{
  switch (action)
    {
    case DIAGNOSE_ACTION_COPY_NOTE:
      return _ ("Copy Note for Your Administrator");
    case DIAGNOSE_ACTION_OTHER_SERVER:
      return _ ("Choose Another Server");
    case DIAGNOSE_ACTION_EDIT_NAME:
      return _ ("Edit Name");
    case DIAGNOSE_ACTION_SIGN_IN:
      return _ ("Open Sign-In Page");
    case DIAGNOSE_ACTION_RUN_AGAIN:
    default:
      return _ ("Try Once More");
    }
}
