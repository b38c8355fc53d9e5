#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window with the real helper, which has a virtual clock, and with real servers on loopback: by the accessibility
bus and by keys. Run by with-display.py; the environment is that of the helper's tests and of test-window.py.
"""

import getpass
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import harness  # noqa: E402
import window  # noqa: E402
from gi.repository import GLib  # noqa: E402
from real_case import RealTest  # noqa: E402
from window import CHECKED, wait_for  # noqa: E402
from window_case import NBSP  # noqa: E402

PREFERENCES = "Preferences"


class RealSyncTest(RealTest):
    def test_click_corrects_the_clock_and_is_written_down(self):
        shown = self.start()
        shown.wait_for_text("Automatic correction is off")
        self.sync(shown)
        self.assertTrue(shown.shows("Your clock was slow. It was set forward at"))
        step, = self.events("stepped")
        self.assertAlmostEqual(step["amount"], 2.5, delta=0.1)
        amount = f"{step['amount']:.3f}{NBSP}s"
        self.assertTrue(shown.shows("+" + amount))
        self.check_names(shown)
        self.picture(shown, "real-corrected")
        shown.click("Show History")
        shown.wait_for_text("Set forward by " + amount)
        shown.wait_for_text(f"At the request of {getpass.getuser()} · ")
        for host in self.servers.hosts:
            shown.wait_for_text("New keys from " + host)
        self.check_names(shown)
        shown.press("alt+Left")
        shown.wait_for_text(f"Set forward by {amount}, today at")
        # A window that has not seen it says the same.
        self.check_end(shown)
        with window.Window() as another:
            another.wait_for_text(f"Set forward by {amount}, today at")
            self.assertTrue(any(node.name.endswith(", at your request") for node in another.walk()))

    def test_waiting_for_a_silent_server_can_be_ended(self):
        shown = self.start()
        self.servers.tell("*", "sabotage", "silent")
        shown.press("F5")
        shown.wait_for_text("Synchronising securely…")
        wait_for(lambda: self.caller.progress, "the helper to begin")
        shown.press("Escape")
        shown.wait_for_text("Cancelled. Nothing was changed.")
        self.assertEqual(self.get("LastStep"), 0)
        shown.wait_for_text("Sync Securely Now")


class RealServersTest(RealTest):
    def test_server_is_added_by_hand(self):
        shown = self.start(hosts=harness.HOSTS[:3])
        host = harness.HOSTS[3]
        shown.wait_for_text("Automatic correction is off")
        shown.press("ctrl+n")
        shown.wait_for_text("Another Server")
        shown.type_into("Host Name or Address", host)
        shown.type_into("Port", str(self.servers.ke_ports[host]))
        shown.click("Choose File…", within="Add Servers")
        self.choose_file(shown, "Choose a Certificate Authority", self.servers.ca)
        shown.wait_for_text(self.servers.ca)
        self.picture(shown, "real-add", "Add Servers")
        shown.click("Add 1 Server")
        wait_for(lambda: len(self.get("Servers")) == 4, "the helper to know it")
        added = self.server(host)
        self.assertEqual((added["port"], added["ca"]), (self.servers.ke_ports[host], self.servers.ca))
        self.sync(shown)
        # A quorum may stand before the new one has answered; what was typed has got keys from it.
        wait_for(lambda: self.server(host).get("cookies"), "keys from the new one")

    def test_server_is_removed(self):
        shown = self.start()
        host = self.servers.hosts[3]
        shown.point_at_row(host)
        shown.wait_for_text("Trust History" if self.server(host).get("cookies") else "Protection")
        # From the first of the page to the last.
        wait_for(lambda: self.is_focused(shown, "Back"), "the focus on the page")
        shown.press("shift+Tab", "Return")
        shown.wait_for_text(f"Remove “{host}”?")
        shown.click("Remove")
        wait_for(lambda: len(self.get("Servers")) == 3, "the helper to forget it")
        shown.wait_until_gone(host)


class RealTrustTest(RealTest):
    def open(self):
        """The page of a server that the user may change: not one of the administrator's file."""
        shown = self.start(hosts=harness.HOSTS[:3])
        self.host = harness.HOSTS[3]
        self.caller.call("AddServer", "(sa{sv})", self.host, {
            "port": GLib.Variant("q", self.servers.ke_ports[self.host]), "ca": GLib.Variant("s", self.servers.ca)})
        self.sync(shown)
        wait_for(lambda: self.server(self.host).get("cookies"), "its keys")
        shown.press("Return")
        shown.point_at_row(self.host)
        shown.wait_for_text("First seen")
        shown.wait_for_text("AES-SIV-CMAC-256")
        return shown

    def test_server_is_tested(self):
        shown = self.open()
        self.picture(shown, "real-server")
        shown.press("ctrl+d")
        shown.wait_for_text("This server works")
        self.check_names(shown)
        shown.click("Copy Report")
        shown.wait_for_text("Report copied")
        report = subprocess.run(["xclip", "-selection", "clipboard", "-out"], capture_output=True, text=True,
                                timeout=window.PATIENCE, check=True).stdout
        self.assertTrue(report.startswith(f"Test of {self.host} by Gnomon "), report)
        self.assertEqual(report.count(": passed, "), 7, report)
        self.assertIn(f"\n   127.0.0.1, TCP port {self.servers.ke_ports[self.host]}, by IPv4\n", report)

        self.servers.tell(self.host, "sabotage", "silent")
        shown.click("Run Again")
        # What has ended is shown while the rest runs.
        shown.wait_for_text("Secure the Connection")
        shown.click("Cancel", within="Diagnose")
        shown.wait_for_text("The test was cancelled")
        self.servers.tell(self.host, "sabotage", "certificate-expired")
        shown.click("Run Again")
        shown.wait_for_text("No time from this server")
        self.assertTrue(shown.shows("The certificate ran out, and the operator has not renewed it."))
        self.picture(shown, "real-diagnose", "Diagnose")
        self.servers.tell(self.host, "sabotage", "no-reply")
        shown.click("Run Again")
        shown.wait_for_text("Keys came, answers did not. 6 steps went well, 1 did not.")
        shown.press("Escape", title="Diagnose")
        shown.wait_until_gone("No time from this server")

    def accept(self, shown, *keys, label, value):
        shown.point_at("Accept")
        shown.press(*keys, "Return")
        wait_for(lambda: self.server(self.host)["accept"] == value, "the change")
        shown.wait_for_text(label)

    def test_its_issuer_and_its_key_are_held_to(self):
        shown = self.open()
        self.accept(shown, "Down", label="This Issuer", value="issuer")
        # Another key that the same authority vouches for, before and after the key is held to.
        self.servers.tell(self.host, "sabotage", "certificate-without-usage")
        shown.press("ctrl+d")
        shown.wait_for_text("This server works")
        shown.press("Escape", title="Diagnose")
        shown.wait_until_gone("This server works")
        self.accept(shown, "Down", label="This Public Key", value="key")
        shown.press("ctrl+d")
        shown.wait_for_text("No time from this server")
        self.assertTrue(shown.shows("This is not the certificate that you hold this server to."))
        shown.press("Escape", title="Diagnose")
        shown.wait_until_gone("No time from this server")

    def test_its_authority_is_chosen(self):
        shown = self.open()
        shown.click("Use the System’s List")
        wait_for(lambda: not self.server(self.host).get("ca"), "the change")
        shown.wait_for_text("The system’s list")
        shown.click("Choose File…")
        self.choose_file(shown, "Certificate Authority", self.servers.ca)
        wait_for(lambda: self.server(self.host).get("ca") == self.servers.ca, "the change")
        shown.wait_for_text(self.servers.ca)


