/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sync-result.h"

GVariant *
sync_result_to_variant (const NtpSyncResult *result)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "offset-before", "d", result->offset_before_s);
  g_variant_dict_insert (&dict, "correction", "d", result->correction_s);
  g_variant_dict_insert (&dict, "stepped", "b", (gboolean) result->stepped);
  g_variant_dict_insert (&dict, "uncertainty", "d", result->uncertainty_s);
  g_variant_dict_insert (&dict, "answered", "u", result->answered);
  g_variant_dict_insert (&dict, "vouched", "u", result->vouched);
  g_variant_dict_insert (&dict, "operators", "u", result->operators);
  g_variant_dict_insert (&dict, "duration", "d", result->duration_s);
  return g_variant_dict_end (&dict);
}
