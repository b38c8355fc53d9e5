/* SPDX-License-Identifier: GPL-3.0-or-later */

/* siv.json and gcmsiv.json: sealing gives the output, opening gives the plaintext back, and no
 * octet of tag, ciphertext, associated data or key may differ. */

#include "tally.h"

#include "nts-aead.h"

typedef struct
{
  guint16 aead;
  guint8 key[NTS_AEAD_KEY_MAX];
  GPtrArray *associated; /* of GBytes, the nonce last */
  NtsSpan spans[NTS_AEAD_ASSOCIATED_MAX];
  GBytes *plaintext;
  GBytes *output;
} Vector;

static void
vector_clear (Vector *vector)
{
  g_clear_pointer (&vector->associated, g_ptr_array_unref);
  g_clear_pointer (&vector->plaintext, g_bytes_unref);
  g_clear_pointer (&vector->output, g_bytes_unref);
}

static void
add_associated (Case *self, Vector *vector, GBytes *octets)
{
  if (octets == NULL)
    return;
  if (vector->associated->len == NTS_AEAD_ASSOCIATED_MAX)
    {
      case_fault (self, "malformed: too many components");
      g_bytes_unref (octets);
      return;
    }
  NtsSpan *span = &vector->spans[vector->associated->len];
  span->data = g_bytes_get_data (octets, &span->length);
  g_ptr_array_add (vector->associated, octets);
}

static void
add_components (Case *self, Vector *vector, JsonArray *components)
{
  for (guint i = 0; components != NULL && i < json_array_get_length (components); i++)
    {
      JsonNode *node = json_array_get_element (components, i);
      gboolean is_text =
          JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
      GBytes *octets = is_text ? octets_from_text (json_node_get_string (node)) : NULL;
      if (octets == NULL)
        case_fault (self, "malformed: component %u is not hexadecimal", i);
      add_associated (self, vector, octets);
    }
}

/* What all AEAD vectors have in common; the key's length tells which AES-SIV it is. */
static void
read_rest (Case *self, Vector *vector, JsonObject *object, const guint16 *aeads, gsize n_aeads)
{
  g_autoptr (GBytes) key = case_octets (self, object, "key");

  vector->plaintext = case_octets (self, object, "plaintext");
  vector->output = case_octets (self, object, "output");
  for (gsize i = 0; key != NULL && i < n_aeads; i++)
    if (nts_aead_key_length (aeads[i]) == g_bytes_get_size (key))
      {
        vector->aead = aeads[i];
        memcpy (vector->key, g_bytes_get_data (key, NULL), g_bytes_get_size (key));
      }
  if (key != NULL && vector->aead == 0)
    case_fault (self, "malformed: no algorithm has a key of %zu octets", g_bytes_get_size (key));
}

static gboolean
opens (const Vector *vector, const guint8 *sealed, gsize length, guint8 *opened)
{
  return nts_aead_open (vector->aead, vector->key, vector->spans, vector->associated->len, sealed,
                        length, opened);
}

static void
judge_opening (Case *self, Vector *vector)
{
  gsize length, plain_length = g_bytes_get_size (vector->plaintext);
  const guint8 *expected = g_bytes_get_data (vector->output, &length);
  g_autofree guint8 *sealed = g_memdup2 (expected, length);
  g_autofree guint8 *opened = g_malloc0 (length + 1);

  if (length < NTS_AEAD_TAG_LENGTH)
    {
      case_fault (self, "malformed: the output has no tag");
      return;
    }
  if (opens (vector, sealed, length, opened))
    case_compare (self, "the opened plaintext", opened, length - NTS_AEAD_TAG_LENGTH,
                  vector->plaintext);
  else
    case_fault (self, "is not opened");

  for (gsize i = 0; i < length; i++)
    {
      sealed[i] ^= 0x80;
      if (opens (vector, sealed, length, opened))
        case_fault (self, "is opened with octet %zu of the output changed", i);
      sealed[i] ^= 0x80;
    }
  vector->key[0] ^= 1;
  if (opens (vector, sealed, length, opened))
    case_fault (self, "is opened with another key");
  for (gsize i = 0; i < plain_length; i++)
    if (opened[i] != 0)
      {
        case_fault (self, "plaintext is left behind");
        break;
      }
}

static void
judge_vector (Case *self, Vector *vector)
{
  gsize length;
  const guint8 *plaintext = g_bytes_get_data (vector->plaintext, &length);
  g_autofree guint8 *sealed = g_malloc0 (length + NTS_AEAD_TAG_LENGTH);

  if (nts_aead_seal (vector->aead, vector->key, vector->spans, vector->associated->len, plaintext,
                     length, sealed))
    case_compare (self, "the sealed output", sealed, length + NTS_AEAD_TAG_LENGTH, vector->output);
  else
    case_fault (self, "is not sealed");
  judge_opening (self, vector);
}

static void
judge_object (Tally *tally, const char *file, guint number, JsonObject *object)
{
  static const guint16 sivs[] = { NTS_AEAD_AES_SIV_CMAC_256, NTS_AEAD_AES_SIV_CMAC_384,
                                  NTS_AEAD_AES_SIV_CMAC_512 };
  static const guint16 gcm_sivs[] = { NTS_AEAD_AES_128_GCM_SIV };
  Vector vector = { .associated = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
  Case self;

  case_begin_object (&self, tally, file, object, number);
  if (g_str_equal (file, "siv.json"))
    {
      add_components (&self, &vector, object_array (object, "ad"));
      read_rest (&self, &vector, object, sivs, G_N_ELEMENTS (sivs));
    }
  else
    {
      add_associated (&self, &vector, case_octets (&self, object, "ad"));
      add_associated (&self, &vector, case_octets (&self, object, "nonce"));
      read_rest (&self, &vector, object, gcm_sivs, G_N_ELEMENTS (gcm_sivs));
    }
  if (self.faults->len == 0)
    judge_vector (&self, &vector);
  case_end (&self);
  vector_clear (&vector);
}

static void
judge_file (Tally *tally, const char *file, JsonNode *root)
{
  JsonArray *cases = node_array (root);

  if (cases == NULL)
    tally_malformed (tally, file, "not a list");
  for (guint i = 0; cases != NULL && i < json_array_get_length (cases); i++)
    judge_object (tally, file, i, node_object (json_array_get_element (cases, i)));
}

void
judge_siv (Tally *tally, JsonNode *root)
{
  judge_file (tally, "siv.json", root);
}

void
judge_gcm_siv (Tally *tally, JsonNode *root)
{
  judge_file (tally, "gcmsiv.json", root);
}
