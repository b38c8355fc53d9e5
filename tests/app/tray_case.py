# SPDX-License-Identifier: GPL-3.0-or-later
"""A tray process with a home, a desktop and a helper of its own."""

import os
import subprocess
import tempfile
import unittest

import desktop
import fake
from gi.repository import GLib
from window import PATIENCE, wait_for

class TrayCase(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(home.cleanup)
        self.environment = {
            **os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C", "HOME": home.name, "XDG_CONFIG_HOME": home.name,
            "XDG_STATE_HOME": home.name, "GSETTINGS_BACKEND": "keyfile", "GNOMON_ICONS": "/icons",
            "GTK_USE_PORTAL": "0"}
        self.environment.pop("DISPLAY", None)
        self.home = home.name
        self.tray = None

    def start_fake(self, state="synchronised"):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)

    def start_watcher(self):
        self.watcher = desktop.Watcher()
        self.addCleanup(self.watcher.close)

    def start_notifications(self):
        self.notifications = desktop.Notifications()
        self.addCleanup(self.notifications.close)

    def start_tray(self):
        # Its errors go to a file, which never fills up.
        self.errors = open(os.path.join(self.home, "errors"), "a+", encoding="utf-8")
        self.addCleanup(self.errors.close)
        self.tray = subprocess.Popen([os.environ["TRAY"]], env=self.environment, stderr=self.errors)
        self.addCleanup(self.stop_tray)

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def stop_tray(self):
        if self.tray and self.tray.returncode is None:
            self.tray.terminate()
            self.assertEqual(self.tray.wait(PATIENCE), 0, self.said())
            self.assertEqual(self.said(), "")

    def wait_for_end(self):
        """Of the tray, which does it by itself."""
        wait_for(lambda: self.tray.poll() is not None, "the end of the tray")
        self.assertEqual(self.tray.returncode, 0, self.said())

    def start(self, state="synchronised"):
        """All but the notifications; waits for the item."""
        self.start_fake(state)
        self.start_watcher()
        self.start_tray()
        self.watcher.wait_for_item()
        self.wait_for_tooltip(lambda title: title != "Looking for the time service…")

    def wait_for_tooltip(self, test):
        return wait_for(lambda: test(self.watcher.properties()["ToolTip"][2]) and self.watcher.properties(), "the tooltip")

    def wait_for_label(self, label):
        wait_for(lambda: label in self.watcher.labels(), f"“{label}”")

    def forget_signals(self):
        """Those that were sent before the last answer: of what was there at the start."""
        while GLib.MainContext.default().iteration(False):
            pass
        del self.watcher.signals[:]

    def set_switch(self, key, value):
        subprocess.run(["gsettings", "set", "org.gnomon.Gnomon", key, value], env=self.environment, check=True)
