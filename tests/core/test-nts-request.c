/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The half of nts-fields that writes; test-nts-fields.c has the half that reads. */

#include "nts-fields.h"

#include "captured.h"

static void
set_up (Captured *captured, gconstpointer data)
{
  captured_init (captured);
}

static void
writes_what_chronyd_wrote (Captured *captured, gconstpointer data)
{
  g_autoptr (GByteArray) expected = hex (CAPTURED_REQUEST);
  guint8 packet[NTS_REQUEST_MAX];
  gsize length = nts_request_write (&captured->request, &captured->keys, packet, sizeof packet);

  g_assert_cmpmem (packet, length, expected->data, expected->len);
  g_assert_cmpuint (nts_request_write (&captured->request, &captured->keys, packet, length), ==,
                    length);
  g_assert_cmpuint (nts_request_write (&captured->request, &captured->keys, packet, length - 1), ==,
                    0);
}

/* RFC 8915 §5.5: each placeholder is as long as the cookie. */
static void
writes_placeholders_of_zeros (Captured *captured, gconstpointer data)
{
  guint8 packet[NTS_REQUEST_MAX];

  captured->request.placeholders = 7;
  gsize length = nts_request_write (&captured->request, &captured->keys, packet, sizeof packet);
  g_assert_cmpuint (length, ==, 956);
  for (guint i = 0; i < 7; i++)
    {
      BytesReader reader = bytes_reader (packet + 188 + i * 104, 104);
      NtpField field;
      g_assert_true (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field));
      g_assert_cmphex (field.type, ==, NTP_FIELD_PLACEHOLDER);
      g_assert_cmpuint (field.body_length, ==, 100);
      for (guint j = 0; j < 100; j++)
        g_assert_cmpuint (field.body[j], ==, 0);
    }
}

static void
refuses_requests_that_no_server_takes (Captured *captured, gconstpointer data)
{
  static const guint8 long_cookie[2000];
  guint8 packet[4000];

  captured->request.placeholders = 8;
  g_assert_cmpuint (nts_request_write (&captured->request, &captured->keys, packet, sizeof packet),
                    ==, 0);
  captured->request.placeholders = 0;
  captured->request.cookie = long_cookie;
  for (gsize length = 0; length < sizeof long_cookie; length++)
    {
      captured->request.cookie_length = length;
      gsize written =
          nts_request_write (&captured->request, &captured->keys, packet, sizeof packet);
      g_assert_cmpuint (written, ==, nts_cookie_usable (length) ? 128 + length : 0);
      g_assert_cmpuint (written, <=, NTS_REQUEST_MAX);
    }
  captured->request.cookie_length = 100;
  captured->keys.aead = 9999;
  g_assert_cmpuint (nts_request_write (&captured->request, &captured->keys, packet, sizeof packet),
                    ==, 0);
}

/* The largest numbers that keep the payload within 1232 octets. */
static void
fits_placeholders_into_a_packet (void)
{
  static const struct
  {
    gsize cookie_length;
    guint most;
  } cases[] = { { 100, 7 }, { 132, 7 }, { 136, 6 }, { 160, 5 },  { 164, 5 },  { 192, 4 },
                { 256, 3 }, { 548, 1 }, { 552, 0 }, { 1104, 0 }, { 1108, 0 }, { 0, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = cases[i].cookie_length;
      guint most = cases[i].most;
      g_assert_cmpuint (nts_request_placeholders (length, 7), ==, most);
      g_assert_cmpuint (nts_request_placeholders (length, 100), ==, most);
      g_assert_cmpuint (nts_request_placeholders (length, 0), ==, 0);
      g_assert_cmpuint (nts_request_placeholders (length, 2), ==, MIN (most, 2));
    }
}

static void
add (const char *path, void (*run) (Captured *, gconstpointer))
{
  g_test_add (path, Captured, NULL, set_up, run, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/nts-request/writes-what-chronyd-wrote", writes_what_chronyd_wrote);
  add ("/nts-request/writes-placeholders-of-zeros", writes_placeholders_of_zeros);
  add ("/nts-request/refuses-what-no-server-takes", refuses_requests_that_no_server_takes);
  g_test_add_func ("/nts-request/fits-placeholders-into-a-packet", fits_placeholders_into_a_packet);
  return g_test_run ();
}
