/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "certificate-words.h"

#include "format-date.h"

#include <glib/gi18n.h>
#include <string.h>

/* The end of the part that begins at @text: a comma that is not escaped, or the end. */
static const char *
end_of_part (const char *text)
{
  for (; *text && *text != ',' && *text != '+'; text++)
    if (*text == '\\' && text[1])
      text++;
  return text;
}

static char *
unescape (const char *text, const char *end)
{
  GString *plain = g_string_new (NULL);

  for (; text < end; text++)
    {
      if (*text == '\\' && text + 1 < end)
        text++;
      g_string_append_c (plain, *text);
    }
  return g_string_free (plain, FALSE);
}

/* The value of the first attribute of that name ("CN="), NULL if there is none. */
static char *
find_attribute (const char *name, const char *attribute)
{
  while (*name)
    {
      const char *end = end_of_part (name);

      if (g_str_has_prefix (name, attribute))
        return unescape (name + strlen (attribute), end);
      name = *end ? end + 1 : end;
    }
  return NULL;
}

char *
words_for_subject (const char *name)
{
  char *common = find_attribute (name, "CN=");
  return common ? common : g_strdup (name);
}

char *
words_for_issuer (const char *name)
{
  g_autofree char *common = find_attribute (name, "CN=");
  g_autofree char *organisation = find_attribute (name, "O=");

  if (!common || !organisation)
    return g_strdup (common ? common : organisation ? organisation : name);
  if (strstr (common, organisation))
    return g_steal_pointer (&common);
  /* An organisation, and which of its certificates: names, in the order in which they are said. */
  return g_strconcat (organisation, " ", common, NULL);
}

const char *
words_for_sighting (SightingKind kind)
{
  switch (kind)
    {
    case SIGHTING_SAME:
      return _ ("Same certificate");
    case SIGHTING_NEW_CERTIFICATE:
      return _ ("New certificate, same issuer");
    case SIGHTING_NEW_ISSUER:
      return _ ("New certificate, another issuer");
    case SIGHTING_FIRST:
    default:
      return _ ("First seen");
    }
}

char *
words_for_sighting_detail (const Sighting *sighting, GTimeZone *zone)
{
  g_autofree char *issuer = words_for_issuer (sighting->issuer);
  g_autofree char *end = NULL;

  if (sighting->kind == SIGHTING_SAME && *sighting->address)
    return g_strdup_printf (_ ("Key exchange with %s"), sighting->address);
  if (sighting->not_after <= 0)
    return g_steal_pointer (&issuer);
  end = format_date (sighting->not_after, zone);
  /* Translators: who issued a certificate, and until when it is valid. */
  return g_strdup_printf (_ ("%s, valid until %s"), issuer, end);
}
