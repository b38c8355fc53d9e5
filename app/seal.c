/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "seal.h"

#include <glib/gi18n.h>

static const struct
{
  const char *icon_name;
  const char *style_class;
  const char *label;
} SEALS[N_SEALS] = {
  [SEAL_RIGHT] = { "gnomon-right-symbolic", "success", N_ ("right") },
  [SEAL_SYNCHRONISING] = { "gnomon-synchronising-symbolic", "accent", N_ ("synchronising") },
  [SEAL_WARNING] = { "gnomon-warning-symbolic", "warning", N_ ("warning") },
  [SEAL_NOT_TRUSTED] = { "gnomon-not-trusted-symbolic", "error", N_ ("not trusted") },
  [SEAL_OFF] = { "gnomon-off-symbolic", "dim-label", N_ ("off") },
  [SEAL_DECISION] = { "gnomon-decision-symbolic", "warning", N_ ("decision needed") },
};

const char *
seal_icon_name (Seal seal)
{
  return SEALS[seal].icon_name;
}

const char *
seal_style_class (Seal seal)
{
  return SEALS[seal].style_class;
}

const char *
seal_label (Seal seal)
{
  return _ (SEALS[seal].label);
}
