/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counting verdicts on test vectors, and taking values out of a file that may be malformed in any
 * way: what is missing or of the wrong kind is a fault of the case, never the end of the run. */

#pragma once

#include <json-glib/json-glib.h>

typedef struct
{
  guint passed;
  guint failed;
} Tally;

/* One case under judgement. */
typedef struct
{
  Tally *tally;
  char *name;
  GString *faults;
} Case;

/* @name: printf-like, of file and case. */
void case_begin (Case *self, Tally *tally, const char *name, ...) G_GNUC_PRINTF (3, 4);
/* The same, named by the "name" of @object, or by its @index. */
void case_begin_object (Case *self, Tally *tally, const char *file, JsonObject *object,
                        guint index);
/* Remembers a difference from what is expected. */
void case_fault (Case *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Counts the case, and prints one line when there was a fault. */
void case_end (Case *self);
/* A case of its own that has failed. */
void tally_malformed (Tally *tally, const char *file, const char *why);

/* The text or octets (written as hexadecimal digits) of @member; NULL and a fault when there are
 * none. The octets are new. */
const char *case_text (Case *self, JsonObject *object, const char *member);
GBytes *case_octets (Case *self, JsonObject *object, const char *member);
/* A fault that shows both when @got is not @expected. */
void case_compare (Case *self, const char *what, const guint8 *got, gsize length, GBytes *expected);

/* The octets of @text, NULL when they are not pairs of hexadecimal digits. */
GBytes *octets_from_text (const char *text);

/* NULL when @node, which may be NULL, is of another kind or has no such member. */
JsonObject *node_object (JsonNode *node);
JsonArray *node_array (JsonNode *node);
JsonArray *object_array (JsonObject *object, const char *member);
const char *object_text (JsonObject *object, const char *member);
/* A number of @member from 0 to 65535, else @otherwise. */
guint16 object_number (JsonObject *object, const char *member, guint16 otherwise);

/* ---- The judges, one per file of vectors; each takes the root of its file ---- */

void judge_siv (Tally *tally, JsonNode *root);
void judge_gcm_siv (Tally *tally, JsonNode *root);
void judge_ke (Tally *tally, JsonNode *root);
void judge_exchanges (Tally *tally, JsonNode *root);
void judge_replies (Tally *tally, JsonNode *root);

/* A real answer of a key exchange server, judged as part of another case. */
void judge_ke_answer (Case *self, GBytes *octets);
