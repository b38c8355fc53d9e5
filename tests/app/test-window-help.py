#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Help and About. Needs a display; see window_case.py."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from window import wait_for  # noqa: E402
from window_case import WindowTest  # noqa: E402

HEADING, IMAGE = 83, 27  # of AtspiRole


class HelpTest(WindowTest):
    def roles(self, shown, wanted):
        """Names of all that has that role in the help."""
        accessible = "org.a11y.atspi.Accessible"
        return [node.name for node in shown.walk(within="Help")
                if node.call(accessible, "GetRole")[0] == wanted]

    def test_help_opens_by_key_and_is_there_once(self):
        shown = self.start()
        shown.press("F1")
        shown.wait_for_text("How Gnomon Knows the Time")
        for text in ("A cookie is a one-time ticket", "Why Several Servers and Operators", "When You Must Decide",
                     "What the Symbol in the Panel Says", "Nobody vouches for the clock"):
            self.assertTrue(shown.shows(text), text)
        headings = self.roles(shown, HEADING)
        self.assertEqual(headings[:2], ["How Gnomon Knows the Time", "Keys, Cookies and Signed Time"])
        self.assertGreaterEqual(len(headings), 8)
        pictures = [name for name in self.roles(shown, IMAGE) if name]
        self.assertEqual(len(pictures), 1, pictures)
        self.assertIn("the server hands out eight cookies", pictures[0])
        self.picture(shown, "help", "Help")
        shown.press("F1")
        self.assertEqual(len([node for node in shown.walk() if node.role in ("frame", "window", "dialog")
                              and node.name == "Help"]), 1)
        shown.press("Escape", title="Help")
        shown.wait_until_gone("How Gnomon Knows the Time")
        self.assertTrue(shown.find("Gnomon"))

    def test_menu_has_help(self):
        shown = self.start()
        shown.press("F10")
        shown.wait_for_text("About Gnomon")
        shown.click("Help")
        shown.wait_for_text("How Gnomon Knows the Time")

    def test_about_credits_whose_work_it_is(self):
        shown = self.start()
        shown.press("F10")
        shown.click("About Gnomon")
        shown.wait_for_text("The Gnomon authors")
        shown.point_at("Legal", title="About")
        shown.wait_for_text("List of Public Time Servers")
        wait_for(lambda: shown.shows("Jauder Ho"), "the credit")


if __name__ == "__main__":
    unittest.main(verbosity=2)
