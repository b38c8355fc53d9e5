/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Octets written as hexadecimal digits, for expected values. */

#pragma once

#include <glib.h>

/* New array; aborts the test when @text is not pairs of digits. */
static inline GByteArray *
hex (const char *text)
{
  GByteArray *octets = g_byte_array_sized_new (1); /* never without data */

  for (const char *pair = text; *pair != '\0'; pair += 2)
    {
      g_assert_true (g_ascii_isxdigit (pair[0]) && g_ascii_isxdigit (pair[1]));
      guint8 octet =
          (guint8) (g_ascii_xdigit_value (pair[0]) << 4 | g_ascii_xdigit_value (pair[1]));
      g_byte_array_append (octets, &octet, 1);
    }
  return octets;
}