class RealClockTest(RealTest):
    def test_automatic_is_turned_on_and_off(self):
        shown = self.start()
        shown.wait_for_text("Automatic correction is off")
        shown.toggle("Keep the Clock Right")
        wait_for(lambda: self.get("State") == "synchronised", "the clock to be right")
        shown.wait_for_text("Your clock is right to within")
        self.assertTrue(shown.find("Keep the Clock Right", "check box").has(CHECKED))
        self.picture(shown, "real-automatic")
        shown.toggle("Keep the Clock Right")
        shown.wait_for_text("Automatic correction is off")
        self.assertFalse(self.get("Automatic"))

    def test_options_and_records_are_the_helpers(self):
        shown = self.start()
        self.sync(shown)
        shown.press("ctrl+comma")
        shown.wait_for_text("Start at Login")
        wait_for(lambda: shown.find("Clock", within=PREFERENCES), "the page").act("click")
        shown.wait_for_text("Settings for Everyone")
        shown.click("Unlock…", within=PREFERENCES)
        shown.wait_for_text("Unlocked until this window closes")
        shown.set_value("Step Above", 0.8, within=PREFERENCES)
        wait_for(lambda: self.get("Options")["step-threshold"] == 0.8, "the change")

        self.assertTrue(self.events("stepped"))
        wait_for(lambda: shown.find("Records", within=PREFERENCES), "the page").act("click")
        shown.click("Delete…", within=PREFERENCES)
        shown.wait_for_text("keys and certificates stay")
        shown.click("Delete")
        shown.wait_for_text("The records have been deleted.")
        self.assertEqual(self.events("stepped"), [])


