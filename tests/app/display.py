# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual display, and surroundings for an application with nothing of the user's settings in them."""

import os
import subprocess


def start(size):
    """Starts a display of that size, "1000x1100", for as long as its process lives, and points DISPLAY to it."""
    read, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size + "x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as file:
        os.environ["DISPLAY"] = ":" + file.readline().strip()
    os.environ.update(GDK_BACKEND="x11", GSK_RENDERER="cairo", GDK_DEBUG="gl-disable")
    for name in ("WAYLAND_DISPLAY", "GTK_A11Y", "NO_AT_BRIDGE", "AT_SPI_BUS_ADDRESS"):
        os.environ.pop(name, None)
    return process


def furnish(home, dark=False, high_contrast=False):
    """Makes the folder the home of what is started from now on, with GNOME's font."""
    settings = os.path.join(home, "config/glib-2.0/settings")
    gtk = os.path.join(home, "config/gtk-4.0")
    os.makedirs(settings)
    os.makedirs(gtk)
    os.chmod(home, 0o700)
    with open(os.path.join(settings, "keyfile"), "w", encoding="utf-8") as file:
        if dark:
            file.write("[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\n")
        if high_contrast:
            file.write("[org/gnome/desktop/a11y/interface]\nhigh-contrast=true\n")
    with open(os.path.join(gtk, "settings.ini"), "w", encoding="utf-8") as file:
        file.write("[Settings]\ngtk-font-name=Cantarell 11\n")
    os.environ.update(
        HOME=home, XDG_RUNTIME_DIR=home, XDG_CONFIG_HOME=home + "/config", XDG_CACHE_HOME=home + "/cache",
        XDG_DATA_HOME=home + "/data", GSETTINGS_BACKEND="keyfile", ADW_DISABLE_PORTAL="1")
