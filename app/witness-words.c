/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "witness-words.h"

#include <glib/gi18n.h>

char *
words_for_share (guint part, guint all)
{
  /* Translators: part of a sentence: "2 of 3 servers". The plural is that of the second number. */
  return g_strdup_printf (ngettext ("%u of %u server", "%u of %u servers", all), part, all);
}

char *
words_for_operators (guint operators)
{
  /* Translators: part of a sentence, behind some servers: "3 of 3 servers, run by 2 operators". */
  return g_strdup_printf (ngettext ("run by %u operator", "run by %u operators", operators),
                          operators);
}

char *
words_for_witnesses (guint vouching, guint asked, guint operators)
{
  g_autofree char *servers = words_for_share (vouching, asked);
  g_autofree char *who = words_for_operators (operators);

  /* Translators: "3 of 3 servers, run by 2 operators". */
  return g_strdup_printf (C_ ("witnesses", "%s, %s"), servers, who);
}

char *
words_for_vouching (guint vouching, guint asked)
{
  g_autofree char *servers = words_for_share (vouching, asked);

  /* Translators: "3 of 3 servers vouch for it"; the plural is that of the servers that do. */
  return g_strdup_printf (ngettext ("%s vouches for it", "%s vouch for it", vouching), servers);
}
