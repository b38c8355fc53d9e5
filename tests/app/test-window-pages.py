#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages behind the main one: a server, its test, the history. Run like test-window.py."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from window import SENSITIVE, wait_for  # noqa: E402
from window_case import NBSP, WindowTest  # noqa: E402

PTB = ("ptbtime1.ptb.de, PTB, Germany, vouches for the time, 8 of 8 cookies, 0.38 milliseconds slow")


class DiagnoseTest(WindowTest):
    def open(self, reason="", steps=7):
        shown = self.start()
        self.fake.tell("Diagnose", reason)
        self.fake.tell("DiagnoseTo", steps)
        shown.point_at(PTB)
        shown.wait_for_text("Vouches for the time")
        shown.press("ctrl+d")
        shown.wait_for_text("Nothing was changed by this test.")
        return shown

    def test_steps_come_as_they_end(self):
        shown = self.open(steps=2)
        shown.wait_for_text("192.0.2.10, TCP port 4460, by IPv4")
        shown.wait_for_text("Testing this server…")
        self.assertFalse(shown.shows("Check the Certificate"))
        self.assertFalse(shown.find("Copy Report", "push button").has(SENSITIVE))
        self.check_names(shown)
        self.fake.tell("DiagnoseTo", 4)
        shown.wait_for_text("Let's Encrypt R12, valid for 49 more days")
        self.fake.tell("DiagnoseTo", 7)
        shown.wait_for_text("This server works")
        self.assertTrue(shown.shows("Authenticated, stratum 1, offset +0.38" + NBSP + "ms"))
        self.picture(shown, "diagnose-works", "Diagnose")
        self.assertEqual(self.fake.calls(), ["Diagnose ('ptbtime1.ptb.de', {})"])
        shown.click("Run Again")
        wait_for(lambda: len(self.fake.calls()) == 2, "another test")
        shown.wait_for_text("This server works")

    def test_failure_is_explained_with_one_thing_to_do(self):
        shown = self.open("no-reply")
        shown.wait_for_text("Keys came, answers did not. 5 steps went well, 1 did not.")
        self.assertTrue(shown.shows("Most likely a firewall on the way drops long packets on UDP port 123."))
        self.assertTrue(shown.shows("Not reached"))
        self.check_names(shown)
        self.picture(shown, "diagnose", "Diagnose")
        shown.click("Copy Note for Your Administrator")
        shown.wait_for_text("Note copied")
        shown.click("Copy Report")
        shown.wait_for_text("Report copied")

    def test_certificate_leads_to_another_server(self):
        shown = self.open("certificate-expired")
        shown.wait_for_text("The certificate ran out, and the operator has not renewed it.")
        shown.click("Choose Another Server")
        shown.wait_for_text("Suggested for You")

    def test_test_can_be_cancelled(self):
        shown = self.open(steps=1)
        shown.click("Cancel", within="Diagnose")
        shown.wait_for_text("The test was cancelled")
        # What the helper tells now is no step of anything.
        self.fake.tell("DiagnoseTo", 7)
        self.assertFalse(shown.shows("Authenticated, stratum 1"))
        shown.press("Escape", title="Diagnose")
        shown.wait_until_gone("Nothing was changed by this test.")

    def test_refusal_is_told(self):
        shown = self.start()
        shown.point_at(PTB)
        shown.wait_for_text("Vouches for the time")
        self.fake.tell("Refuse", "NotAuthorised")
        shown.click("Diagnose")
        shown.wait_for_text("The test did not begin")
        self.assertTrue(shown.shows("You are not allowed to do this."))


class HistoryTest(WindowTest):
    def open(self, state="synchronised"):
        shown = self.start(state)
        shown.press("ctrl+h")
        shown.wait_for_text("Past 30 Days")
        return shown

    def test_shows_what_was_done_by_whom_and_why(self):
        shown = self.open()
        shown.wait_for_text("Set forward by 2.501" + NBSP + "s")
        for text in ("At the request of maria · 3 servers, run by 2 operators", "New keys from ptbtime1.ptb.de",
                     "New certificate for nts.netnod.se", "Another program set the clock back by",
                     "Samples Kept"):
            shown.wait_for_text(text)
        self.check_names(shown)
        self.picture(shown, "history")
        shown.press("alt+Left")
        shown.wait_for_text("Keep the Clock Right")

    def test_filter_leaves_one_kind(self):
        shown = self.open()
        shown.wait_for_text("New certificate for nts.netnod.se")
        # The list under the button takes keys alone.
        shown.press("Tab", "space", "Down", "Down", "Return")
        shown.wait_until_gone("New certificate for nts.netnod.se")
        titles = {node.name for node in shown.walk() if "ump of" in node.name or "Set " in node.name}
        self.assertEqual(titles, {"Jump of 1 day refused", "Jump of 1 day held back"})

    def test_a_step_meanwhile_is_written_down(self):
        shown = self.open("slow")
        shown.wait_for_text("Nothing Has Happened Yet")
        self.fake.tell("SetState", "synchronised")
        shown.wait_for_text("Set forward by 2.501" + NBSP + "s")

    def test_last_change_leads_here(self):
        shown = self.start()
        shown.point_at("Last Change")
        shown.wait_for_text("Past 30 Days")

    def test_exports_are_whole_files(self):
        shown = self.open()
        for item, title, name, words in (
                ("Table (CSV)…", "Export Table", "gnomon-history.csv", "time,kind,amount_s,who"),
                ("Data (JSON)…", "Export Data", "gnomon-history.json", '"format"'),
                ("Report for Auditors…", "Export Report", "gnomon-report.html", "8F:2C:91:0B")):
            with self.subTest(item=item):
                shown.click("Export")
                shown.click(item)
                wait_for(lambda: shown.x_window(title), "the question for a file")
                shown.press("Return", title=title)
                shown.wait_for_text(f"Saved as “{name}”")
                with open(os.path.join(os.environ["HOME"], name), encoding="utf-8") as file:
                    self.assertIn(words, file.read())


if __name__ == "__main__":
    unittest.main(verbosity=2)
