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

SKIP = 77
TOOLS = ["Xvfb", "dbus-run-session", "xdotool", "import", "xrdb"]


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


def start_display(size):
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size + "x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as file:
        os.environ["DISPLAY"] = ":" + file.readline().strip()
    return display


def set_up_home(home, arguments):
    settings = os.path.join(home, "config/glib-2.0/settings")
    fonts = os.path.join(home, "config/gtk-4.0")
    os.makedirs(settings)
    os.makedirs(fonts)
    os.chmod(home, 0o700)
    with open(os.path.join(settings, "keyfile"), "w", encoding="utf-8") as file:
        if arguments.dark:
            file.write("[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\n")
        if arguments.high_contrast:
            file.write("[org/gnome/desktop/a11y/interface]\nhigh-contrast=true\n")
    with open(os.path.join(fonts, "settings.ini"), "w", encoding="utf-8") as file:
        file.write("[Settings]\ngtk-font-name=Cantarell 11\n")
    os.environ.update(
        HOME=home, XDG_RUNTIME_DIR=home, XDG_CONFIG_HOME=home + "/config", XDG_CACHE_HOME=home + "/cache",
        XDG_DATA_HOME=home + "/data", GSETTINGS_BACKEND="keyfile", ADW_DISABLE_PORTAL="1", GDK_BACKEND="x11",
        GSK_RENDERER="cairo", GDK_DEBUG="gl-disable")
    for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GTK_A11Y", "NO_AT_BRIDGE", "AT_SPI_BUS_ADDRESS"):
        os.environ.pop(name, None)


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
        set_up_home(home, arguments)
        display = start_display(arguments.size)
        try:
            if arguments.dpi:
                subprocess.run(["xrdb", "-merge", "-nocpp"], input=f"Xft.dpi: {arguments.dpi}\n", text=True,
                               check=True)
            return subprocess.run(["dbus-run-session", "--", *arguments.command], check=False).returncode
        finally:
            display.terminate()
            display.wait()


sys.exit(main())
