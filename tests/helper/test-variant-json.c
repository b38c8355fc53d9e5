/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "variant-json.h"

#include <math.h>

static void
assert_json (GVariant *value, const char *expected)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autofree char *json = variant_to_json (owned);

  g_assert_cmpstr (json, ==, expected);
}

static void
test_numbers (void)
{
  assert_json (g_variant_new_double (2e-8), "2e-08");
  assert_json (g_variant_new_double (-0.25), "-0.25");
  assert_json (g_variant_new_double (INFINITY), "null");
  assert_json (g_variant_new_double (NAN), "null");
  assert_json (g_variant_new_byte (255), "255");
  assert_json (g_variant_new_int16 (-4), "-4");
  assert_json (g_variant_new_uint16 (65535), "65535");
  assert_json (g_variant_new_uint32 (4294967295), "4294967295");
  assert_json (g_variant_new_int64 (G_MININT64), "-9223372036854775808");
  assert_json (g_variant_new_boolean (TRUE), "true");
}

static void
test_text (void)
{
  assert_json (g_variant_new_string ("PTB, Größe"), "\"PTB, Größe\"");
  assert_json (g_variant_new_string ("a\"b\\c\n\x01'"), "\"a\\\"b\\\\c\\u000a\\u0001'\"");
  assert_json (g_variant_new_string (""), "\"\"");
}

static void
test_containers (void)
{
  assert_json (g_variant_new_parsed ("[{'host': <'a'>, 'reach': <byte 7>}, {}]"),
               "[{\"host\": \"a\", \"reach\": 7}, {}]");
  assert_json (g_variant_new_parsed ("(uint32 1, [true, false], @ms nothing, just 'x')"),
               "[1, [true, false], null, \"x\"]");
  assert_json (g_variant_new_parsed ("@as []"), "[]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/variant-json/numbers", test_numbers);
  g_test_add_func ("/variant-json/text", test_text);
  g_test_add_func ("/variant-json/containers", test_containers);
  return g_test_run ();
}
