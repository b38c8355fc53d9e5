#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that go into the window and come out of it, with the real helper and real servers: other programs' lists of
servers, exports of the history, the report of a test. Run like test-window-real.py."""

import csv
import datetime
import html.parser
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import harness  # noqa: E402
import window  # noqa: E402
from real_case import RealTest  # noqa: E402
from window import wait_for  # noqa: E402

ADD, IMPORT = "Add Servers", "Import Servers"


class RealImportTest(RealTest):
    def start(self, path, lines):  # pylint: disable=arguments-differ
        """The import window, in a world in which that file holds these lines."""
        self.start_servers(hosts=[])
        self.root = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(self.root.cleanup)
        file = self.root.name + path
        os.makedirs(os.path.dirname(file))
        with open(file, "w", encoding="utf-8") as stream:
            stream.write("\n".join(lines(self.servers)) + "\n")
        shown = window.Window(GNOMON_IMPORT_ROOT=self.root.name)
        self.addCleanup(self.check_end, shown)
        shown.wait_for_text("Choose Who Tells You the Time")
        shown.press("ctrl+n")
        shown.wait_for_text("Suggested for You")
        # So that the row is on the screen.
        shown.type_into("Search servers", "no such server")
        shown.wait_for_text("No server matches")
        wait_for(lambda: shown.find("Import", "list item", ADD).y < 600, "the row")
        shown.point_at("Import", ADD)
        shown.wait_for_text("The other program and its files stay as they are.")
        shown.wait_for_text(path)
        return shown

    def check_taken(self, shown):
        """The helper has the four, with their ports and their authority, and they set its clock."""
        wait_for(lambda: len(self.get("Servers")) == 4, "the helper to know them")
        for server in self.get("Servers"):
            self.assertEqual((server["nts"], server["port"], server["ca"]),
                             (True, self.servers.ke_ports[server["host"]], self.servers.ca))
        shown.wait_until_gone("The other program and its files stay as they are.")
        shown.wait_until_gone("No server matches")
        self.sync(shown)
        step, = self.events("stepped")
        self.assertAlmostEqual(step["amount"], 2.5, delta=0.1)

    def test_servers_of_chrony_are_taken_over(self):
        shown = self.start("/etc/chrony/chrony.conf", lambda servers: [
            "nosystemcert", "ntstrustedcerts " + servers.ca,
            *(f"server {host} nts iburst ntsport {servers.ke_ports[host]}" for host in servers.hosts),
            "makestep 1 3", "driftfile /var/lib/chrony/drift"])
        for text in ("Taken as They Are", "Not Taken", "2 lines", *self.servers.hosts):
            shown.wait_for_text(text)
        self.check_names(shown)
        self.assertEqual(self.get("Servers"), [])
        self.picture(shown, "real-import", IMPORT)
        shown.click("Add 4 Servers", within=IMPORT)
        self.check_taken(shown)

    def test_servers_of_another_file_are_taken_over_some_later(self):
        shown = self.start("/etc/chrony/chrony.conf", lambda servers: ["# nothing"])
        shown.wait_for_text("This file names no server that Gnomon could ask.")
        path = os.path.join(self.root.name, "ntp.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("nts ca " + self.servers.ca + "\n")
            file.writelines(f"server {host}:{port} nts\n" for host, port in self.servers.ke_ports.items())
        shown.click("Choose File…", within=IMPORT)
        self.choose_file(shown, "Choose a Configuration File", path)
        wait_for(lambda: shown.find("Add 4 Servers", within=IMPORT), "the four")
        self.check_names(shown)
        host = self.servers.hosts[3]
        shown.point_at(host, IMPORT)
        shown.click("Add 3 Servers", within=IMPORT)
        wait_for(lambda: len(self.get("Servers")) == 3, "the helper to know them")
        self.assertNotIn(host, [server["host"] for server in self.get("Servers")])


class Cells(html.parser.HTMLParser):
    """The texts of a page's elements, one by one."""

    def __init__(self, text):
        super().__init__()
        self.texts = []
        self.feed(text)

    def handle_data(self, data):
        self.texts.append(data)


