/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The test server's messages, octet by octet as chronyd's were seen on the wire, so that the tests
 * that lean on it stand on something. */

#include "ntp-reply.h"

#include "nts-fields.h"

#define N_COOKIES 8

static const NtsKeys keys = { .aead = NTS_AEAD_AES_SIV_CMAC_256, .c2s = "c2s", .s2c = "s2c" };

static NtsServer *
server_new (void)
{
  NtsServer *server = g_new0 (NtsServer, 1);
  server->stratum = 1;
  server->cookies = N_COOKIES;
  server->cookie_length = COOKIE_LENGTH_MIN;
  server->ntp_port = 11123;
  server->last_reply = g_byte_array_new ();
  cookie_key_renew (&server->cookie_key);
  return server;
}

static void
server_free (NtsServer *server)
{
  g_byte_array_unref (server->last_reply);
  g_free (server);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NtsServer, server_free)

static void
assert_octets (const uint8_t *octets, const char *hex)
{
  for (; hex[0] != '\0'; hex += 2, octets++)
    g_assert_cmphex (*octets, ==,
                     g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
}

static void
key_exchange_message_is_as_chronyd_sends_it (void)
{
  g_autoptr (NtsServer) server = server_new ();
  g_autoptr (GByteArray) message = ke_message_build (server, SABOTAGE_GOOD_MESSAGE, &keys);
  g_assert_cmpuint (message->len, ==, 6 + 6 + 6 + N_COOKIES * 104 + 4);
  assert_octets (message->data, "800100020000"
                                "80040002000f"
                                "000700022b73"
                                "00050064");
  assert_octets (message->data + 18 + 7 * 104, "00050064");
  assert_octets (message->data + message->len - 4, "80000000");
}

static size_t
write_request (NtsServer *server, guint placeholders, uint8_t *packet)
{
  uint8_t cookie[COOKIE_LENGTH_MIN];
  cookie_seal (&server->cookie_key, &keys, cookie, sizeof cookie);
  NtsRequest request = { .transmit = 0x0102030405060708,
                         .unique_id = "unique",
                         .nonce = "nonce",
                         .cookie = cookie,
                         .cookie_length = sizeof cookie,
                         .placeholders = placeholders };
  return nts_request_write (&request, &keys, packet, NTS_REQUEST_MAX);
}

static void
reply_is_as_chronyd_sends_it (void)
{
  g_autoptr (NtsServer) server = server_new ();
  uint8_t packet[NTS_REQUEST_MAX], plaintext[NTS_REPLY_MAX];
  size_t length = write_request (server, 0, packet);
  NtpRequest request;
  g_assert_cmpint (ntp_request_read (server, packet, length, &request), ==, NTP_REQUEST_GOOD);

  g_autoptr (GPtrArray) packets = ntp_reply_build (server, SABOTAGE_GOOD_REPLY, &request,
                                                   0x1111111122222222, 0x3333333344444444);
  g_assert_cmpuint (packets->len, ==, 1);
  const NtpReplyPacket *reply = packets->pdata[0];
  g_assert_cmpuint (reply->octets->len, ==, 228);
  assert_octets (reply->octets->data, "2401");
  assert_octets (reply->octets->data + 24, "0102030405060708"
                                           "1111111122222222"
                                           "3333333344444444"
                                           "01040024");
  g_assert_cmpmem (reply->octets->data + 52, 32, packet + 52, 32);
  assert_octets (reply->octets->data + 84, "0404009000100078");

  NtsSpan associated[] = { { reply->octets->data, 84 }, { reply->octets->data + 92, 16 } };
  g_assert_true (nts_aead_open (keys.aead, keys.s2c, associated, 2, reply->octets->data + 108, 120,
                                plaintext));
  assert_octets (plaintext, "02040068");
}

static void
cookies_are_the_servers_own_and_of_its_present_key (void)
{
  g_autoptr (NtsServer) server = server_new ();
  uint8_t packet[NTS_REQUEST_MAX];
  NtpRequest request;
  size_t length = write_request (server, 3, packet);
  g_assert_cmpint (ntp_request_read (server, packet, length, &request), ==, NTP_REQUEST_GOOD);
  g_assert_cmpuint (request.placeholders, ==, 3);

  packet[length - 1] ^= 1;
  g_assert_cmpint (ntp_request_read (server, packet, length, &request), ==, NTP_REQUEST_UNOPENED);
  packet[length - 1] ^= 1;
  cookie_key_renew (&server->cookie_key);
  g_assert_cmpint (ntp_request_read (server, packet, length, &request), ==, NTP_REQUEST_UNOPENED);
}

/* A word that does not exist in a script ends the program. */
static void
every_sabotage_can_be_done (void)
{
  static const Sabotage *const tables[] = { sabotages_of_key_exchange, sabotages_of_replies,
                                            sabotages_of_time };
  g_autoptr (NtsServer) server = server_new ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  uint8_t packet[NTS_REQUEST_MAX];
  NtpRequest request;
  ntp_request_read (server, packet, write_request (server, 1, packet), &request);
  guint before = 0;
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const Sabotage *s = tables[t]; s->number != 0; before = s->number, s++)
      {
        g_assert_cmpuint (s->number, >, before);
        g_assert_true (g_hash_table_add (names, (gpointer) s->name));
        g_assert_true (sabotage_find (s->name) == s);
        if (s->message != NULL)
          g_byte_array_unref (ke_message_build (server, s->message, &keys));
        if (s->reply != NULL && !g_str_equal (s->reply, "unreachable"))
          g_ptr_array_unref (ntp_reply_build (server, s->reply, &request, 1, 2));
      }
  g_assert_cmpuint (g_hash_table_size (names), >=, 200);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nts-server/key-exchange-message-is-as-chronyd-sends-it",
                   key_exchange_message_is_as_chronyd_sends_it);
  g_test_add_func ("/nts-server/reply-is-as-chronyd-sends-it", reply_is_as_chronyd_sends_it);
  g_test_add_func ("/nts-server/cookies-are-the-servers-own-and-of-its-present-key",
                   cookies_are_the_servers_own_and_of_its_present_key);
  g_test_add_func ("/nts-server/every-sabotage-can-be-done", every_sabotage_can_be_done);
  return g_test_run ();
}
