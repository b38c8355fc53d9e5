/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was told, kept over restarts in the user's state folder. */

#pragma once

#include "news.h"

/* Reads it, all that is missing or makes no sense being empty; fresh if there is no file. */
void news_memory_load (NewsMemory *memory);
/* Writes it, whole or not at all, if it differs from @before in what is kept. FALSE if that failed.
 */
gboolean news_memory_save (const NewsMemory *memory, const NewsMemory *before, GError **error);
