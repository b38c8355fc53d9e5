#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything fits a screen of 360 px, in every language, from every order of opening and of making smaller.

Run by with-display.py; see test-window.py for the environment. LOCALES and PRELOADED bring the translations that
have been built, LANGUAGES their codes.
"""

import gettext
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gi.repository import GLib  # noqa: E402
import fake  # noqa: E402
import window  # noqa: E402
from window import FOCUSED, SHADOW, WINDOWS, wait_for  # noqa: E402

NBSP = "\u00a0"
SCREEN = 360
SMALL = SCREEN + 2 * SHADOW
HIGH = 1000
HOST = "ptbtime1.ptb.de"
LANGUAGES = os.environ["LANGUAGES"].split()


class Fit(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.faults = []

    def begin(self, language, state="synchronised"):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)
        shown = window.Window(LC_ALL="C.UTF-8", LANGUAGE=language, LD_PRELOAD=os.environ["PRELOADED"],
                              OTHER_LOCALES=os.environ["LOCALES"])
        self.addCleanup(shown.close)
        wait_for(lambda: shown.shows(HOST), "the servers")
        return shown

    @staticmethod
    def show(shown, page):
        """Opens a page and waits for something that stands on no other one."""
        action, parameters, sign = {
            "clock": ("win.back", [], "+0.31"), "history": ("win.history", [], "maria"),
            "server": ("app.show-server", [GLib.Variant("s", HOST)], "192.0.2.10")}[page]
        shown.activate(action, *parameters)
        shown.wait_for_text(sign)

    def check_fits(self, shown, what, title=None):
        """The window is as narrow as it was made, and nothing in it reaches beyond its sides. title: None = Gnomon"""
        # A tooltip of what happens to be below the pointer is no part of the window.
        subprocess.run(["xdotool", "mousemove", "990", "990"], check=True)

        def faults():
            # Where a scrollbar was last is told even after it has gone.
            nodes = [node for node in shown.walk(within=title or "Gnomon")
                     if node.width is not None and node.name not in ("GtkScrollbar", "GtkRange")]
            frame = next((node for node in nodes if node.role in WINDOWS), None)
            if not frame:
                return ["no window"]
            if frame.width > SCREEN:
                return [f"the window is {frame.width} px wide"]
            return [f"{node}: {node.x} to {node.x + node.width}" for node in nodes
                    if node.x < -1 or node.x + node.width > SCREEN + 1]
        try:
            wait_for(lambda: not faults(), "it to fit", 10)
        except AssertionError:
            self.faults.append(f"{what}: {faults()}")


class OrdersTest(Fit):
    """Pages are made when they are looked at first; each order finds another set of them in the window."""

    def check_order(self, language, first, second):
        shown = self.begin(language)
        shown.resize(800, HIGH)
        self.show(shown, first)
        shown.resize(SMALL, HIGH)
        self.check_fits(shown, f"{language}: {first}, opened wide")
        self.show(shown, second)
        self.check_fits(shown, f"{language}: {second} after {first}, opened narrow")
        shown.resize(800, HIGH)
        shown.resize(SMALL, HIGH)
        self.check_fits(shown, f"{language}: {second}, made smaller again")
        self.show(shown, "clock")
        self.check_fits(shown, f"{language}: the clock")
        shown.close()
        self.fake.stop()

    def test_every_order_of_opening(self):
        for language in LANGUAGES:
            self.check_order(language, "history", "server")
            self.check_order(language, "server", "history")
        self.assertEqual(self.faults, [])


class NarrowTest(Fit):
    """How what is narrow is laid out."""

    @staticmethod
    def width_in_header(shown, text, title="Gnomon"):
        """Of the words in the middle of the header bar: less than they need when they are cut."""
        return min((node for node in shown.walk(within=title) if node.name == text and node.role == "other"),
                   key=lambda node: node.y).width

    def test_server_page_follows_the_window(self):
        shown = self.begin("C")
        self.show(shown, "server")
        wide = self.width_in_header(shown, HOST)
        self.assertGreater(shown.find("Jitter").x, shown.find("Delay").x)
        shown.resize(SMALL, HIGH)
        wait_for(lambda: shown.find("Jitter").x == shown.find("Offset").x, "two columns")
        self.check_fits(shown, "the server")
        self.assertEqual(self.width_in_header(shown, HOST), wide)
        # What is accepted stands below, with all the room that there is.
        title, choice = ({node.x for node in shown.walk() if node.name == name and node.role == "other"}
                         for name in ("Accept", "Any Trusted Issuer"))
        self.assertTrue(title & choice)
        back, title = (shown.find(name).x for name in ("Back", HOST))
        self.assertLess(back + shown.find("Back").width, title + 1)
        button = shown.find("Diagnose", "push button")
        self.assertGreater(button.y, shown.find("Vouches for the time").y)
        shown.resize(800, HIGH)
        wait_for(lambda: shown.find("Jitter").x > shown.find("Offset").x, "four columns")
        # Four columns that would leave no room for a number beside its meter are too many.
        shown.resize(560, HIGH)
        wait_for(lambda: shown.find("Gnomon", "frame").width == 560 - 2 * SHADOW, "another width")
        wait_for(lambda: shown.find("377").height == shown.find("14.000" + NBSP + "ms").height, "a number in one line")
        self.assertEqual(self.faults, [])

    def test_title_of_a_test_is_whole(self):
        shown = self.begin("C")
        shown.activate("win.diagnose", GLib.Variant("s", HOST))
        shown.wait_for_text("This server works")
        wide = self.width_in_header(shown, HOST, "Diagnose")
        wait_for(lambda: shown.find("Run Again", "push button").has(FOCUSED), "the focus")
        shown.resize(SMALL, HIGH, "Diagnose")
        wait_for(lambda: any(node.y > HIGH / 2 for node in shown.walk() if node.name == "Run Again" and node.role == "push button"),
                 "the button at the foot")
        self.assertEqual(self.width_in_header(shown, HOST, "Diagnose"), wide)
        # It has gone there with the focus.
        wait_for(lambda: shown.find("Run Again", "push button").has(FOCUSED), "the focus")
        shown.click("Copy Report")
        shown.wait_for_text("Report copied")

    def test_shortcuts_have_a_title(self):
        shown = self.begin("C")
        shown.activate("app.shortcuts")
        wait_for(lambda: shown.x_window("Keyboard Shortcuts"), "the title")


class StatesTest(Fit):
    def test_every_state(self):
        for language in LANGUAGES:
            shown = self.begin(language)
            shown.resize(SMALL, HIGH)
            for state in ("disagree", "needs-decision", "conflict", "empty", "long"):
                self.fake.tell("SetState", state)
                self.check_fits(shown, f"{language}: {state}")
            self.fake.tell("SetState", "slow")
            shown.activate("app.sync-now")
            wait_for(lambda: any("SyncNow" in call for call in self.fake.calls()), "the call of SyncNow")
            self.fake.tell("Progress", "measuring", 17, 32)
            self.check_fits(shown, f"{language}: the sync")
            self.fake.tell("Answer", "corrected")
            wait_for(lambda: shown.shows("+2.501"), "the result")
            self.check_fits(shown, f"{language}: the result")
            shown.close()
            self.fake.stop()
        self.assertEqual(self.faults, [])


class WindowsTest(Fit):
    """Those in front of the main one."""

    def check_window(self, shown, n, sign, what):
        """The last of n windows, as soon as it shows the sign."""
        def title():
            titles = [node.name for node in shown.walk() if node.role in WINDOWS]
            return len(titles) == n and shown.shows(sign) and next(name for name in titles if name not in self.open)

        title = wait_for(title, what)
        shown.resize(SMALL, HIGH, title)
        self.check_fits(shown, what, title)
        return title

    def close(self, shown, title):
        shown.press("Escape", title=title)
        wait_for(lambda: not shown.find(title, within=title), f"{title} to go")

    def check_diagnoses(self, shown, language):
        for reason in ("no-reply", "certificate-expired"):
            self.fake.tell("Diagnose", reason)
            shown.activate("win.diagnose", GLib.Variant("s", HOST))
            self.close(shown, self.check_window(shown, 2, "2001:db8::10", f"{language}: diagnose {reason}"))

    def check_choosers(self, shown, language, say):
        shown.activate("app.add-server")
        choose = self.check_window(shown, 2, say("All Servers"), f"{language}: the list of servers")
        shown.type_into(say("Search servers"), "no such server")
        shown.wait_for_text(say("No server matches"))
        self.check_fits(shown, f"{language}: nothing in the list", choose)
        wait_for(lambda: shown.find(say("Import"), "list item", choose).y < 800, "the row")
        shown.point_at_node(shown.find(say("Import"), "list item", choose), choose)
        self.open.append(choose)
        self.close(shown, self.check_window(shown, 3, "/etc/ntp.conf", f"{language}: the import"))
        self.close(shown, choose)
        self.open.remove(choose)

    def check_language(self, language):
        say = gettext.translation("gnomon", os.environ["LOCALES"], [language], fallback=True).gettext
        shown = self.begin(language)
        self.open = ["Gnomon"]
        self.check_diagnoses(shown, language)
        self.check_choosers(shown, language, say)
        shown.activate("app.help")
        self.close(shown, self.check_window(shown, 2, say("How Gnomon Knows the Time"), f"{language}: help"))
        shown.close()
        self.fake.stop()

    def test_every_window(self):
        for language in LANGUAGES:
            self.check_language(language)
        self.assertEqual(self.faults, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
