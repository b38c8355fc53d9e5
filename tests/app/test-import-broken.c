/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What other programs' files are read as when they are broken in every way: 2000 times a good one,
 * changed in a few places, always the same ones. */

#include "import.h"

#include "../dice.h"

#include <glib/gstdio.h>
#include <string.h>

static guint64 state;

static guint
draw (guint below)
{
  return dice_draw (&state, below);
}

static void
break_text (GString *text)
{
  static const char *const PIECES[] = { "\"", "'",    "\"\"\"", "[",         "]]",      "\n",
                                        "\\", "=",    "nts ",   "#",         "server ", "ca ",
                                        ":",  "\xff", "\x01",   "include /", "*" };
  guint n = 1 + draw (6);

  while (n-- > 0 && text->len > 0)
    {
      gsize at = draw ((guint) text->len);
      gsize length;

      switch (draw (4))
        {
        case 0:
          length = 1 + draw (40);
          g_string_erase (text, (gssize) at, (gssize) MIN (text->len - at, length));
          break;
        case 1:
          g_string_insert (text, (gssize) at, PIECES[draw (G_N_ELEMENTS (PIECES))]);
          break;
        case 2:
          text->str[at] = (char) draw (256);
          break;
        default:
          g_string_truncate (text, at);
          break;
        }
    }
}

/* What is accepted is sound whatever was read. */
static void
assert_sound (GPtrArray *entries)
{
  g_assert_cmpuint (entries->len, <=, 1000);
  for (guint i = 0; i < entries->len; i++)
    {
      const ImportEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *notes = import_entry_notes (entry);

      g_assert_true (g_utf8_validate (entry->text, -1, NULL));
      g_assert_null (strchr (entry->text, '\n'));
      g_assert_true ((entry->notes == 0) == (entry->verdict == IMPORT_TAKEN));
      g_assert_true (*notes || entry->verdict == IMPORT_TAKEN);
      if (entry->verdict == IMPORT_LEFT)
        continue;
      g_assert_true (*entry->host && g_utf8_validate (entry->host, -1, NULL));
      g_assert_cmpuint (entry->port, <=, 65535);
      g_assert_true (!entry->ca || g_path_is_absolute (entry->ca));
      g_assert_true (entry->nts || entry->notes & IMPORT_NOTED (IMPORT_NOTE_UNAUTHENTICATED));
    }
}

static void
anything_at_all_is_survived (void)
{
  static const char *const SAMPLES[IMPORT_N_FORMATS] = {
    "fedora/etc/chrony.conf",
    "ntpsec/etc/ntpsec/ntp.conf",
    "ntpd-rs/etc/ntpd-rs/ntp.toml",
    "timesyncd/etc/systemd/timesyncd.conf.d/50-site.conf",
  };
  g_autofree char *root = g_dir_make_tmp ("gnomon-import-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (root, "file", NULL);
  guint accepted = 0;

  state = G_GUINT64_CONSTANT (88172645463325252);
  for (guint i = 0; i < 2000; i++)
    {
      ImportFormat format = i % IMPORT_N_FORMATS;
      g_autofree char *path = g_build_filename (g_getenv ("SAMPLES"), SAMPLES[format], NULL);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *good = NULL;
      g_autoptr (GPtrArray) entries = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_get_contents (path, &good, NULL, NULL));
      g_string_assign (text, good);
      break_text (text);
      g_assert_true (g_file_set_contents (file, text->str, (gssize) text->len, NULL));
      entries = import_read (root, "/file", format, &error);
      g_assert_true ((entries != NULL) == (error == NULL));
      if (entries)
        assert_sound (entries);
      accepted += entries != NULL;
    }
  /* It was not all refused at the door. */
  g_assert_cmpuint (accepted, >, 1000);
  g_unlink (file);
  g_rmdir (root);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/import-broken/survived", anything_at_all_is_survived);

  return g_test_run ();
}
