#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window shows in place of the clock, and what can be done about it. Run like test-window.py."""

import os
import re
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gi.repository import Gio, GLib  # noqa: E402
from window import FOCUSED, wait_for  # noqa: E402
from window_case import NBSP, WindowTest  # noqa: E402

TIMEDATE = """<node><interface name="org.freedesktop.timedate1">
  <method name="SetNTP"><arg type="b" direction="in"/><arg type="b" direction="in"/></method>
</interface></node>"""
PLACES = {"gnome-wifi-panel.desktop": "network", "sign-in.desktop": "%u"}


class TimeDate:
    """Stands in for the system's service of that name; answers with an error if there is one."""

    def __init__(self, error=""):
        self.calls = []
        self.error = error
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.owner = None
        interface = Gio.DBusNodeInfo.new_for_xml(TIMEDATE).interfaces[0]
        self.object = self.bus.register_object("/org/freedesktop/timedate1", interface, self.on_call, None, None)
        owned = []
        self.owner = Gio.bus_own_name_on_connection(
            self.bus, "org.freedesktop.timedate1", Gio.BusNameOwnerFlags.NONE, lambda *_: owned.append(True), None)
        wait_for(lambda: owned, "the name of timedate1")

    def on_call(self, _connection, _sender, _path, _interface, _method, parameters, invocation):
        self.calls.append(parameters.unpack())
        if self.error:
            invocation.return_dbus_error(self.error, "a message for experts")
        else:
            invocation.return_value(None)

    def stop(self):
        Gio.bus_unown_name(self.owner)
        self.bus.unregister_object(self.object)


class NoticesTest(WindowTest):
    def install_programs(self):
        """Programs that only write down what they are started with."""
        folder = os.path.join(os.environ["XDG_DATA_HOME"], "applications")
        os.makedirs(folder, exist_ok=True)
        self.started = os.path.join(folder, "started")
        for name, argument in PLACES.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(f"[Desktop Entry]\nType=Application\nName=Test\nMimeType=x-scheme-handler/http;\n"
                           f"Exec=sh -c \"echo $0 >> {self.started}\" {argument}\n")
        with open(os.path.join(folder, "mimeapps.list"), "w", encoding="utf-8") as file:
            file.write("[Default Applications]\nx-scheme-handler/http=sign-in.desktop\n")

    def was_started_with(self, word):
        if not os.path.exists(self.started):
            return False
        with open(self.started, encoding="utf-8") as file:
            return word in file.read().split()

    def timedate(self, error=""):
        service = TimeDate(error)
        self.addCleanup(service.stop)
        return service

    def test_other_program_gives_way_when_the_helper_says_so(self):
        service = self.timedate()
        shown = self.start("conflict")
        self.assertFalse(shown.shows("Sync Securely Now"))
        wait_for(lambda: shown.find("Let Gnomon Keep the Clock").has(FOCUSED), "the focus on what can be done")
        shown.press("Return")
        wait_for(lambda: service.calls, "the call of SetNTP")
        # Ours shall keep the clock, and a password may be asked for.
        self.assertEqual(service.calls, [(True, True)])
        self.assertTrue(shown.shows("Another Program Keeps the Clock"))
        self.fake.tell("SetState", "synchronised")
        self.wait_for_state(shown, "synchronised")
        wait_for(lambda: shown.find("Sync Securely Now").has(FOCUSED), "a focus on the new page")

    def test_refusal_of_the_system_is_told(self):
        for error, words in (("org.freedesktop.DBus.Error.AccessDenied", "You are not allowed to do this."),
                             ("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
                              "You are not allowed to do this."),
                             ("org.freedesktop.DBus.Error.Failed",
                              "The system could not let Gnomon keep the clock.")):
            with self.subTest(error=error):
                service = TimeDate(error)
                shown = self.start("conflict")
                shown.click("Let Gnomon Keep the Clock")
                shown.wait_for_text(words)
                self.assertFalse(shown.shows("a message for experts"))
                shown.close()
                self.fake.stop()
                service.stop()

    def test_only_watching_is_remembered_while_the_other_program_runs(self):
        service = self.timedate()
        shown = self.start("conflict")
        shown.click("Only Watch")
        self.wait_for_state(shown, "synchronised")
        shown.wait_for_text("Only watching")
        self.assertTrue(shown.shows("systemd-timesyncd keeps this computer’s clock"))
        self.assertTrue(shown.shows("Only watching: systemd-timesyncd keeps the clock"))
        self.check_names(shown)
        self.picture(shown, "only-watching")
        self.fake.tell("Set", "Offset", GLib.Variant("d", 0.0002))
        shown.wait_for_text("+0.20" + NBSP + "ms")
        self.assertFalse(shown.shows("Another Program Keeps the Clock"))
        shown.click("Let Gnomon Keep the Clock")
        wait_for(lambda: service.calls, "the call of SetNTP")
        self.fake.tell("Set", "OtherService", GLib.Variant("s", ""))
        shown.wait_until_gone("Only watching")
        self.fake.tell("Set", "OtherService", GLib.Variant("s", "chrony.service"))
        shown.wait_for_text("chrony also sets this computer’s clock.")

    def test_network_is_one_click_away(self):
        self.install_programs()
        shown = self.start("offline")
        shown.click("Network Settings")
        wait_for(lambda: self.was_started_with("network"), "the settings of the network")
        self.fake.tell("SetState", "portal")
        self.wait_for_state(shown, "portal")
        shown.click("Open Sign-In Page")
        wait_for(lambda: self.was_started_with("http://nmcheck.gnome.org/"), "the page to sign in")
        # A clock that is right again is more useful than the network's troubles.
        self.fake.tell("Set", "State", GLib.Variant("s", "synchronised"))
        shown.wait_for_text("Offset, uncertainty")

    def test_sync_without_a_network_says_why_it_failed(self):
        shown = self.start("offline")
        shown.press("F5")
        shown.wait_for_text("Synchronising securely…")
        self.wait_for_call("SyncNow")
        self.fake.tell("Answer", "NoReply")
        shown.wait_for_text("No server has given a proven answer.")
        self.wait_for_state(shown, "offline")


