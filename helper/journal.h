/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file of lines in the state directory that is added to, and now and then replaced whole by a
 * shorter one. Nothing that happens to the file loses more than the line it happens to: one that
 * was cut when the power went is passed over. What cannot be written, as on a full disk, stays in
 * memory, up to a limit, until it can.
 *
 * Nothing of the file is held in memory: it is read when somebody asks. */

#pragma once

#include "state.h"

typedef struct Journal Journal;

/* Called for each line, without its end and of at most JOURNAL_LINE_MAX octets of valid UTF-8
 * without control characters but tabs; the line may be changed. FALSE when it makes no sense. */
typedef gboolean (*JournalLine) (char *line, gpointer data);

#define JOURNAL_LINE_MAX    1023
#define JOURNAL_UNSAVED_MAX (256 * 1024)

/* @state: borrowed; NULL = in memory only. @most: octets of the file, and of what is in memory if
 * that is less than JOURNAL_UNSAVED_MAX; the older half goes when there are more. */
Journal *journal_new (State *state, const char *name, gsize most);
/* Without saving. */
void journal_free (Journal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Journal, journal_free)

/* Adds a line, given without its end; journal_save () writes it. */
void journal_add (Journal *journal, const char *line);
/* Octets that wait for it. */
gsize journal_unsaved (const Journal *journal);
void journal_save (Journal *journal);
/* Octets of the file, when it was written last. */
gsize journal_size (const Journal *journal);
/* All lines, oldest first. */
void journal_read (Journal *journal, JournalLine each, gpointer data);
/* Keeps only the lines for which @keep says TRUE. */
void journal_filter (Journal *journal, JournalLine keep, gpointer data);
/* Forgets all. */
void journal_delete (Journal *journal);
