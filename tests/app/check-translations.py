#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text that a person can see is offered for translation, and every translation is complete.

    check-translations.py SOURCE-FOLDER
"""

import os
import re
import subprocess
import sys
import tempfile

# What meson's preset "glib" and po/meson.build give to xgettext.
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3", "NG_:1,2"]


def has_text(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return ('translatable="yes"' in text) if path.endswith(".ui") else re.search(r"\b(N?_|NG_|ngettext) \(", text)


def main(source):
    os.chdir(source)
    with open("po/POTFILES", encoding="utf-8") as file:
        listed = file.read().split()
    with open("po/LINGUAS", encoding="utf-8") as file:
        languages = file.read().split()
    shown = [os.path.join("app", name) for name in os.listdir("app") if name.endswith((".c", ".ui"))]
    missing = sorted(path for path in shown if has_text(path) and path not in listed)
    assert not missing, f"not in po/POTFILES: {missing}"
    gone = [path for path in listed if not os.path.exists(path)]
    assert not gone, f"in po/POTFILES and nowhere else: {gone}"

    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        template = os.path.join(directory, "gnomon.pot")
        subprocess.run(["xgettext", "--from-code=UTF-8", "-o", template,
                        *[f"--keyword={keyword}" for keyword in KEYWORDS], *listed], check=True)
        for language in languages:
            path = f"po/{language}.po"
            subprocess.run(["msgfmt", "--check", "-o", os.path.join(directory, "out.mo"), path], check=True)
            subprocess.run(["msgcmp", path, template], check=True)


main(sys.argv[1])
