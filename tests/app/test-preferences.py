#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences against a helper and a polkit that are made up: the lock, every option, refusals, the records.

Run by with-display.py; see test-window.py for the environment.
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gi.repository import Gio, GLib  # noqa: E402
from window import CHECKED, FOCUSED, SENSITIVE, wait_for  # noqa: E402
from window_case import NBSP, WindowTest  # noqa: E402

TITLE = "Preferences"
SHOWING = 25
POLKIT = "org.freedesktop.PolicyKit1"
AUTHORITY = """<node><interface name="org.freedesktop.PolicyKit1.Authority">
  <method name="CheckAuthorization">
    <arg type="(sa{sv})" direction="in"/><arg type="s" direction="in"/><arg type="a{ss}" direction="in"/>
    <arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="(bba{ss})" direction="out"/>
  </method>
  <method name="RevokeTemporaryAuthorizationById"><arg type="s" direction="in"/></method>
</interface></node>"""


class Polkit:
    """Gives what is asked for while answer is "yes", to those who let it ask a person."""

    def __init__(self):
        self.answer = "yes"
        self.calls = []
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        interface = Gio.DBusNodeInfo.new_for_xml(AUTHORITY).interfaces[0]
        self.object = self.bus.register_object(f"/{POLKIT.replace('.', '/')}/Authority", interface, self.on_call, None,
                                               None)
        self.name = Gio.bus_own_name_on_connection(self.bus, POLKIT, Gio.BusNameOwnerFlags.NONE, None, None)

    def stop(self):
        Gio.bus_unown_name(self.name)
        self.bus.unregister_object(self.object)

    def on_call(self, _connection, sender, _path, _interface, method, parameters, invocation):
        arguments = parameters.unpack()
        if method == "RevokeTemporaryAuthorizationById":
            self.calls.append(f"revoke {arguments[0]}")
            invocation.return_value(None)
            return
        (kind, details), action, _, flags, _ = arguments
        own = kind == "system-bus-name" and details == {"name": sender}
        self.calls.append(f"check {action} {flags} {'itself' if own else (kind, details)}")
        given = flags == 1 and self.answer == "yes"
        more = {"polkit.temporary_authorization_id": "tmpauthz7"} if given else {}
        if flags == 1 and self.answer == "dismissed":
            more = {"polkit.dismissed": "true"}
        invocation.return_value(GLib.Variant("((bba{ss}))", ((given, not given, more),)))


class PreferencesTest(WindowTest):
    """What both need."""

    def open(self, locked=(), polkit=True):
        if polkit:
            self.polkit = Polkit()
            self.addCleanup(self.polkit.stop)
        shown = self.start()
        if locked:
            options = self.fake.get("Options")
            kinds = {"locked": "as", "step-threshold": "d", "maximum-change": "d", "minimum-poll": "n", "maximum-poll": "n"}
            options = {key: GLib.Variant(kinds.get(key, "u"), value) for key, value in options.items()}
            options["locked"] = GLib.Variant("as", locked)
            self.fake.tell("Set", "Options", GLib.Variant("a{sv}", options))
        shown.press("ctrl+comma")
        shown.wait_for_text("Start at Login")
        return shown

    def go_to(self, shown, page, text):
        tab = wait_for(lambda: shown.find(page, within=TITLE), f"the page {page}")
        tab.act("click")
        shown.wait_for_text(text)

    def unlock(self, shown):
        self.go_to(shown, "Clock", "Settings for Everyone")
        shown.click("Unlock…", within=TITLE)
        shown.wait_for_text("Unlocked until this window closes")

    @staticmethod
    def control(shown, name):
        return shown.control(name, within=TITLE)

    @staticmethod
    def set_value(shown, name, *values):
        shown.set_value(name, *values, within=TITLE)