class DecisionTest(WindowTest):
    def answer(self, shown, button, call):
        shown.click(button)
        self.wait_for_call(call)

    def test_both_clocks_run_and_nothing_is_the_default(self):
        shown = self.start("needs-decision")
        self.assertFalse(shown.shows("Sync Securely Now"))
        wait_for(lambda: shown.find("Keep My Clock").has(FOCUSED), "the focus on the answer that changes nothing")
        for text in ("Your Clock", "Who Says So", "Netnod, Sweden · authenticated",
                     "+2_h_03_min_07.2_s".replace("_", NBSP), "This does not change your time zone."):
            self.assertTrue(shown.shows(text), text)

        def clocks():
            return [node.name for node in shown.walk() if re.fullmatch(r"\d\d:\d\d:\d\d", node.name)]

        before = wait_for(clocks, "the clocks")
        self.assertEqual(len(before), 2)
        seconds = [sum(int(part) * unit for part, unit in zip(text.split(":"), (3600, 60, 1))) for text in before]
        # The two were not read at the same moment.
        self.assertLess(abs((seconds[1] - seconds[0]) % 86400 - 7387), 3)
        wait_for(lambda: clocks() != before, "the clocks to run")
        self.check_names(shown)

    def test_yes_sends_the_time_that_was_shown(self):
        shown = self.start("needs-decision")
        before = time.time() + 7387.2
        button = next(node for node in shown.walk() if node.name.startswith("Set to "))
        self.assertIn(button.name, [time.strftime("Set to %H:%M", time.localtime(moment))
                                    for moment in (before - 1, time.time() + 7387.2)])
        self.answer(shown, button.name, "AcceptTime")
        sent = next(int(re.search(r"\d+", call)[0]) for call in self.fake.calls() if "AcceptTime" in call)
        self.assertLess(abs(sent / 1e6 - 7387.2 - time.time()), 10)
        self.fake.tell("SetState", "synchronised")
        self.wait_for_state(shown, "synchronised")

    def test_no_changes_nothing(self):
        shown = self.start("needs-decision")
        self.answer(shown, "Keep My Clock", "RejectTime")
        self.assertEqual(self.fake.calls(), ["RejectTime ()"])

    def test_answer_that_comes_too_late_is_told(self):
        shown = self.start("needs-decision")
        self.fake.tell("Refuse", "OutOfBounds")
        self.answer(shown, next(n.name for n in shown.walk() if n.name.startswith("Set to ")), "AcceptTime")
        shown.wait_for_text("The servers say something else by now. Nothing was changed.")


if __name__ == "__main__":
    unittest.main(verbosity=2)
