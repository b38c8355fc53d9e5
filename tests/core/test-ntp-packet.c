/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-packet.h"

#include "hex.h"

/* The header of a genuine reply of chronyd 4.3. */
#define REPLY                                                                                      \
  "240300e6"                                                                                       \
  "00000001"                                                                                       \
  "00010002"                                                                                       \
  "7f7f0101"                                                                                       \
  "eeae275200000003"                                                                               \
  "4658ebfcf71923ae"                                                                               \
  "eeae2754184f5cf3"                                                                               \
  "eeae275418535d87"

static void
reads_and_writes_a_header (void)
{
  g_autoptr (GByteArray) octets = hex (REPLY);
  BytesReader reader = bytes_reader (octets->data, octets->len);
  guint8 written[NTP_HEADER_LENGTH];
  BytesWriter writer = bytes_writer (written, sizeof written);
  NtpHeader header;

  g_assert_true (ntp_header_read (&header, &reader));
  g_assert_cmpuint (header.leap, ==, NTP_LEAP_NONE);
  g_assert_cmpuint (header.version, ==, 4);
  g_assert_cmpuint (header.mode, ==, NTP_MODE_SERVER);
  g_assert_cmpuint (header.stratum, ==, 3);
  g_assert_cmpint (header.poll_log2, ==, 0);
  g_assert_cmpint (header.precision_log2, ==, -26);
  g_assert_cmphex (header.root_delay, ==, 1);
  g_assert_cmphex (header.root_dispersion, ==, 0x00010002);
  g_assert_cmphex (header.reference_id, ==, 0x7f7f0101);
  g_assert_cmphex (header.reference, ==, G_GUINT64_CONSTANT (0xeeae275200000003));
  g_assert_cmphex (header.origin, ==, G_GUINT64_CONSTANT (0x4658ebfcf71923ae));
  g_assert_cmphex (header.receive, ==, G_GUINT64_CONSTANT (0xeeae2754184f5cf3));
  g_assert_cmphex (header.transmit, ==, G_GUINT64_CONSTANT (0xeeae275418535d87));

  ntp_header_write (&header, &writer);
  g_assert_false (writer.failed);
  g_assert_cmpmem (written, writer.length, octets->data, octets->len);
}

static void
refuses_a_short_header (void)
{
  g_autoptr (GByteArray) octets = hex (REPLY);
  NtpHeader header;

  for (guint length = 0; length < NTP_HEADER_LENGTH; length++)
    {
      BytesReader reader = bytes_reader (octets->data, length);
      g_assert_false (ntp_header_read (&header, &reader));
    }
}

static void
reads_fields_one_after_the_other (void)
{
  g_autoptr (GByteArray) octets = hex ("0104001000010203040506070809aabb"
                                       "0204001400010203040506070809aabbccddeeff");
  BytesReader reader = bytes_reader (octets->data, octets->len);
  NtpField field;

  g_assert_true (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field));
  g_assert_cmphex (field.type, ==, NTP_FIELD_UNIQUE_ID);
  g_assert_cmpuint (field.start, ==, 0);
  g_assert_cmpmem (field.body, field.body_length, octets->data + 4, 12);
  g_assert_true (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field));
  g_assert_cmphex (field.type, ==, NTP_FIELD_COOKIE);
  g_assert_cmpuint (field.start, ==, 16);
  g_assert_cmpmem (field.body, field.body_length, octets->data + 20, 16);
  g_assert_cmpuint (bytes_left (&reader), ==, 0);
  g_assert_false (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field));
}

static const struct
{
  const char *octets;
  gsize minimum;
  gboolean good;
} lengths[] = {
  { "", 4, FALSE },
  { "010400", 4, FALSE },
  { "01040000", 4, FALSE },
  { "01040003", 4, FALSE },
  { "01040004", 4, TRUE },
  { "01040004", 16, FALSE },
  { "01040004", 0, TRUE },
  { "01040000", 0, FALSE },
  { "0104000600000000", 4, FALSE },
  { "0104000800000000", 4, TRUE },
  { "0104000c00000000", 4, FALSE },
  { "0104000c0000000000000000", 16, FALSE },
  { "01040010000000000000000000000000", 16, TRUE },
  { "010400120000000000000000000000000000", 16, FALSE },
  { "0104fffc000000000000000000000000", 16, FALSE },
  { "0104ffff000000000000000000000000", 16, FALSE },
};

static void
refuses_fields_of_impossible_lengths (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) octets = hex (lengths[i].octets);
      BytesReader reader = bytes_reader (octets->data, octets->len);
      NtpField field;

      g_assert_true (ntp_field_read (&reader, lengths[i].minimum, &field) == lengths[i].good);
      g_assert_cmpuint (reader.position, ==, lengths[i].good ? octets->len : 0);
      g_assert_false (reader.failed);
    }
}

static void
pads_fields_with_zeros (void)
{
  g_autoptr (GByteArray) expected = hex ("0404000caabbccddee000000");
  guint8 octets[16];
  BytesWriter writer = bytes_writer (octets, sizeof octets);

  memset (octets, 0x55, sizeof octets);
  ntp_field_write (&writer, NTP_FIELD_AUTHENTICATOR, expected->data + 4, 5);
  g_assert_cmpmem (octets, writer.length, expected->data, expected->len);
  ntp_field_write (&writer, NTP_FIELD_AUTHENTICATOR, expected->data, 1);
  g_assert_true (writer.failed);
}

static void
refuses_to_write_what_no_length_can_tell (void)
{
  g_autofree guint8 *octets = g_malloc0 (70000);
  g_autofree guint8 *body = g_malloc0 (65529);
  BytesWriter writer = bytes_writer (octets, 70000);

  ntp_field_write (&writer, NTP_FIELD_COOKIE, body, 65528);
  g_assert_false (writer.failed);
  g_assert_cmpuint (writer.length, ==, 65532);
  writer = bytes_writer (octets, 70000);
  ntp_field_write (&writer, NTP_FIELD_COOKIE, body, 65529);
  g_assert_true (writer.failed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-packet/reads-and-writes-a-header", reads_and_writes_a_header);
  g_test_add_func ("/ntp-packet/refuses-a-short-header", refuses_a_short_header);
  g_test_add_func ("/ntp-packet/reads-fields-one-after-the-other",
                   reads_fields_one_after_the_other);
  g_test_add_func ("/ntp-packet/refuses-fields-of-impossible-lengths",
                   refuses_fields_of_impossible_lengths);
  g_test_add_func ("/ntp-packet/pads-fields-with-zeros", pads_fields_with_zeros);
  g_test_add_func ("/ntp-packet/refuses-to-write-what-no-length-can-tell",
                   refuses_to_write_what_no_length_can_tell);
  return g_test_run ();
}
