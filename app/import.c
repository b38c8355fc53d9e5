/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "import.h"

#include "catalogue.h"
#include "import-lines.h"

#include <string.h>

G_DEFINE_QUARK (gnomon - import - error - quark, import_error)

static gboolean (*const READERS[IMPORT_N_FORMATS]) (ImportReader *, const char *, GError **) = {
  [IMPORT_CHRONY] = import_chrony,
  [IMPORT_NTPD] = import_ntpd,
  [IMPORT_NTPD_RS] = import_ntpd_rs,
  [IMPORT_TIMESYNCD] = import_timesyncd,
};

/* Of each program the first that is there. */
static const ImportFile PLACES[] = {
  { IMPORT_CHRONY, (char *) "/etc/chrony/chrony.conf" },
  { IMPORT_CHRONY, (char *) "/etc/chrony.conf" },
  { IMPORT_NTPD, (char *) "/etc/ntpsec/ntp.conf" },
  { IMPORT_NTPD, (char *) "/etc/ntp.conf" },
  { IMPORT_NTPD_RS, (char *) "/etc/ntpd-rs/ntp.toml" },
  { IMPORT_NTPD_RS, (char *) "/etc/ntp.toml" },
  { IMPORT_TIMESYNCD, (char *) "/etc/systemd/timesyncd.conf" },
  { IMPORT_TIMESYNCD, (char *) "/run/systemd/timesyncd.conf" },
  { IMPORT_TIMESYNCD, (char *) "/usr/local/lib/systemd/timesyncd.conf" },
  { IMPORT_TIMESYNCD, (char *) "/usr/lib/systemd/timesyncd.conf" },
};

GPtrArray *
import_read (const char *root, const char *path, ImportFormat format, GError **error)
{
  g_auto (ImportReader) reader;

  g_return_val_if_fail (format < IMPORT_N_FORMATS, NULL);
  import_reader_init (&reader, root);
  return READERS[format](&reader, path, error) ? g_steal_pointer (&reader.entries) : NULL;
}

/* ---- Which format ---- */

static gboolean
guess_by_name (const char *path, ImportFormat *format)
{
  g_autofree char *name = g_path_get_basename (path);

  if (g_str_has_suffix (name, ".toml"))
    *format = IMPORT_NTPD_RS;
  else if (g_str_has_suffix (name, ".sources") || g_str_has_prefix (name, "chrony"))
    *format = IMPORT_CHRONY;
  else if (g_str_has_prefix (name, "timesyncd") || strstr (path, "timesyncd.conf.d/"))
    *format = IMPORT_TIMESYNCD;
  else if (g_str_has_prefix (name, "ntp"))
    *format = IMPORT_NTPD;
  else
    return FALSE;
  return TRUE;
}

/* What only one of them has. */
static ImportFormat
guess_by_text (const char *text)
{
  static const struct
  {
    const char *word;
    ImportFormat format;
  } MARKS[] = {
    { "[[source]]", IMPORT_NTPD_RS },  { "[Time]", IMPORT_TIMESYNCD },
    { "\nrestrict ", IMPORT_NTPD },    { "\nstatsdir ", IMPORT_NTPD },
    { "\nfilegen ", IMPORT_NTPD },     { "\ntos ", IMPORT_NTPD },
    { " nts ca ", IMPORT_NTPD },       { "\nnts ", IMPORT_NTPD },
    { "\nincludefile ", IMPORT_NTPD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (MARKS); i++)
    if (strstr (text, MARKS[i].word) || g_str_has_prefix (text, MARKS[i].word + 1))
      return MARKS[i].format;
  return IMPORT_CHRONY;
}

gboolean
import_guess_format (const char *root, const char *path, ImportFormat *format, GError **error)
{
  g_auto (ImportReader) reader;
  g_autofree char *text = NULL;

  import_reader_init (&reader, root);
  text = import_reader_load (&reader, path, error);
  if (!text)
    return FALSE;
  if (!guess_by_name (path, format))
    *format = guess_by_text (text);
  return TRUE;
}

/* ---- What is on this computer ---- */

static void
import_file_free (gpointer data)
{
  ImportFile *file = data;

  g_free (file->path);
  g_free (file);
}

static gboolean
is_found (GPtrArray *files, ImportFormat format)
{
  for (guint i = 0; i < files->len; i++)
    if (((const ImportFile *) g_ptr_array_index (files, i))->format == format)
      return TRUE;
  return FALSE;
}

GPtrArray *
import_find (const char *root)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (import_file_free);
  g_auto (ImportReader) reader;

  import_reader_init (&reader, root);
  for (guint i = 0; i < G_N_ELEMENTS (PLACES); i++)
    {
      ImportFile *file;
      gboolean folder;

      if (is_found (files, PLACES[i].format)
          || !import_reader_exists (&reader, PLACES[i].path, &folder) || folder)
        continue;
      file = g_new0 (ImportFile, 1);
      file->format = PLACES[i].format;
      file->path = g_strdup (PLACES[i].path);
      g_ptr_array_add (files, file);
    }
  return files;
}

/* ---- What the catalogue knows ---- */

static const CatalogueEntry *
look_up (GPtrArray *catalogue, const char *host)
{
  for (guint i = 0; i < catalogue->len; i++)
    {
      const CatalogueEntry *known = g_ptr_array_index (catalogue, i);
      if (g_ascii_strcasecmp (known->host, host) == 0)
        return known;
    }
  return NULL;
}

void
import_consult (GPtrArray *entries, GPtrArray *catalogue)
{
  for (guint i = 0; i < entries->len; i++)
    {
      ImportEntry *entry = g_ptr_array_index (entries, i);
      const CatalogueEntry *known =
          entry->verdict == IMPORT_LEFT ? NULL : look_up (catalogue, entry->host);

      if (!known)
        continue;
      g_free (entry->operator_name);
      entry->operator_name = g_strdup (known->operator_name);
      g_free (entry->country);
      entry->country = *known->country ? g_strdup (known->country) : NULL;
      if (entry->nts)
        continue;
      entry->nts = TRUE;
      entry->port = known->port;
      entry->notes &=
          ~(IMPORT_NOTED (IMPORT_NOTE_UNAUTHENTICATED) | IMPORT_NOTED (IMPORT_NOTE_KEY));
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_WITH_NTS);
    }
}

GVariant *
import_entry_options (const ImportEntry *entry)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "nts", "b", entry->nts);
  if (entry->nts && entry->port > 0)
    g_variant_dict_insert (&options, "port", "q", (guint16) entry->port);
  if (!entry->nts && entry->ntp_port > 0)
    g_variant_dict_insert (&options, "ntp-port", "q", (guint16) entry->ntp_port);
  if (entry->nts && entry->ca)
    g_variant_dict_insert (&options, "ca", "s", entry->ca);
  if (entry->operator_name)
    g_variant_dict_insert (&options, "operator", "s", entry->operator_name);
  if (entry->country)
    g_variant_dict_insert (&options, "country", "s", entry->country);
  return g_variant_dict_end (&options);
}
