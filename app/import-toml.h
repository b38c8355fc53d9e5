/* SPDX-License-Identifier: GPL-3.0-or-later */

/* As much of TOML 1.0 as configurations of time servers use: tables, arrays of tables, and keys
 * with strings of all four kinds. Other values are handed on as they are written. A line that makes
 * no sense is told and passed over. Private to import-*.c. */

#pragma once

#include <glib.h>

typedef enum
{
  TOML_TABLE,       /* [key] */
  TOML_ARRAY_TABLE, /* [[key]] */
  TOML_STRING,      /* key = "value" */
  TOML_OTHER,       /* key = value */
  TOML_NONSENSE
} TomlKind;

/* @key: its parts with dots between them, "" with TOML_NONSENSE. @value: "" for tables. @text: the
 * first line of it as it is written. */
typedef void (*TomlFound) (TomlKind kind, guint line, const char *key, const char *value,
                           const char *text, gpointer data);

/* @text: valid UTF-8. */
void toml_read (const char *text, TomlFound found, gpointer data);
