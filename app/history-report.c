/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report for auditors: who kept the clock right, on whose word, and what happened to it. */

#include "history-export.h"

#include "certificate-words.h"
#include "format-date.h"
#include "format.h"
#include "history-words.h"

#include <glib/gi18n.h>
#include <math.h>

static const char STYLE[] =
    "body{font:11pt/1.4 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#222;"
    "background:#fff}"
    "h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}h3{font-size:1em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:start;vertical-align:top;padding:.3em .6em .3em 0;"
    "border-bottom:1px solid #ccc}"
    "code{font-size:.8em;overflow-wrap:anywhere}"
    "tr,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}"
    "@media print{body{margin:0;max-width:none}}";

/* Everything that is written passes here, so that no name can become a tag. */
static void
append_element (GString *html, const char *tag, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_string_append_printf (html, "<%s>%s</%s>", tag, escaped, tag);
}

static void
append_row (GString *html, const char *tag, const char *const *cells)
{
  g_string_append (html, "<tr>");
  for (; *cells; cells++)
    append_element (html, tag, *cells);
  g_string_append (html, "</tr>\n");
}

static const char *
text_of (GVariant *values, const char *key)
{
  const char *text = "";

  g_variant_lookup (values, key, "&s", &text);
  return text;
}

static void
append_summary (GString *html, const HistoryReport *report)
{
  HistorySummary summary = history_summarise (report->events, report->from);
  g_autofree char *largest = summary.largest > 0 ? format_precise (summary.largest, FALSE)
                                                 : g_strdup (C_ ("correction", "None"));
  g_autofree char *steps = g_strdup_printf ("%u", summary.steps);
  g_autofree char *slews = g_strdup_printf ("%u", summary.slews);
  g_autofree char *samples =
      g_strdup_printf ("%u", history_count_samples (report->samples, report->from));

  append_element (html, "h2", _ ("Summary"));
  g_string_append (html, "<table>\n");
  append_row (html, "td", (const char *const[]){ _ ("Largest Correction"), largest, NULL });
  append_row (html, "td", (const char *const[]){ _ ("Steps"), steps, NULL });
  append_row (html, "td", (const char *const[]){ _ ("Gentle Corrections"), slews, NULL });
  append_row (html, "td", (const char *const[]){ _ ("Authenticated Samples Kept"), samples, NULL });
  g_string_append (html, "</table>\n");
}

static void
append_servers (GString *html, const HistoryReport *report)
{
  append_element (html, "h2", _ ("Servers"));
  g_string_append (html, "<table>\n");
  append_row (html, "th",
              (const char *const[]){ _ ("Server"), _ ("Operator"), _ ("Country"),
                                     _ ("Authenticated"), NULL });
  for (gsize i = 0; i < g_variant_n_children (report->servers); i++)
    {
      g_autoptr (GVariant) server = g_variant_get_child_value (report->servers, i);
      gboolean authenticated = FALSE;

      g_variant_lookup (server, "authenticated", "b", &authenticated);
      append_row (html, "td",
                  (const char *const[]){ text_of (server, "host"), text_of (server, "operator"),
                                         text_of (server, "country"),
                                         authenticated ? _ ("Yes") : _ ("No"), NULL });
    }
  g_string_append (html, "</table>\n");
}

static void
append_events (GString *html, const HistoryReport *report)
{
  g_autoptr (GPtrArray) entries =
      history_read (report->events, HISTORY_FILTER_EVERYTHING, report->zone);

  append_element (html, "h2", _ ("What Happened to the Clock"));
  g_string_append (html, "<table>\n");
  append_row (
      html, "th",
      (const char *const[]){ _ ("When"), _ ("What"), _ ("By Whom and on Whose Word"), NULL });
  for (guint i = 0; i < entries->len; i++)
    {
      const HistoryEntry *entry = entries->pdata[i];
      g_autofree char *time = NULL;
      g_autofree char *title = NULL;
      g_autofree char *subtitle = NULL;

      if (entry->time < report->from)
        break;
      time = format_iso8601 (entry->since, report->zone);
      title = history_title (entry);
      subtitle = history_subtitle (entry);
      append_row (html, "td", (const char *const[]){ time, title, subtitle, NULL });
    }
  g_string_append (html, "</table>\n");
}

static void
append_certificate (GString *html, const Sighting *sighting, GTimeZone *zone)
{
  g_autofree char *first = format_date (sighting->time, zone);
  g_autofree char *begin = format_date (sighting->not_before, zone);
  g_autofree char *end = format_date (sighting->not_after, zone);
  /* Translators: the time that a certificate is valid. */
  g_autofree char *valid = g_strdup_printf (_ ("%s – %s"), begin, end);
  g_autofree char *fingerprint = format_fingerprint (sighting->sha256);

  append_row (html, "td",
              (const char *const[]){ first, words_for_sighting (sighting->kind), sighting->subject,
                                     sighting->issuer, valid, NULL });
  g_string_append (html, "<tr><td></td><td colspan=\"4\">");
  append_element (html, "code", fingerprint);
  g_string_append (html, "</td></tr>\n");
}

static void
append_certificates (GString *html, const HistoryReport *report)
{
  append_element (html, "h2", _ ("Certificates That Were Believed"));
  for (guint i = 0; i < report->hosts->len; i++)
    {
      g_autoptr (GArray) sightings = certificate_history_read (report->ledgers->pdata[i]);

      append_element (html, "h3", report->hosts->pdata[i]);
      g_string_append (html, "<table>\n");
      append_row (html, "th",
                  (const char *const[]){ _ ("First Seen"), C_ ("of a certificate", "Change"),
                                         _ ("Issued To"), _ ("Issued By"), _ ("Valid"), NULL });
      for (guint j = 0; j < sightings->len; j++)
        {
          const Sighting *sighting = &g_array_index (sightings, Sighting, j);
          if (sighting->kind != SIGHTING_SAME)
            append_certificate (html, sighting, report->zone);
        }
      g_string_append (html, "</table>\n");
    }
}

char *
history_to_report (const HistoryReport *report)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n");
  g_autofree char *from = format_date (report->from, report->zone);
  g_autofree char *to = format_date (report->now, report->zone);
  g_autofree char *made = format_iso8601 (report->now, report->zone);
  g_autofree char *period = g_strdup_printf (_ ("From %s to %s"), from, to);
  g_autofree char *foot =
      g_strdup_printf (_ ("Written by Gnomon %s on %s on the computer “%s”. "
                          "Offsets and corrections are positive where the clock "
                          "was slow."),
                       GNOMON_VERSION, made, g_get_host_name ());

  append_element (html, "title", _ ("Report on the Clock"));
  append_element (html, "style", STYLE);
  g_string_append (html, "\n</head>\n<body>\n");
  append_element (html, "h1", _ ("Report on the Clock"));
  append_element (html, "p", period);
  append_summary (html, report);
  append_servers (html, report);
  append_events (html, report);
  append_certificates (html, report);
  append_element (html, "p", foot);
  g_string_append (html, "\n</body>\n</html>\n");
  return g_string_free (html, FALSE);
}