class RealDecisionTest(RealTest):
    def begin(self):
        shown = self.start("Automatic=true", "--virtual-offset=7200")
        shown.wait_for_text("Your clock would jump by 2" + NBSP + "h")
        return shown

    def test_no_keeps_the_clock_until_somebody_asks_again(self):
        shown = self.begin()
        shown.click("Keep My Clock")
        shown.wait_until_gone("Your clock would jump")
        self.assertEqual(self.get("StateReason"), "change-rejected")
        self.assertEqual(self.get("LastStep"), 0)
        shown.click("Sync Securely Now")
        shown.wait_for_text("Keep My Clock")

    def test_yes_sets_it(self):
        shown = self.begin()
        shown.click(next(node.name for node in shown.walk() if node.name.startswith("Set to ")))
        shown.wait_for_text("Your clock is right to within")
        accepted, step = self.events("accepted", "stepped")
        self.assertEqual({accepted["who"], step["who"]}, {getpass.getuser()})
        self.assertAlmostEqual(step["amount"], 7200, delta=1)


    def test_clock_that_is_years_off_is_set_after_a_question(self):
        shown = self.start("Automatic=true", f"--virtual-offset={7 * 365 * 86400}")
        shown.wait_for_text("Your clock would jump by 2555 days")
        self.assertEqual(self.get("StateReason"), "dates-unchecked")
        self.assertTrue(any(text.endswith(" Their certificates are valid at that time, and not at yours.")
                            for text in shown.texts()))
        self.check_names(shown)
        self.picture(shown, "real-decision-years")
        shown.click(next(node.name for node in shown.walk() if node.name.startswith("Set to ")))
        shown.wait_for_text("Your clock is right to within")
        wait_for(lambda: all(server["key-exchanges"] == 2 for server in self.get("Servers")), "keys of good certificates")


class RealLifeTest(RealTest):
    def test_window_outlives_the_helper(self):
        shown = self.start()
        shown.wait_for_text("Automatic correction is off")
        os.kill(self.helper.process.pid, signal.SIGKILL)
        self.helper.process.wait()
        self.helper.errors.close()
        self.helper.directory.cleanup()
        shown.wait_for_text("The Time Service Is Not Running")
        self.helper = self.start_helper()
        shown.wait_for_text("Automatic correction is off")
        self.sync(shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
