#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command on a virtual display and a session bus of its own, with nothing of the user's settings.

    with-display.py [--size=WIDTHxHEIGHT] [--dark] [--high-contrast] [--dpi=N] COMMAND…

Everything ends with the command. Status 77 with the reason when a tool is missing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

import display

SKIP = 77
TOOLS = ["Xvfb", "dbus-run-session", "xdotool", "xclip", "import", "xrdb"]


def missing():
    for tool in TOOLS:
        if not shutil.which(tool):
            return f"{tool} is not installed"
    try:
        from gi.repository import Gio  # noqa: F401
    except ImportError as error:
        return str(error)
    if not any(os.path.exists(path) for path in ("/usr/libexec/at-spi-bus-launcher",
                                                 "/usr/lib/at-spi2-core/at-spi-bus-launcher")):
        return "at-spi2-core is not installed"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="1000x1100")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--high-contrast", action="store_true")
    parser.add_argument("--dpi")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    reason = missing()
    if reason:
        print(reason)
        return SKIP
    with tempfile.TemporaryDirectory(prefix="gnomon-", ignore_cleanup_errors=True) as home:
        display.furnish(home, arguments.dark, arguments.high_contrast)
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        screen = display.start(arguments.size)
        try:
            if arguments.dpi:
                subprocess.run(["xrdb", "-merge", "-nocpp"], input=f"Xft.dpi: {arguments.dpi}\n", text=True,
                               check=True)
            return subprocess.run(["dbus-run-session", "--", *arguments.command], check=False).returncode
        finally:
            screen.terminate()
            screen.wait()


sys.exit(main())
