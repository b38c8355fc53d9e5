#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's search, as a shell asks it. Needs a display and a session bus of its own; see with-display.py.

The environment names GNOMON, CONTRACT, and what shells read to find us: PROVIDER.
"""

import configparser
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gi.repository import Gio, GLib  # noqa: E402

import fake  # noqa: E402
from window import wait_for  # noqa: E402

INTERFACE = "org.gnome.Shell.SearchProvider2"


class SearchTest(unittest.TestCase):
    def setUp(self):
        provider = configparser.ConfigParser()
        provider.read(os.environ["PROVIDER"])
        section = provider["Shell Search Provider"]
        self.assertEqual((section["DesktopId"], section["Version"]), ("org.gnomon.Gnomon.desktop", "2"))
        self.name, self.path = section["BusName"], section["ObjectPath"]
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def start(self, state=None):
        if state:
            self.fake = fake.Fake(state)
            self.addCleanup(self.fake.stop)
        seen = []
        watch = Gio.bus_watch_name_on_connection(self.bus, self.name, Gio.BusNameWatcherFlags.NONE,
                                                 lambda *_: seen.append(True), None)
        process = subprocess.Popen([os.environ["GNOMON"], "--gapplication-service"],
                                   env={**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C"})
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        wait_for(lambda: seen, "the application")
        Gio.bus_unwatch_name(watch)

    def ask(self, method, signature, *arguments):
        """Without blocking: the fake helper's signals are not ours, but its process is our child."""
        answer = self.bus.call_sync(self.name, self.path, INTERFACE, method, GLib.Variant(signature, arguments),
                                    None, Gio.DBusCallFlags.NONE, 30000)
        return answer.unpack()[0] if answer.n_children() else None

    def test_words_find_state_and_sync(self):
        self.start("synchronised")
        for terms in (["time"], ["clock"], ["sync"], ["Gnomon"], ["gno"], ["NTS"], ["time", "server"], ["SYNCHRON"]):
            self.assertEqual(self.ask("GetInitialResultSet", "(as)", terms), ["state", "sync-now"], terms)
            self.assertEqual(self.ask("GetSubsearchResultSet", "(asas)", ["state", "sync-now"], terms),
                             ["state", "sync-now"], terms)
        for terms in ([], ["t"], [""], ["timetable"], ["time", "machine"], ["weather"], ["ime"]):
            self.assertEqual(self.ask("GetInitialResultSet", "(as)", terms), [], terms)
        self.assertEqual(self.fake.calls(), [])

    def test_state_is_a_sentence(self):
        self.start("synchronised")
        state, sync = self.ask("GetResultMetas", "(as)", ["state", "sync-now"])
        self.assertEqual(state["name"], "Your clock is right to within 1.3\u00a0ms")
        self.assertEqual(state["description"], "3 of 3 servers, run by 2 operators, vouch for it.")
        self.assertEqual((state["id"], sync["id"], sync["name"]), ("state", "sync-now", "Sync Securely Now"))
        for meta, icon in ((state, "gnomon-right-symbolic"), (sync, "gnomon-synchronising-symbolic")):
            self.assertEqual(meta["icon"][0], "themed")
            self.assertIn(icon, meta["icon"][1])
        self.assertEqual(self.ask("GetResultMetas", "(as)", ["nothing", "of ours"]), [])

    def test_missing_helper_is_told(self):
        self.start()
        state = self.ask("GetResultMetas", "(as)", ["state"])[0]
        self.assertEqual(state["name"], "The time service is not running.")

    def test_chosen_sync_is_the_click(self):
        self.start("slow")
        self.ask("ActivateResult", "(sasu)", "sync-now", ["sync"], 0)
        wait_for(lambda: "SyncNow ({},)" in self.fake.calls(), "the sync")
        self.fake.tell("Answer", "corrected")

    def test_chosen_state_opens_the_window_and_no_more(self):
        self.start("synchronised")
        for method, signature, arguments in (("ActivateResult", "(sasu)", ("state", ["time"], 0)),
                                             ("LaunchSearch", "(asu)", (["time"], 0))):
            self.ask(method, signature, *arguments)
        wait_for(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Gnomon$"],
                                        capture_output=True, check=False).stdout.split(), "the window")
        self.assertEqual(self.fake.calls(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
