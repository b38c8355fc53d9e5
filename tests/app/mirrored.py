# SPDX-License-Identifier: GPL-3.0-or-later
"""A translation into no language, written from right to left: each Latin letter becomes a Hebrew one.

What is still Latin in the window has not gone through a translation; what stands on the wrong side is not mirrored.
"""

import os
import re
import struct
import subprocess

# What a translator leaves as it is: conversions of printf and dates, markup, entities.
KEPT = re.compile(r"(%[-+ #0-9.*$']*(?:hh|h|ll|l|z|j)?[a-zA-Z%]|<[^>]*>|&\w+;)")
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבגדהוזחטיכלמנעפצקרשתאבגדה")
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "NG_:1,2", "ngettext:1,2"]
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n != 1;\n"


def mirror(text):
    parts = KEPT.split(text)
    return "".join(part if i % 2 else part.lower().translate(LETTERS) for i, part in enumerate(parts))


def messages(root, folder):
    """All that can be translated, as a compiled catalogue holds it: context, \\4, singular, \\0, plural."""
    template, english, compiled = (os.path.join(folder, name) for name in ("all.pot", "en.po", "en.mo"))
    subprocess.run(["xgettext", "-D", root, "-f", os.path.join(root, "po/POTFILES"), "--from-code=UTF-8", "-o", template,
                    *(f"--keyword={keyword}" for keyword in KEYWORDS)], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["msgen", template, "-o", english], check=True)
    subprocess.run(["msgfmt", english, "-o", compiled], check=True)
    with open(compiled, "rb") as file:
        data = file.read()
    _, _, n, places = struct.unpack("<4I", data[:16])
    for i in range(n):
        length, start = struct.unpack_from("<2I", data, places + 8 * i)
        if length:
            yield data[start:start + length].decode()


def write(root, folder, language):
    """Writes FOLDER/LANGUAGE/LC_MESSAGES/gnomon.mo."""
    translated = {"": HEADER}
    for original in messages(root, folder):
        translated[original] = mirror(original.split("\4")[-1])
    keys = sorted(translated, key=str.encode)
    texts = [text.encode() for text in keys + [translated[key] for key in keys]]
    place = 28 + 8 * len(texts)
    table = b""
    for text in texts:
        table += struct.pack("<2I", len(text), place)
        place += len(text) + 1
    path = os.path.join(folder, language, "LC_MESSAGES")
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, "gnomon.mo"), "wb") as file:
        file.write(struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0) + table
                   + b"".join(text + b"\0" for text in texts))
