#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about what was done to the clock, and what is held back: history, accept, reject. See commands.py."""

import csv
import datetime
import io
import json
import os
import pty
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from commands import FAILED, OK, run, USAGE, CommandsCase  # noqa: E402


class PastTest(CommandsCase):
    # ---- history ----

    def test_history_lists_events(self):
        self.start()
        done = run("history", TZ="UTC")
        self.assertEqual(done.returncode, OK, done)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 21)
        self.assertRegex(lines[3], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  rejected  +\+1.day  by maria$")
        self.assertRegex(lines[-2], r"  stepped  +\+2\.501000\u00a0s  by maria; 3 servers agreed$")
        self.assertRegex(lines[6], r"  new-certificate  +nts\.netnod\.se$")

    def test_history_asks_for_what_was_said(self):
        self.start()
        midnight = 1795651200  # date -u -d 2026-11-26 +%s
        for since, usec in (("2026-11-26", midnight * 10**6), ("2026-11-26T14:00", (midnight + 14 * 3600) * 10**6),
                            ("2026-11-26 14:00:05", (midnight + 14 * 3600 + 5) * 10**6),
                            ("2026-11-26T01:00+01:00", midnight * 10**6)):
            self.assertEqual(run("history", "--since", since, TZ="UTC").returncode, OK)
            self.assertIn(f"GetEvents ({usec}, 0)", self.fake.readings())
        for since, seconds in ((["--since=90m"], 5400), (["--since=2w"], 14 * 86400), ([], 30 * 86400)):
            before = time.time()
            self.assertEqual(run("history", "--samples", *since).returncode, OK)
            usec = int(re.findall(r"GetHistory \((\d+), 0\)", " ".join(self.fake.readings()))[-1])
            self.assertTrue(before - seconds - 1 < usec / 1e6 <= time.time() - seconds)

    def test_history_as_table(self):
        self.start()
        done = run("history", "--csv", LC_ALL="de_DE.UTF-8")
        self.assertEqual(done.returncode, OK, done)
        rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
        self.assertEqual(len(rows), 21)
        self.assertEqual(list(rows[0]), ["time", "kind", "amount", "who", "reason", "vouched", "operators", "host"])
        self.assertEqual({**rows[3], "time": ""}, {
            "time": "", "kind": "rejected", "amount": "86400.000000000", "who": "maria", "reason": "", "vouched": "",
            "operators": "", "host": ""})
        self.assertRegex(rows[3]["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        done = run("history", "--csv", "--samples")
        rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
        self.assertEqual(list(rows[0]), ["time", "host", "offset", "uncertainty"])
        self.assertGreater(len(rows), 360)

    def test_history_as_json(self):
        self.start()
        done = run("history", "--json")
        self.assertEqual(done.returncode, OK, done)
        history = json.loads(done.stdout)
        self.assertEqual(len(history["events"]), 21)
        self.assertEqual(history["events"][3]["who"], "maria")
        self.assertEqual(set(json.loads(run("history", "--json", "--samples").stdout)), {"samples", "error"})

    # ---- accept, reject ----

    def answer(self, *keys):
        """gnomon accept in a terminal, where a person types: status, and what the terminal shows."""
        master, slave = pty.openpty()
        command = subprocess.Popen([os.environ["GNOMON"], "accept"], stdin=slave, stdout=slave, stderr=slave,
                                   env={**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C", "TZ": "UTC"},
                                   start_new_session=True)
        os.close(slave)
        shown = b""
        try:
            while b"[y/N]" not in shown:
                shown += os.read(master, 4096)
            for key in keys:
                os.write(master, key)
            try:
                while True:
                    shown += os.read(master, 4096)
            except OSError:  # the other end is closed
                pass
            return command.wait(60), shown.decode()
        finally:
            command.kill()
            os.close(master)

    def accepted(self):
        """How far from now the times are that were accepted, s."""
        return [int(re.search(r"\d+", call)[0]) / 1e6 - time.time() for call in self.fake.calls()
                if call.startswith("AcceptTime")]

    def test_accept_shows_both_times_and_asks(self):
        self.start("needs-decision")
        before = time.time()
        status, shown = self.answer(b"y\n")
        self.assertEqual(status, OK, shown)
        clock, servers = (datetime.datetime.strptime(re.search(rf"{caption} +(.*) UTC", shown)[1], "%d %B %Y %H:%M:%S")
                          for caption in ("Your Clock", "The Servers"))
        self.assertAlmostEqual((servers - clock).total_seconds(), 7387.2, delta=1)
        self.assertAlmostEqual(clock.replace(tzinfo=datetime.timezone.utc).timestamp(), before, delta=5)
        self.assertIn("3 of 3 servers, run by 2 operators", shown)
        self.assertIn("The clock was set.", shown)
        accepted = self.accepted()
        self.assertEqual(len(accepted), 1)
        self.assertAlmostEqual(accepted[0], 7387.2, delta=5)

    def test_accept_changes_nothing_without_a_yes(self):
        self.start("needs-decision")
        for keys in (b"\n", b"n\n", b"maybe\n", b"\x04"):
            status, shown = self.answer(keys)
            self.assertEqual(status, FAILED, shown)
            self.assertIn("Nothing was changed.", shown)
        self.assertEqual(self.accepted(), [])

    def test_accept_without_a_terminal_needs_yes(self):
        self.start("needs-decision")
        for arguments in (["accept"], ["accept", "--json"]):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (USAGE, ""), done)
            self.assertIn("--yes", done.stderr)
        self.assertEqual(self.accepted(), [])
        done = run("accept", "--yes", "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (OK, {"error": None}))
        self.assertEqual(len(self.accepted()), 1)

    def test_reject(self):
        self.start("needs-decision")
        done = run("reject")
        self.assertEqual((done.returncode, done.stdout), (OK, "The clock stays as it is.\n"), done)
        self.assertEqual(self.fake.calls(), ["RejectTime ()"])

    def test_nothing_to_decide(self):
        self.start()
        for arguments in (["accept", "--yes"], ["reject"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, FAILED)
            self.assertIn("There is nothing to decide", done.stderr)
            self.assertEqual(json.loads(run(*arguments, "--json").stdout), {"error": "NothingToDecide"})
        self.assertEqual(self.fake.calls(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
