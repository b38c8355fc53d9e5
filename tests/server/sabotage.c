/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sabotage.h"

static const Sabotage *const tables[] = { sabotages_of_key_exchange, sabotages_of_replies,
                                          sabotages_of_time };

static const char *const expectations[] = {
  [ACCEPT] = "accept",           [EITHER] = "either",
  [NO_KEYS] = "no-keys",         [DROP] = "drop",
  [NO_SAMPLE] = "no-sample",     [NOT_CHOSEN] = "not-chosen",
  [FALSETICKER] = "falseticker", [TOO_FAR] = "too-far"
};

const Sabotage *
sabotage_find (const char *text)
{
  guint64 number = g_ascii_strtoull (text, NULL, 10);
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const Sabotage *s = tables[t]; s->number != 0; s++)
      if (s->number == number || g_str_equal (s->name, text))
        return s;
  return NULL;
}

void
sabotage_list (void)
{
  const char *separator = "[";
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const Sabotage *s = tables[t]; s->number != 0; s++, separator = ",")
      g_print ("%s\n{\"number\":%u,\"name\":\"%s\",\"expect\":\"%s\",\"reasons\":\"%s\"}",
               separator, s->number, s->name, expectations[s->expect],
               s->reasons != NULL ? s->reasons : "");
  g_print ("\n]\n");
}
