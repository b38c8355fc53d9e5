/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What client and server say to each other. Which certificates are believed:
 * test-ke-certificates.c. */

#include "tls-conversation.h"

#include <string.h>

/* Two flights in all: ClientHello, and Finished together with the request. */
static void
test_request_leaves_with_finished (Conversation *conversation, gconstpointer data)
{
  /* RFC 8915 §4: NTPv4, AEAD_AES_SIV_CMAC_256, End of Message, all critical. */
  static const guint8 request[] = { 0x80, 1, 0, 2, 0, 0, 0x80, 4, 0, 2, 0, 15, 0x80, 0, 0, 0 };

  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  client_to_server (conversation);
  serve (conversation);
  server_to_client (conversation);
  client_to_server (conversation);
  serve (conversation);
  g_assert_cmpuint (conversation->n_flights, ==, 2);
  g_assert_cmpmem (conversation->request, conversation->request_length, request, sizeof request);
}

static void
test_keys_are_those_of_the_server (Conversation *conversation, gconstpointer data)
{
  static const char label[] = "EXPORTER-network-time-security";
  static const guint8 c2s_context[] = { 0, 0, 0, 15, 0 }, s2c_context[] = { 0, 0, 0, 15, 1 };
  guint8 c2s[32], s2c[32];
  NtsKeys keys;

  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  respond_well (conversation);
  server_to_client (conversation);
  g_assert_cmpint (conversation->verdict, ==, NTS_KE_COMPLETE);
  g_assert_cmpuint (ke_tls_get_offer (conversation->client)->n_cookies, ==, 1);
  g_assert_cmpuint (ke_tls_get_offer (conversation->client)->port, ==, 123);
  g_assert_true (ke_tls_export_keys (conversation->client, &keys));
  SSL_export_keying_material (conversation->server, c2s, 32, label, strlen (label), c2s_context, 5,
                              1);
  SSL_export_keying_material (conversation->server, s2c, 32, label, strlen (label), s2c_context, 5,
                              1);
  g_assert_cmpuint (keys.aead, ==, 15);
  g_assert_cmpmem (keys.c2s, 32, c2s, 32);
  g_assert_cmpmem (keys.s2c, 32, s2c, 32);
}

static void
test_octet_by_octet (Conversation *conversation, gconstpointer data)
{
  conversation->portion = 1;
  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  respond_well (conversation);
  server_to_client (conversation);
  g_assert_cmpint (conversation->verdict, ==, NTS_KE_COMPLETE);
}

static void
test_names_go_out_and_addresses_do_not (Conversation *conversation, gconstpointer data)
{
  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  g_assert_cmpstr (SSL_get_servername (conversation->server, TLSEXT_NAMETYPE_host_name), ==, HOST);
}

static void
test_refuses_other_protocols (Conversation *conversation, gconstpointer data)
{
  conversation->alpn = data;
  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  assert_refused (conversation, NTP_REASON_TLS_NO_NTSKE);
  g_assert_cmpint (conversation->request_length, <=, 0);
}

static void
test_refuses_tls_1_2 (Conversation *conversation, gconstpointer data)
{
  begin (conversation, HOST, HOST, TLS1_2_VERSION);
  talk (conversation);
  assert_refused (conversation, NTP_REASON_TLS_VERSION);
}

static void
test_refuses_a_web_server (Conversation *conversation, gconstpointer data)
{
  static const char http[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  conversation->verdict =
      ke_tls_feed (conversation->client, (const guint8 *) http, sizeof http - 1);
  assert_refused (conversation, NTP_REASON_TLS_FAILED);
}

static void
test_an_end_in_the_handshake (Conversation *conversation, gconstpointer data)
{
  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  conversation->verdict = ke_tls_end (conversation->client);
  assert_refused (conversation, NTP_REASON_CONNECTION_CLOSED);
}

static void
test_an_end_in_the_message (Conversation *conversation, gconstpointer data)
{
  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  respond_in_part (conversation);
  if (data != NULL)
    SSL_shutdown (conversation->server);
  server_to_client (conversation);
  if (data == NULL)
    {
      g_assert_cmpint (conversation->verdict, ==, NTS_KE_MORE);
      conversation->verdict = ke_tls_end (conversation->client);
    }
  assert_refused (conversation, NTP_REASON_KE_TRUNCATED);
}

static void
test_octets_after_the_message_spoil_it (Conversation *conversation, gconstpointer data)
{
  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  respond_well (conversation);
  respond (conversation, "x", 1);
  server_to_client (conversation);
  assert_refused (conversation, NTP_REASON_KE_TRAILING_DATA);
}

static void
test_random_octets_do_no_harm (Conversation *conversation, gconstpointer data)
{
  for (int round = 0; round < 200; round++)
    {
      NtpReason reason;
      guint8 octets[600];
      KeTls *client = ke_tls_new (HOST, &(KeTrust){ .ca_file = conversation->ca }, &reason);

      for (gsize i = 0; i < sizeof octets; i++)
        octets[i] = (guint8) g_test_rand_int ();
      /* The beginning of a handshake record, so that it is looked at. */
      memcpy (octets, "\x16\x03\x03\x02\x00\x02\x00\x01\xfc\x03\x03", 11);
      ke_tls_feed (client, octets, sizeof octets);
      ke_tls_end (client);
      ke_tls_free (client);
    }
}

int
main (int argc, char **argv)
{
  conversation_init (&argc, &argv);
  conversation_add ("/ke-tls/request-leaves-with-finished", test_request_leaves_with_finished,
                    NULL);
  conversation_add ("/ke-tls/keys-are-those-of-the-server", test_keys_are_those_of_the_server,
                    NULL);
  conversation_add ("/ke-tls/octet-by-octet", test_octet_by_octet, NULL);
  conversation_add ("/ke-tls/names-go-out-and-addresses-do-not",
                    test_names_go_out_and_addresses_do_not, NULL);
  conversation_add ("/ke-tls/refuses-no-protocol", test_refuses_other_protocols, NULL);
  conversation_add ("/ke-tls/refuses-another-protocol", test_refuses_other_protocols, "http/1.1");
  conversation_add ("/ke-tls/refuses-an-alert-about-the-protocol", test_refuses_other_protocols,
                    "");
  conversation_add ("/ke-tls/refuses-tls-1.2", test_refuses_tls_1_2, NULL);
  conversation_add ("/ke-tls/refuses-a-web-server", test_refuses_a_web_server, NULL);
  conversation_add ("/ke-tls/an-end-in-the-handshake", test_an_end_in_the_handshake, NULL);
  conversation_add ("/ke-tls/an-end-in-the-message", test_an_end_in_the_message, NULL);
  conversation_add ("/ke-tls/a-close-notify-in-the-message", test_an_end_in_the_message, "");
  conversation_add ("/ke-tls/octets-after-the-message-spoil-it",
                    test_octets_after_the_message_spoil_it, NULL);
  conversation_add ("/ke-tls/random-octets-do-no-harm", test_random_octets_do_no_harm, NULL);
  return conversation_run ();
}
