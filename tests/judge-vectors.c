/* SPDX-License-Identifier: GPL-3.0-or-later */

/* judge-vectors DIRECTORY: judges the core by all files of test vectors in a directory; see
 * vectors/README.md for their names. Prints a line for each case that differs, and how many passed
 * and failed. Exits with 0 when all passed. */

#include "judge/tally.h"

#define DEEPEST 64 /* nesting of a file; the parser's own stack is not to be trusted with more */

static const struct
{
  const char *file;
  void (*judge) (Tally *tally, JsonNode *root);
} files[] = {
  { "siv.json", judge_siv },
  { "gcmsiv.json", judge_gcm_siv },
  { "ke.json", judge_ke },
  { "ntp_exchanges.json", judge_exchanges },
  { "crafted_replies.json", judge_replies },
};

static gboolean
is_too_deep (const char *text, gsize length)
{
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    if (text[i] == '[' || text[i] == '{')
      {
        if (++depth > DEEPEST)
          return TRUE;
      }
    else if ((text[i] == ']' || text[i] == '}') && depth > 0)
      depth--;
  return FALSE;
}

/* FALSE when there is no such file. */
static gboolean
judge_file (Tally *tally, const char *directory, guint index)
{
  const char *file = files[index].file;
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;
  if (!g_file_get_contents (path, &text, &length, &error))
    tally_malformed (tally, file, error->message);
  else if (!g_utf8_validate_len (text, length, NULL) || is_too_deep (text, length))
    tally_malformed (tally, file, "not UTF-8, or nested too deeply");
  else if (!json_parser_load_from_data (parser, text, (gssize) length, &error))
    tally_malformed (tally, file, error->message);
  else
    files[index].judge (tally, json_parser_get_root (parser));
  return TRUE;
}

int
main (int argc, char *argv[])
{
  Tally tally = { 0, 0 };
  gboolean found = FALSE;

  if (argc != 2)
    {
      g_printerr ("Usage: judge-vectors DIRECTORY\n");
      return 2;
    }
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    found = judge_file (&tally, argv[1], i) || found;
  if (!found)
    tally_malformed (&tally, argv[1], "no file of vectors in it");
  g_print ("%u passed, %u failed\n", tally.passed, tally.failed);
  return tally.failed == 0 ? 0 : 1;
}