class RealExportTest(RealTest):
    def export(self, shown, item, title, name):
        """The text of the file that comes of it."""
        path = os.path.join(os.environ["HOME"], name)
        shown.click("Export")
        shown.click(item)
        wait_for(lambda: shown.x_window(title), "the question for a file")
        shown.press("Return", title=title)
        shown.wait_for_text(f"Saved as “{name}”")
        with open(path, newline="", encoding="utf-8") as file:
            return file.read()

    def check_csv(self, text, events):
        """Each event is a line, and each value a field of it."""
        rows = list(csv.DictReader(text.splitlines()))
        self.assertEqual([row["kind"] for row in rows], [event["kind"] for event in events])
        for row, event in zip(rows, events):
            time = datetime.datetime.fromisoformat(row["time"].replace("Z", "+00:00")).timestamp()
            self.assertAlmostEqual(time, event["time"] / 1e6, delta=1)
            for key in ("who", "reason", "vouched", "operators", "host"):
                self.assertEqual(row[key], str(event.get(key, "")), (key, event))
            if "amount" in event:
                self.assertAlmostEqual(float(row["amount_s"]), event["amount"], delta=1e-8)
            else:
                self.assertEqual(row["amount_s"], "")

    def check_json(self, text, events, samples):
        """The same, and what was measured until then."""
        exported = json.loads(text)
        self.assertEqual(exported["format"], "gnomon-history-1")
        self.assertEqual(exported["events"], events)
        self.assertTrue(samples)
        self.assertEqual(exported["samples"], samples)
        self.assertEqual([server["host"] for server in exported["servers"]], self.servers.hosts)

    def check_report(self, text, events):
        """The step, who asked for it, and the certificates that the helper believed."""
        texts = Cells(text).texts
        step, = [event for event in events if event["kind"] == "stepped"]
        self.assertIn(f"Set forward by {step['amount']:.3f}\u00a0s", texts)
        self.assertTrue([cell for cell in texts if cell.startswith(f"At the request of {step['who']} · ")])
        for server in self.get("Servers"):
            self.assertIn(server["host"], texts)
            for certificate in self.ledger(server["host"]):
                found = [cell for cell in texts if cell.replace(":", "").lower() == certificate["sha256"]]
                self.assertEqual(len(found), 1, certificate)

    def ledger(self, host):
        return self.caller.call("GetLedger", "(su)", host, 0).unpack()[0]

    def test_history_comes_out_as_the_helper_has_it(self):
        shown = self.start()
        self.sync(shown)
        # Those that the quorum did not wait for have answered as well, and nothing more happens.
        wait_for(lambda: all(self.ledger(host) for host in self.servers.hosts), "all certificates")
        shown.press("ctrl+h")
        shown.wait_for_text("New keys from " + self.servers.hosts[3])
        # The list under the button takes keys alone: steps, and nothing else.
        shown.press("Tab", "space", "Down", "Return")
        shown.wait_until_gone("New keys from " + self.servers.hosts[3])
        shown.wait_for_text("Set forward by 2.")
        events, = self.caller.call("GetEvents", "(xu)", 0, 0).unpack()
        self.assertLessEqual({"started", "stepped", "key-exchange"}, {event["kind"] for event in events})
        self.check_csv(self.export(shown, "Table (CSV)…", "Export Table", "gnomon-history.csv"), events)
        data = self.export(shown, "Data (JSON)…", "Export Data", "gnomon-history.json")
        self.check_json(data, events, self.caller.call("GetHistory", "(xu)", 0, 0).unpack()[0])
        self.check_report(self.export(shown, "Report for Auditors…", "Export Report", "gnomon-report.html"), events)


if __name__ == "__main__":
    unittest.main(verbosity=2)
