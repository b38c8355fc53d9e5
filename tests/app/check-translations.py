#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text that a person can see is offered for translation, and every translation is complete: with no letter
for two items of one menu.

    check-translations.py SOURCE-FOLDER
"""

import gettext
import html
import os
import re
import subprocess
import sys
import tempfile

# What meson's preset "glib" and po/meson.build give to xgettext.
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3", "NG_:1,2"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def has_text(path):
    text = read(path)
    return ('translatable="yes"' in text) if path.endswith(".ui") else re.search(r"\b(N?C?_|NG_|ngettext) \(", text)


def lost_comments(paths, template):
    """What is said to translators, and does not reach them: it must stand right before its message."""
    given = {line[2:].strip() for line in read(template).splitlines() if line.startswith("#.")}
    for path in paths:
        for comment in re.findall(r"Translators:.*", read(path)):
            line = re.sub(r"\s*(\*/|-->)$", "", comment)
            if line.strip() not in given:
                yield f"{path}: {line}"


def shared_mnemonics(path, translate):
    """Letters that two items of one menu or window would have in common."""
    texts = [html.unescape(text) for text in re.findall(r'translatable="yes"[^>]*>([^<]*_[^<]*)<', read(path))]
    letters = [re.search(r"_(\w)", translate(text))[1].casefold() for text in texts]
    return {letter for letter in letters if letters.count(letter) > 1}


def main(source):
    os.chdir(source)
    listed = read("po/POTFILES").split()
    languages = read("po/LINGUAS").split()
    shown = [os.path.join(folder, name) for top in ("app", "helper", "data") for folder, _, names in os.walk(top)
             for name in names if name.endswith((".c", ".ui"))]
    missing = sorted(path for path in shown if has_text(path) and path not in listed)
    assert not missing, f"not in po/POTFILES: {missing}"
    gone = [path for path in listed if not os.path.exists(path)]
    assert not gone, f"in po/POTFILES and nowhere else: {gone}"
    assert listed == sorted(listed), "po/POTFILES is not in order"

    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        template = os.path.join(directory, "gnomon.pot")
        subprocess.run(["xgettext", "--from-code=UTF-8", "--add-comments", "-o", template,
                        *[f"--keyword={keyword}" for keyword in KEYWORDS], *listed], check=True)
        lost = sorted(lost_comments(listed, template))
        assert not lost, f"not right before a message: {lost}"
        for language in languages:
            path = f"po/{language}.po"
            compiled = os.path.join(directory, "out.mo")
            subprocess.run(["msgfmt", "--check", "-o", compiled, path], check=True)
            subprocess.run(["msgcmp", path, template], check=True)
            with open(compiled, "rb") as file:
                translate = gettext.GNUTranslations(file).gettext
            for window in [name for name in listed if name.endswith(".ui")]:
                shared = shared_mnemonics(window, translate)
                assert not shared, f"{language}, {window}: {shared} more than once"


main(sys.argv[1])