class LockTest(PreferencesTest):
    def test_everything_is_locked_until_a_password_is_given(self):
        shown = self.open()
        self.picture(shown, "preferences-general", TITLE)
        self.go_to(shown, "Clock", "An administrator’s password is needed to change them")
        self.check_names(shown)
        self.picture(shown, "preferences-locked", TITLE)
        self.assertEqual(self.control(shown, "Step Above").value, 0.5)
        self.assertFalse(self.control(shown, "Step Above").has(SENSITIVE))
        self.assertEqual(self.polkit.calls, ["check org.gnomon.helper.configure 0 itself"])
        self.polkit.answer = "dismissed"
        shown.click("Unlock…", within=TITLE)
        wait_for(lambda: len(self.polkit.calls) == 2, "the question")
        shown.wait_for_text("An administrator’s password is needed to change them")
        self.polkit.answer = "no"
        shown.click("Unlock…", within=TITLE)
        shown.wait_for_text("You are not allowed to do this.")
        self.polkit.answer = "yes"
        self.unlock(shown)
        self.assertEqual(self.polkit.calls[-1], "check org.gnomon.helper.configure 1 itself")
        wait_for(lambda: self.control(shown, "Step Above").has(SENSITIVE), "the controls")
        self.picture(shown, "preferences", TITLE)
        shown.click("Lock", within=TITLE)
        wait_for(lambda: self.polkit.calls[-1] == "revoke tmpauthz7", "the end of it")
        wait_for(lambda: not self.control(shown, "Step Above").has(SENSITIVE), "the lock")

    def test_the_administrators_values_are_readable(self):
        shown = self.open(locked=["minimum-operators", "maximum-poll"])
        self.unlock(shown)
        self.assertTrue(shown.shows("Set by your administrator"))
        self.assertTrue(shown.shows("17" + NBSP + "min" + NBSP + "4" + NBSP + "s"))
        self.assertIsNone(self.control(shown, "Operators That Must Agree"))
        self.picture(shown, "preferences-administrator", TITLE)

    def test_automatic_is_switched_by_keys_alone(self):
        shown = self.open()
        self.unlock(shown)
        for _ in range(20):
            shown.press("Tab", title=TITLE)
            if shown.find("Keep the Clock Right", "check box", TITLE).has(FOCUSED):
                break
        shown.press("space", title=TITLE)
        self.wait_for_call("SetAutomatic (False,)")
        wait_for(lambda: not shown.find("Keep the Clock Right", "check box", TITLE).has(CHECKED), "the switch")

    def test_own_settings_need_no_password(self):
        shown = self.open()
        entry = os.path.join(os.environ["XDG_CONFIG_HOME"], "autostart")
        shown.toggle("Start at Login", within=TITLE)
        wait_for(lambda: os.path.isdir(entry) and os.listdir(entry), "the entry of the session")
        shown.toggle("Start at Login", within=TITLE)
        wait_for(lambda: not os.listdir(entry), "its end")
        before = shown.find("Notifications", "check box", TITLE).has(CHECKED)
        shown.toggle("Notifications", within=TITLE)
        wait_for(lambda: shown.find("Notifications", "check box", TITLE).has(CHECKED) != before, "the switch")

    def test_fits_a_narrow_screen(self):
        shown = self.open()
        self.unlock(shown)
        shown.resize(370, 700, TITLE)
        wait_for(lambda: shown.find(TITLE, "frame", TITLE).width <= 370, "the window to narrow")
        self.picture(shown, "preferences-narrow", TITLE)
        width = shown.find(TITLE, "frame", TITLE).width
        for node in shown.walk(within=TITLE):
            # The pages behind keep the place that they had.
            if node.width is not None and node.has(SHOWING):
                self.assertLessEqual(node.x + node.width, width + 1, node)


class OptionsTest(PreferencesTest):
    def test_options_are_sent_and_several_clicks_are_one(self):
        shown = self.open()
        self.unlock(shown)
        self.set_value(shown, "Step Above", 0.6, 0.7)
        self.wait_for_call("SetOptions ({'step-threshold': 0.7},)")
        self.assertEqual(len([call for call in self.fake.calls() if call.startswith("SetOptions")]), 1)
        self.set_value(shown, "Servers That Must Agree", 4)
        self.wait_for_call("SetOptions ({'minimum-sources': 4},)")
        self.go_to(shown, "Records", "Keep Records For")
        self.set_value(shown, "Keep Records For", 30)
        self.wait_for_call("SetOptions ({'keep-days': 30},)")
        shown.wait_for_text("days")
        self.set_value(shown, "Keep Records For", 1)
        shown.wait_for_text("day")
        shown.wait_until_gone("days")

    def test_what_waits_is_sent_when_the_window_closes(self):
        shown = self.open()
        self.unlock(shown)
        self.set_value(shown, "Servers That Must Agree", 5)
        shown.press("Escape", title=TITLE)
        self.wait_for_call("SetOptions ({'minimum-sources': 5},)")
        wait_for(lambda: self.polkit.calls[-1] == "revoke tmpauthz7", "the end of it")

    def test_a_refusal_is_told_in_its_row_and_the_value_goes_back(self):
        shown = self.open()
        self.unlock(shown)
        self.fake.tell("Refuse", "InvalidArgument")
        self.set_value(shown, "Servers That Must Agree", 9)
        shown.wait_for_text("The time service does not accept this.")
        wait_for(lambda: self.control(shown, "Servers That Must Agree").value == 3, "the old value")
        self.picture(shown, "preferences-refused", TITLE)
        self.set_value(shown, "Servers That Must Agree", 2)
        shown.wait_until_gone("The time service does not accept this.")
        self.wait_for_call("SetOptions ({'minimum-sources': 2},)")

    def test_records_are_deleted_after_one_question(self):
        shown = self.open()
        self.unlock(shown)
        self.go_to(shown, "Records", "Delete Records")
        self.picture(shown, "preferences-records", TITLE)
        shown.click("Delete…", within=TITLE)
        shown.wait_for_text("Delete All Records?")
        shown.click("Cancel")
        shown.wait_until_gone("Delete All Records?")
        self.assertFalse(any(call.startswith("DeleteRecords") for call in self.fake.calls()))
        shown.click("Delete…", within=TITLE)
        shown.wait_for_text("Delete All Records?")
        shown.click("Delete")
        self.wait_for_call("DeleteRecords")
        shown.wait_for_text("The records have been deleted.")

    def test_without_polkit_the_helper_alone_decides(self):
        shown = self.open(polkit=False)
        self.unlock(shown)
        self.set_value(shown, "Servers That Must Agree", 4)
        self.wait_for_call("SetOptions ({'minimum-sources': 4},)")


if __name__ == "__main__":
    unittest.main(verbosity=2)
