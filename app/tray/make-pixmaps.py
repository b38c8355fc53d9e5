#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-pixmaps.py RSVG-CONVERT FOLDER: the icons of the tray as tables in C, for panels that find no file of them.

Written are the shapes alone, an octet of opacity for each point; the colours are in tray-pixmap.c.
"""

import struct
import subprocess
import sys
import zlib

NAMES = ["right", "synchronising", "warning", "not-trusted", "off"]
SIZES = [22, 44]


def unfilter(kind, line, above, width):
    """PNG (third edition) 9.2; four octets each point."""
    for i in range(width):
        left = line[i - 4] if i >= 4 else 0
        up, corner = above[i], above[i - 4] if i >= 4 else 0
        if kind == 1:
            line[i] = line[i] + left & 255
        elif kind == 2:
            line[i] = line[i] + up & 255
        elif kind == 3:
            line[i] = line[i] + (left + up) // 2 & 255
        elif kind == 4:
            _, _, nearest = min((abs(up - corner), 0, left), (abs(left - corner), 1, up),
                                (abs(left + up - 2 * corner), 2, corner))
            line[i] = line[i] + nearest & 255


def opacity(png, size):
    """The fourth octet of each point, row by row."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, packed = 8, b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place:place + 8])
        data = png[place + 8:place + 8 + length]
        if kind == b"IHDR":
            assert struct.unpack(">IIBBBBB", data) == (size, size, 8, 6, 0, 0, 0), data
        if kind == b"IDAT":
            packed += data
        place += length + 12
    rows, width = zlib.decompress(packed), size * 4
    above, points = bytearray(width), bytearray()
    for row in range(size):
        start = row * (width + 1)
        line = bytearray(rows[start + 1:start + 1 + width])
        unfilter(rows[start], line, above, width)
        points += line[3::4]
        above = line
    return points


def main(convert, folder):
    print("/* Made by make-pixmaps.py. */")
    for name in NAMES:
        for size in SIZES:
            file = f"{folder}/gnomon-{name}-symbolic.svg"
            png = subprocess.run([convert, "-w", str(size), "-h", str(size), file], capture_output=True, check=True).stdout
            print(f'{{ "gnomon-{name}-symbolic", {size}, (const guint8[]){{')
            points = opacity(png, size)
            for row in range(size):
                print(",".join(map(str, points[row * size:(row + 1) * size])) + ",")
            print("} },")


main(*sys.argv[1:])
