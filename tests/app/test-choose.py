#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add Servers against a helper that is made up: finding, testing, dropping, and adding some of several.

Run by with-display.py; see test-window.py for the environment.
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import fake  # noqa: E402
import window  # noqa: E402
from window import CHECKED, SENSITIVE, wait_for  # noqa: E402

NBSP = "\u00a0"
TITLE = "Add Servers"
IMPORT = "Import Servers"
SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "import-samples")


class ChooseBase(unittest.TestCase):
    def start(self, state="empty", **environment):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)
        shown = window.Window(**environment)
        self.addCleanup(lambda: self.assertIn(shown.close(), (0, -15)))
        shown.wait_for_text("Choose Who Tells You the Time" if state == "empty" else "Your clock")
        shown.press("ctrl+n")
        shown.wait_for_text("Suggested for You")
        return shown

    @staticmethod
    def picture(shown, name, title=TITLE):
        if os.environ.get("SCREENSHOTS"):
            shown.screenshot(os.path.join(os.environ["SCREENSHOTS"], name + ".png"), title)

    def wait_for_call(self, call):
        wait_for(lambda: any(call in made for made in self.fake.calls()), f"the call {call}")

    def ticked(self, shown):
        return sum(node.role == "check box" and node.has(CHECKED) for node in shown.walk(within=TITLE))


class ChooseTest(ChooseBase):
    def test_what_is_typed_at_once_is_looked_for(self):
        shown = self.start()
        shown.press("n", "e", "t", "n", "o", "d", title=TITLE)
        wait_for(lambda: shown.entry_text("Search servers") == "netnod", "the word")
        shown.wait_for_text("nts.netnod.se")

    def test_suggested_servers_are_tested_on_request(self):
        shown = self.start()
        self.assertEqual(self.ticked(shown), 4)
        self.assertEqual([call for call in self.fake.calls() if call.startswith("Diagnose")], [])
        shown.click("Test All")
        wait_for(lambda: shown.texts().count("14" + NBSP + "ms") == 4, "four results")
        self.assertEqual(len([text for text in shown.texts() if text.startswith("certificate: ")]), 4)
        self.assertEqual(len([call for call in self.fake.calls() if call.startswith("Diagnose")]), 4)
        self.assertEqual(self.ticked(shown), 4)
        self.picture(shown, "choose-tested")

    def test_what_does_not_work_is_not_chosen(self):
        shown = self.start()
        self.fake.tell("Diagnose", "certificate-expired")
        shown.click("Test All")
        wait_for(lambda: self.ticked(shown) == 0, "all to be given up")
        wait_for(lambda: shown.find("Test All", "push button"), "the end of the tests")
        self.assertFalse(shown.find("Add", "push button").has(SENSITIVE))
        self.picture(shown, "choose-failed")

    def test_tests_can_be_stopped(self):
        shown = self.start()
        self.fake.tell("DiagnoseTo", 2)
        shown.click("Test All")
        self.wait_for_call("Diagnose (")
        shown.click("Stop")
        shown.wait_for_text("Test All")
        self.assertFalse(shown.shows("certificate: "))
        self.assertEqual(len([call for call in self.fake.calls() if call.startswith("Diagnose")]), 1)

    def test_search_finds_names_operators_and_countries(self):
        shown = self.start()
        for text, found in (("netnod", "Sweden"), ("fau", "Germany"), ("switz", "Switzerland")):
            shown.type_into("Search servers", text)
            wait_for(lambda: shown.find(found) and not shown.find("Suggested for You"), f"{found} for {text}")
        shown.type_into("Search servers", "no such server")
        shown.wait_for_text("No server matches")
        shown.type_into("Search servers", "")
        shown.wait_for_text("Suggested for You")

    def test_one_country_can_be_chosen(self):
        shown = self.start()
        # Past the search.
        shown.press("Tab", title=TITLE)
        shown.press("space", title=TITLE)
        shown.wait_for_text("Many Countries")
        shown.press("Down", "Down", "Return", title=TITLE)
        wait_for(lambda: not shown.find("Suggested for You"), "one country")
        self.picture(shown, "choose-country")
        countries = [node for node in shown.walk(within=TITLE) if node.name.startswith("Test the servers of ")]
        self.assertEqual(len(countries), 1)

    def test_some_are_added_although_one_is_refused(self):
        shown = self.start()
        shown.type_into("Host Name or Address", "refused.example")
        shown.click("Add 5 Servers")
        shown.wait_for_text("4 of 5 servers were added, but not refused.example. "
                            "The time service does not accept this.")
        self.assertEqual(len(self.fake.get("Servers")), 4)
        # What has been added is not offered again.
        shown.wait_for_text("Add 1 Server")
        self.picture(shown, "choose-partly")

    def test_a_host_is_dropped_from_elsewhere(self):
        shown = self.start()
        shown.type_into("Search servers", "nts.example.org:4461")
        shown.wait_for_text("No server matches")
        shown.drag("Search servers", "No server matches", TITLE)
        shown.wait_for_text("Add 5 Servers")
        texts = [shown.entry_text(name) for name in ("Host Name or Address", "Port")]
        self.assertEqual(texts, ["nts.example.org", "4461"])

    def test_a_wrong_port_is_told_at_its_place(self):
        shown = self.start()
        shown.type_into("Port", "70000")
        shown.wait_for_text("A port is a number from 1 to 65535")
        self.assertFalse(shown.find("Add 4 Servers", "push button").has(SENSITIVE))
        shown.type_into("Port", "4460")
        shown.wait_until_gone("A port is a number from 1 to 65535")


class ImportTest(ChooseBase):
    def open(self, sample):
        shown = self.start(GNOMON_IMPORT_ROOT=os.path.join(SAMPLES, sample))
        # So that the row is on the screen.
        shown.type_into("Search servers", "no such server")
        shown.wait_for_text("No server matches")
        wait_for(lambda: shown.find("Import", "list item", TITLE).y < 600, "the row")
        shown.point_at("Import", TITLE)
        shown.wait_for_text("The other program and its files stay as they are.")
        return shown

    def test_what_is_found_is_shown_before_it_is_taken(self):
        shown = self.open("institute")
        shown.wait_for_text("Taken as They Are")
        for text in ("ntpd", "/etc/ntp.conf", "Taken, but Changed", "ptbtime1.ptb.de", "Not Taken", "6 lines",
                     "It was asked without proof, and is now asked for proof."):
            self.assertTrue(shown.shows(text), text)
        self.assertEqual(self.fake.calls(), [])
        self.picture(shown, "import", IMPORT)
        shown.click("Add 3 Servers")
        self.wait_for_call("AddServer ('ptbtime3.ptb.de', {")
        calls = self.fake.calls()
        self.assertIn("'ca': '/var/lib/ntp/ssl/root.pem'", next(call for call in calls if "ptbtime1" in call))
        self.assertIn("'nts': True", next(call for call in calls if "ptbtime3" in call))
        # Both windows have done their work.
        shown.wait_until_gone("The other program and its files stay as they are.")
        shown.wait_until_gone("Suggested for You")

    def test_only_what_is_ticked_is_taken_and_a_refusal_is_told(self):
        shown = self.open("ntpd-rs")
        shown.wait_for_text("Add 4 Servers")
        self.fake.tell("Refuse", "InvalidArgument")
        shown.point_at("ntpd-rs.pool.ntp.org", IMPORT)
        shown.click("Add 3 Servers")
        shown.wait_for_text("2 of 3 servers were added, but not nts.example.net. The time service does not accept this.")
        shown.wait_for_text("Add 1 Server")
        self.assertEqual(len(self.fake.get("Servers")), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
