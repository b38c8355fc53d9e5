#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages behind the main one: a server, its test, the history. Run like test-window.py."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from gi.repository import GLib  # noqa: E402
from window import FOCUSED, SENSITIVE, wait_for  # noqa: E402
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
        shown.wait_for_text("Keys came, answers did not. 6 steps went well, 1 did not.")
        self.assertTrue(shown.shows("Most likely a firewall on the way drops long packets on UDP port 123."))
        self.check_names(shown)
        self.picture(shown, "diagnose", "Diagnose")
        shown.click("Copy Note for Your Administrator")
        shown.wait_for_text("Note copied")
        shown.click("Copy Report")
        shown.wait_for_text("Report copied")

    def test_certificate_leads_to_another_server(self):
        shown = self.open("certificate-expired")
        shown.wait_for_text("The certificate ran out, and the operator has not renewed it.")
        self.assertTrue(shown.shows("Not reached"))
        shown.click("Choose Another Server")
        shown.wait_for_text("Suggested for You")

    def test_test_can_be_cancelled(self):
        shown = self.open(steps=1)
        shown.click("Cancel", within="Diagnose")
        shown.wait_for_text("The test was cancelled")
        self.assertEqual(self.fake.calls()[1:], ["CancelDiagnose ()"])
        # What the helper tells now is no step of anything.
        self.fake.tell("DiagnoseTo", 7)
        self.assertFalse(shown.shows("Authenticated, stratum 1"))
        shown.click("Run Again")
        shown.wait_for_text("This server works")
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


class ServerTest(WindowTest):
    def open(self):
        shown = self.start()
        shown.point_at(PTB)
        shown.wait_for_text("Trust History")
        return shown

    def test_certificates_so_far_are_told(self):
        shown = self.open()
        for text in ("Same certificate", "New certificate, same issuer", "New certificate, another issuer", "First seen",
                     "Let's Encrypt R12, valid until", "Key exchange with 192.0.2.10"):
            self.assertTrue(shown.shows(text), text)
        self.check_names(shown)
        shown.resize(800, 1090)
        self.picture(shown, "server")

    def test_accepted_certificates_are_chosen(self):
        shown = self.open()
        # All the rest of the page is passed by the keyboard; the list under the row takes keys alone.
        shown.point_at("Accept")
        shown.press("Down", "Return")
        self.wait_for_call("ChangeServer ('ptbtime1.ptb.de', {'accept': 'issuer'})")
        wait_for(lambda: self.fake.get("Servers")[0]["accept"] == "issuer", "the change")
        self.assertEqual(len(self.fake.calls()), 1)

    def test_meters_and_what_the_state_rests_on(self):
        shown = self.open()
        self.assertTrue(shown.shows("Its answers are authenticated and agree with the 2 other servers."))
        self.fake.tell("SetServer", "ptbtime1.ptb.de", {"reach": GLib.Variant("y", 0o357),
                                                        "cookies": GLib.Variant("y", 3)})
        wait_for(lambda: shown.find("357"), "the octal number")
        meters = [node.name for node in shown.walk() if node.role == "level bar"]
        self.assertEqual(meters, ["7 of 8 answers", "3 of 8 cookies"])
        self.check_names(shown)
        self.picture(shown, "server-meters")

    def test_a_file_gives_way_to_the_systems_list(self):
        shown = self.open()
        shown.wait_for_text("The system’s list")
        self.assertIsNone(shown.find("Use the System’s List", "push button"))
        self.fake.tell("SetServer", "ptbtime1.ptb.de", {"ca": GLib.Variant("s", "/etc/own.pem")})
        shown.wait_for_text("/etc/own.pem")
        self.check_names(shown)
        shown.click("Use the System’s List")
        self.wait_for_call("ChangeServer ('ptbtime1.ptb.de', {'ca': ''})")
        shown.wait_until_gone("/etc/own.pem")
        self.assertIsNone(shown.find("Use the System’s List", "push button"))

    def test_what_the_administrator_has_set_stays(self):
        shown = self.open()
        self.fake.tell("SetServer", "ptbtime1.ptb.de", {
            "locked": GLib.Variant("b", True), "ca": GLib.Variant("s", "/etc/gnomon/ca.pem")})
        shown.wait_for_text("Set by your administrator")
        self.assertTrue(shown.shows("/etc/gnomon/ca.pem"))
        self.assertFalse(shown.find("Choose File…", "push button").has(SENSITIVE))
        self.assertIsNone(shown.find("Use the System’s List", "push button"))


class GraphTest(WindowTest):
    @staticmethod
    def focus_graph(shown):
        for _ in range(20):
            graph = shown.find("Clock offset, last hour")
            if graph.has(FOCUSED):
                return
            shown.press("Tab")
        raise AssertionError("the graph cannot be reached by Tab")

    def test_keys_change_the_range(self):
        shown = self.start()
        shown.wait_for_text("Clock offset, last hour")
        self.check_names(shown)
        self.focus_graph(shown)
        for key, label in (("minus", "Clock offset, last 24 hours"), ("minus", "Clock offset, last 7 days"),
                           ("plus", "Clock offset, last 24 hours"), ("plus", "Clock offset, last hour"),
                           ("plus", "Clock offset, last 10 minutes"), ("plus", "Clock offset, last 10 minutes")):
            shown.press(key)
            shown.wait_for_text(label)

    def test_focus_is_seen(self):
        shown = self.start()
        shown.wait_for_text("Clock offset, last hour")
        graph = shown.find("Clock offset, last hour")
        beside = (graph.x - 3, graph.y + graph.height // 2)
        before = shown.colour_at(*beside)
        self.assertEqual(before, shown.colour_at(graph.x - 8, beside[1]))
        self.focus_graph(shown)
        wait_for(lambda: shown.colour_at(*beside) != before, "a line around the graph")
        self.picture(shown, "graph-focus")

    def test_table_has_the_same_data(self):
        shown = self.start()
        shown.wait_for_text("Clock offset, last hour")
        self.focus_graph(shown)
        shown.press("shift+F10")
        shown.press("Return")
        shown.wait_for_text("All servers")
        for text in ("Source", "Uncertainty", "ptbtime1.ptb.de"):
            self.assertTrue(shown.shows(text), text)
        self.check_names(shown)
        self.picture(shown, "table", "Clock Offset")
        shown.press("Escape", title="Clock Offset")
        shown.wait_until_gone("All servers")


if __name__ == "__main__":
    unittest.main(verbosity=2)
