/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The seal: the sign of being vouched for. Its form is the same everywhere, the mark inside and the
 * colour change. Colour never carries a meaning alone. */

#pragma once

typedef enum
{
  SEAL_RIGHT,
  SEAL_SYNCHRONISING,
  SEAL_WARNING,
  SEAL_NOT_TRUSTED,
  SEAL_OFF,
  SEAL_DECISION,
  N_SEALS
} Seal;

/* All static. */
const char *seal_icon_name (Seal seal);
/* A style class of libadwaita that colours it: "success" and the like. */
const char *seal_style_class (Seal seal);
/* What it means, for screen readers; translated. */
const char *seal_label (Seal seal);
