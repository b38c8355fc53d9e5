/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the entries of an import are to be, in a table. */

#pragma once

#include "import.h"

#define N(name) IMPORT_NOTED (IMPORT_NOTE_##name)

typedef struct
{
  guint line;
  ImportVerdict verdict;
  guint notes;
  const char *host; /* NULL = no server */
  gboolean nts;
  guint port; /* of the key exchange, or without NTS */
  const char *ca;
} Expected;

static inline void
check_all (GPtrArray *entries, const Expected *expected, guint n)
{
  for (guint i = 0; i < MIN (entries->len, n); i++)
    {
      const ImportEntry *entry = g_ptr_array_index (entries, i);

      g_test_message ("%s:%u: %s", entry->file, entry->line, entry->text);
      g_assert_cmpuint (entry->line, ==, expected[i].line);
      g_assert_cmpint (entry->verdict, ==, expected[i].verdict);
      g_assert_cmphex (entry->notes, ==, expected[i].notes);
      g_assert_cmpstr (entry->host, ==, expected[i].host);
      g_assert_cmpint (entry->nts, ==, expected[i].nts);
      g_assert_cmpuint (entry->nts ? entry->port : entry->ntp_port, ==, expected[i].port);
      if (entry->verdict != IMPORT_LEFT)
        g_assert_cmpstr (entry->ca, ==, expected[i].ca);
    }
  g_assert_cmpuint (entries->len, ==, n);
}
