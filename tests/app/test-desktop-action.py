#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's action "Sync Securely Now", as a shell activates it when Gnomon does not run yet."""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../helper"))

import harness  # noqa: E402
from bus import TIMEOUT_MS, Bus, Caller, Gio, GLib, Helper, iterate_until  # noqa: E402

SERVICE = """[D-BUS Service]
Name={}
Exec={}
"""
NAME, TRAY_NAME = "org.gnomon.Gnomon", "org.gnomon.Gnomon.Tray"


def activate(connection, action):
    connection.call_sync(
        NAME, "/org/gnomon/Gnomon", "org.freedesktop.Application", "ActivateAction",
        GLib.Variant("(sava{sv})", (action, [], {})), None, Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)


def has_owner(connection, name):
    return connection.call_sync(
        "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner", GLib.Variant("(s)", (name,)), None,
        Gio.DBusCallFlags.NONE, TIMEOUT_MS, None).unpack()[0]


def start_display():
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-nolisten", "tcp", "-noreset"],
                               pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as file:
        os.environ["DISPLAY"] = ":" + file.readline().strip()
    return display


def main(home):
    services = os.path.join(home, "data/dbus-1/services")
    os.makedirs(services)
    for name, command in ((NAME, os.environ["GNOMON"] + " --gapplication-service"),
                          (TRAY_NAME, os.environ["TRAY"])):
        with open(os.path.join(services, name + ".service"), "w", encoding="utf-8") as file:
            file.write(SERVICE.format(name, command))
    os.environ.update(
        HOME=home, XDG_RUNTIME_DIR=home, XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home,
        XDG_DATA_HOME=home + "/data", GSETTINGS_BACKEND="memory", ADW_DISABLE_PORTAL="1",
        GDK_BACKEND="x11", GSK_RENDERER="cairo", GDK_DEBUG="gl-disable", GTK_A11Y="none",
        GNOMON_BUS="session")
    display = start_display()
    try:
        with harness.Servers() as servers, Bus() as bus, \
                Helper(bus, servers.configuration(clock="Automatic=false")):
            caller = Caller(bus)
            activate(caller.connection, "sync-now")
            try:
                iterate_until(lambda: any(phase == "done" for phase, *_ in caller.progress),
                              "the sync")
                assert caller.get("LastStep") > 0
                # With the window comes the tray, which ends with the bus.
                iterate_until(lambda: has_owner(caller.connection, TRAY_NAME), "the tray")
            finally:
                activate(caller.connection, "quit")
    finally:
        display.terminate()
        display.wait()


if __name__ == "__main__":
    if not shutil.which("Xvfb"):
        harness.skip("Xvfb is not installed")
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        main(directory)
