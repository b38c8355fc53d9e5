#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window against a helper that is made up: every state, every action, every name for a screen reader.

Run by with-display.py; an argument names one of the classes. The environment names GNOMON, CONTRACT and, for
pictures, SCREENSHOTS (a folder).
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gi.repository import GLib  # noqa: E402
from window import CHECKED, SENSITIVE, wait_for  # noqa: E402
from window_case import NBSP, STATES, WindowTest  # noqa: E402


class StatesTest(WindowTest):
    def test_shows_every_state_in_its_own_words(self):
        shown = self.start()
        for state in STATES:
            with self.subTest(state=state):
                self.fake.tell("SetState", state)
                self.wait_for_state(shown, state)
                self.check_names(shown)
                self.picture(shown, state)

    def test_rows_say_everything_to_a_screen_reader(self):
        shown = self.start()
        row = "ptbtime2.ptb.de, PTB, Germany, vouches for the time, 7 of 8 cookies, 0.29 milliseconds slow"
        self.assertIsNotNone(shown.find(row, "list item"))

    def test_keeps_hidden_pages_from_a_screen_reader(self):
        shown = self.start()
        names = [node.name for node in shown.walk(hidden=True)]
        self.assertIn("Servers", names)
        self.assertNotIn("The Time Service Is Not Running", names)
        self.assertNotIn("Getting Keys", names)

    def test_counts_cookies_as_the_helper_does(self):
        shown = self.start()
        self.fake.tell("SetServer", "nts.netnod.se", {"cookies": GLib.Variant("y", 3)})
        shown.wait_for_text("3 of 8 cookies")
        meters = [node.name for node in shown.walk() if node.role == "level bar"]
        self.assertEqual(meters, [f"{server['cookies']} of 8 cookies" for server in self.fake.get("Servers")])

    def test_automatic_is_the_helpers_word(self):
        shown = self.start()
        shown.toggle("Keep the Clock Right")
        self.wait_for_call("SetAutomatic (False,)")
        wait_for(lambda: not shown.find("Keep the Clock Right", "check box").has(CHECKED), "the switch to move")

    def test_graph_offers_no_range_of_which_nothing_is_known(self):
        shown = self.start("nobody")
        self.assertTrue(shown.shows(f"10{NBSP}min"))
        self.assertFalse(shown.shows(f"24{NBSP}h") or shown.shows(f"7{NBSP}d"))

    def test_graph_reaches_as_far_back_as_the_helper_remembers(self):
        shown = self.start()
        for button, name in ((f"24{NBSP}h", "last 24 hours"), (f"7{NBSP}d", "last 7 days")):
            shown.wait_for_text(button)
            shown.click(button)
            wait_for(lambda name=name: any(node.name == "Clock offset, " + name for node in shown.walk()), name)
            self.picture(shown, "range-" + name.split(" ")[1])

    def test_all_numbers_are_behind_one_row(self):
        shown = self.start()
        self.assertFalse(shown.shows("−12.482"))
        shown.point_at("All Numbers")
        shown.wait_for_text("−12.482" + NBSP + "ppm")
        self.assertTrue(shown.shows("37" + NBSP + "s"))
        self.fake.tell("Set", "Tracking", GLib.Variant("a{sv}", {}))
        shown.wait_until_gone("37" + NBSP + "s")

    def test_missing_helper_has_a_page(self):
        shown = self.start()
        self.fake.stop()
        shown.wait_for_text("The Time Service Is Not Running")
        self.check_names(shown)
        self.picture(shown, "helper-missing")
        self.assertFalse(shown.shows("Sync Securely Now"))
        shown.click("Start Service")
        shown.wait_for_text("The time service could not be started.")
        shown.click("Show What Went Wrong")
        shown.wait_for_text("was not provided by any .service files")
        shown.click("Close", within="What Went Wrong")
        self.fake.start("synchronised")
        self.wait_for_state(shown, "synchronised")

    def test_narrow_window_shows_everything_stacked(self):
        shown = self.start()
        # As somebody who pulls at its edge: what is laid out wide cannot be made that narrow at once.
        for width in (490, 370):
            shown.resize(width, 900)
            wait_for(lambda: shown.find("Gnomon", "frame").width <= width, "the window to narrow")
            wait_for(lambda: not shown.shows("delay 14"), "the narrow rows")
        wait_for(lambda: shown.find("Sync Securely Now", "push button").y > 600, "the button at the bottom")
        self.check_names(shown)
        self.picture(shown, "narrow")
        width = shown.find("Gnomon", "frame").width
        for node in shown.walk():
            if node.width is not None:
                self.assertLessEqual(node.x + node.width, width + 1, node)

    def test_small_screen_fits_from_the_start(self):
        # Neither the page of the clock nor any other has been shown before, and one name is long.
        for state in ("empty", "long"):
            with self.subTest(state=state):
                shown = self.start(state)
                shown.wait_for_text("Choose Servers…" if state == "empty" else "Keep the Clock Right")
                for width in (490, 370):
                    shown.resize(width, 700)
                    wait_for(lambda width=width: shown.find("Gnomon", "frame").width <= width, "the window to narrow")
                width = shown.find("Gnomon", "frame").width
                for node in shown.walk():
                    if node.width is not None:
                        self.assertLessEqual(node.x + node.width, width + 1, node)
                self.picture(shown, "narrow-" + state)
                shown.close()
                self.fake.stop()


