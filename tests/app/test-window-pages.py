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


if __name__ == "__main__":
    unittest.main(verbosity=2)
