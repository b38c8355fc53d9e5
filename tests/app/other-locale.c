/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into an application that is not installed: its translations come from the folder that
 * OTHER_LOCALES names, in place of the one that was compiled in. Nothing else changes. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

#undef bindtextdomain

char *
bindtextdomain (const char *domain, const char *folder)
{
  char *(*bind) (const char *, const char *) = NULL;
  const char *other = getenv ("OTHER_LOCALES");

  *(void **) &bind = dlsym (RTLD_NEXT, "bindtextdomain");
  if (!bind)
    abort ();
  return bind (domain, folder && other && strcmp (domain, "gnomon") == 0 ? other : folder);
}