class SyncTest(WindowTest):
    def test_sync_shows_its_course_and_its_result(self):
        shown = self.start("slow")
        shown.click("Sync Securely Now")
        shown.wait_for_text("Synchronising securely…")
        self.assertTrue(shown.shows("Nothing has been changed yet"))
        self.wait_for_call("SyncNow")
        self.fake.tell("Progress", "keys", 4, 4)
        shown.wait_for_text("4 of 4 servers · certificates checked")
        self.fake.tell("Progress", "measuring", 17, 32)
        shown.wait_for_text("17 of 32 answers, all authenticated")
        self.check_names(shown)
        self.picture(shown, "syncing")
        self.fake.tell("Progress", "setting", 0, 0)
        shown.wait_for_text("The clock is being set")
        self.fake.tell("Answer", "corrected")
        shown.wait_for_text("+2.501" + NBSP + "s")
        shown.wait_for_text("Your clock was slow. It was set forward at")
        shown.wait_for_text("Set forward by 2.501" + NBSP + "s, today at")
        for text in ("Corrected", "4 of 4", "1.8" + NBSP + "s"):
            self.assertTrue(shown.shows(text), text)
        wait_for(lambda: self.is_focused(shown, "Done"), "the focus on Done")
        self.check_names(shown)
        self.picture(shown, "synced")
        shown.press("Return")
        shown.wait_until_gone("Corrected")
        shown.wait_for_text("Offset, uncertainty")
        # The keys still work, although what had the focus is gone.
        shown.press("F5")
        shown.wait_for_text("Synchronising securely…")

    def test_small_correction_is_a_passing_remark(self):
        shown = self.start()
        shown.press("F5")
        self.wait_for_call("SyncNow")
        self.fake.tell("Answer", "right")
        shown.wait_for_text("Your clock was right. It was off by 0.20" + NBSP + "ms.")
        self.assertIsNone(shown.find("Corrected"))

    def test_sync_can_be_cancelled(self):
        shown = self.start()
        shown.click("Sync Securely Now")
        self.wait_for_call("SyncNow")
        shown.press("Escape")
        self.wait_for_call("CancelSync")
        shown.wait_for_text("Cancelled. Nothing was changed.")
        shown.wait_for_text("Sync Securely Now")

    def test_closed_password_dialog_says_nothing(self):
        shown = self.start()
        shown.click("Sync Securely Now")
        self.wait_for_call("SyncNow")
        self.fake.tell("Answer", "Cancelled")
        shown.wait_for_text("Sync Securely Now")
        shown.wait_for_text("Offset, uncertainty")
        self.assertFalse(shown.shows("Cancelled"))

    def test_failure_says_why_nothing_was_changed(self):
        shown = self.start("disagree")
        for error, sentence in (("NoQuorum", "Not enough servers agree about the time."),
                                ("NotAuthorised", "You are not allowed to do this."),
                                ("KeyExchangeFailed", "No server handed out keys")):
            with self.subTest(error=error):
                shown.click("Sync Securely Now")
                shown.wait_for_text("Getting Keys")
                self.fake.tell("Answer", error)
                shown.wait_for_text(sentence)
                self.assertTrue(shown.shows("Nothing was changed"))
                self.assertFalse(shown.shows("a message for experts"))
                shown.click("Done")
                shown.wait_until_gone(sentence)


class ServersTest(WindowTest):
    def test_wrong_host_is_refused_before_it_is_sent(self):
        shown = self.start()
        shown.press("ctrl+n")
        shown.wait_for_text("Suggested for You")
        self.check_names(shown)
        self.picture(shown, "choose", "Add Servers")
        for host, reason in (("time example", "A host name has no spaces"),
                             ("ptbtime1.ptb.de", "This server is in your list already"),
                             ("192.0.2", "This address is not complete")):
            shown.type_into("Host Name or Address", host)
            wait_for(lambda: shown.shows(reason), reason)
            button = next(n for n in shown.walk() if n.name.startswith("Add 1 Server"))
            self.assertFalse(button.has(SENSITIVE))
        self.assertEqual(self.fake.calls(), [])

    def test_server_is_shown_for_a_notification(self):
        shown = self.start()
        self.fake.bus.call_sync(
            "org.gnomon.Gnomon", "/org/gnomon/Gnomon", "org.freedesktop.Application", "ActivateAction",
            GLib.Variant("(sava{sv})", ("show-server", [GLib.Variant("s", "nts.netnod.se")], {})), None, 0, -1, None)
        shown.wait_for_text("Cookie Length")
        self.assertTrue(shown.shows("nts.netnod.se"))

    def test_servers_are_added(self):
        shown = self.start()
        shown.press("ctrl+n")
        shown.wait_for_text("Suggested for You")
        shown.type_into("Host Name or Address", "quartz.localhost")
        shown.type_into("Port", "14460")
        shown.click("Add 1 Server")
        self.wait_for_call("AddServer ('quartz.localhost', {'port': 14460})")
        shown.wait_until_gone("Suggested for You")
        shown.wait_for_text("quartz.localhost")

    def test_refusal_is_told_in_the_dialog(self):
        shown = self.start()
        shown.press("ctrl+n")
        shown.wait_for_text("Suggested for You")
        shown.type_into("Host Name or Address", "refused.example")
        shown.click("Add 1 Server")
        shown.wait_for_text("The time service does not accept this.")
        self.assertFalse(shown.shows("refused.example, "))

    def test_first_servers_are_chosen_by_one_click(self):
        shown = self.start("empty", TZ="Europe/Berlin")
        self.picture(shown, "empty")
        shown.click("Use Four Servers Near You")
        wait_for(lambda: len(self.fake.get("Servers")) == 4, "four servers")
        operators = {server["operator"] for server in self.fake.get("Servers")}
        self.assertEqual(len(operators), 4)
        shown.wait_for_text("looking up the address…")

    def test_nothing_is_near_when_nobody_knows_where_the_user_is(self):
        shown = self.start("empty", TZ="UTC", LC_ALL="C.UTF-8")
        self.assertTrue(shown.find("Use Four Servers", "push button"))
        shown.press("ctrl+n")
        shown.wait_for_text("Independent of each other.")
        self.assertFalse(shown.shows("Near you") or shown.shows("Near You"))

    def test_server_has_a_page_and_can_be_removed(self):
        shown = self.start()
        shown.point_at("nts.netnod.se, Netnod, Sweden, vouches for the time, 8 of 8 cookies, "
                       "0.12 milliseconds fast")
        shown.wait_for_text("Vouches for the time")
        shown.wait_for_text("AES-SIV-CMAC-256")
        self.check_names(shown)
        self.picture(shown, "server")
        # From the first of the page to the last, which the focus scrolls to.
        wait_for(lambda: self.is_focused(shown, "Back"), "the focus on the page")
        shown.press("shift+Tab", "Return")
        shown.wait_for_text("Remove “nts.netnod.se”?")
        self.assertTrue(shown.shows("2 servers remain. 3 must agree before the clock is changed."))
        shown.click("Cancel")
        shown.wait_until_gone("Remove “nts.netnod.se”?")
        self.assertEqual(self.fake.calls(), [])
        shown.press("Return")
        shown.click("Remove")
        self.wait_for_call("RemoveServer ('nts.netnod.se',)")
        shown.wait_for_text("3 of 3 servers")
        self.assertFalse(shown.shows("nts.netnod.se, "))


if __name__ == "__main__":
    unittest.main(verbosity=2)
