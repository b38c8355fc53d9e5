#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that look and wait, sync, and what holds for all of them. See commands.py."""

import json
import os
import re
import signal
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from commands import COMMANDS, FAILED, NOT_ALLOWED, OK, run, spawn, UNREACHABLE, USAGE, wait_until, CommandsCase  # noqa: E402


class CommandsTest(CommandsCase):
    def sync(self, answer, *arguments):
        """Runs gnomon sync, which the helper answers so."""
        command = spawn("sync", *arguments)
        wait_until(lambda: "SyncNow ({},)" in self.fake.calls(), command)
        if answer == "interrupt":
            command.send_signal(signal.SIGINT)
        else:
            self.fake.tell("Answer", answer)
        output, errors = command.communicate(timeout=60)
        return command.returncode, output, errors

    def test_help_has_its_commands_in_columns(self):
        lines = run("--help").stdout.split("Commands:\n")[1].split("\n")[:len(COMMANDS)]
        self.assertEqual({line.split()[0] for line in lines}, set(COMMANDS))
        self.assertEqual({len(re.match(r"  \S+( \S+)?  +", line)[0]) for line in lines}, {len("  wait [SECONDS]  ")})

    def test_status_says_it_in_sentences(self):
        self.start()
        done = run("status")
        self.assertEqual(done.returncode, OK, done)
        self.assertTrue(done.stdout.startswith(
            "Your clock is right to within 1.3\u00a0ms.\n3 of 3 servers, run by 2 operators, vouch for it.\n"), done)
        rows = dict(line.split("  ", 1) for line in done.stdout.split("\n\n", 1)[1].splitlines())
        rows = {caption: value.strip() for caption, value in rows.items()}
        # What "chronyc tracking" tells, and more.
        for caption, value in {
                "The Clock Is": "0.31\u00a0ms slow", "Offset": "+0.312\u00a0ms", "Uncertainty": "±\u00a00.981\u00a0ms",
                "Last Offset": "+44.00\u00a0µs", "RMS Offset": "0.187\u00a0ms", "Frequency": "−12.482\u00a0ppm",
                "Residual Frequency": "+0.003\u00a0ppm", "Skew": "0.019\u00a0ppm", "Update Interval": "64.2\u00a0s",
                "Reference": "ptbtime1.ptb.de", "Stratum": "2", "Root Delay": "14.210\u00a0ms",
                "Root Dispersion": "0.830\u00a0ms", "TAI − UTC": "37\u00a0s"}.items():
            self.assertEqual(rows.get(caption), value, caption)
        self.assertIn("Last Update", rows)
        self.assertEqual(done.stderr, "")

    def test_status_fails_when_the_clock_is_not_right(self):
        self.start("disagree")
        done = run("status")
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("The servers disagree about the time.", done.stdout)

    def test_status_as_json_has_the_names_of_the_contract(self):
        self.start("starting")
        done = run("status", "--json")
        self.assertEqual(done.returncode, FAILED)
        status = json.loads(done.stdout)
        self.assertEqual(status["State"], "starting")
        self.assertIsNone(status["Uncertainty"], "infinity is not known in JSON")
        self.assertEqual(status["Witnesses"], [0, 3, 0])
        self.assertIsNone(status["error"])
        self.assertEqual(status["Servers"], [dict(server) for server in self.fake.get("Servers")])
        contract = ElementTree.parse(os.environ["CONTRACT"])
        self.assertEqual(set(status) - {"error"}, {item.get("name") for item in contract.iter("property")})

    def test_sources_have_the_columns_of_ntpq(self):
        self.start("disagree")
        done = run("sources")
        self.assertEqual(done.returncode, OK)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0].split(), ["remote", "refid", "st", "t", "when", "poll", "reach", "delay", "offset",
                                            "jitter"])
        self.assertEqual(set(lines[1]), {"="})
        first, second, third = (line.split() for line in lines[2:])
        # t is the number of cookies; milliseconds; reach in octal.
        self.assertEqual(first[:4] + first[5:], ["+ptbtime1.ptb.de", "PTB", "1", "8", "64", "377", "14.000", "0.380",
                                                 "0.110"])
        self.assertEqual(second[0], "xtime.example.org")
        self.assertEqual(second[8], "-43.200")
        self.assertEqual(third, ["nts.example.net", "-", "-", "1", "-", "64", "0", "-", "-", "-"])

    def test_sources_as_json_are_the_helpers(self):
        self.start("long")
        done = run("sources", "--json")
        self.assertEqual(done.returncode, OK)
        self.assertEqual(json.loads(done.stdout), {"servers": self.fake.get("Servers"), "error": None})

    def test_unauthenticated_source_has_no_cookies(self):
        self.start("long")
        line = next(line for line in run("sources").stdout.splitlines() if "old.example" in line)
        self.assertEqual(line.split()[3], "u")

    def test_sync_tells_what_it_did(self):
        self.start("slow")
        status, output, _ = self.sync("corrected")
        self.assertEqual(status, OK)
        self.assertIn("Your clock was set forward by 2.501\u00a0s.", output)
        self.assertIn("4 of 4 servers, run by 3 operators", output)

    def test_sync_as_json_has_the_keys_of_the_contract(self):
        self.start("slow")
        status, output, _ = self.sync("corrected", "--json")
        self.assertEqual(status, OK)
        self.assertEqual(json.loads(output), {
            "offset-before": 2.501, "correction": 2.501, "stepped": True, "uncertainty": 0.0004, "answered": 4,
            "vouched": 4, "operators": 3, "duration": 1.8, "error": None})

    def test_sync_fails_by_name(self):
        self.start()
        for error, expected in (("NoQuorum", FAILED), ("Busy", FAILED), ("NotAuthorised", NOT_ALLOWED),
                                ("Cancelled", NOT_ALLOWED)):
            with self.subTest(error=error):
                status, output, _ = self.sync(error, "--json")
                self.assertEqual(status, expected)
                self.assertEqual(json.loads(output), {"error": error})
                self.fake.stop()
                self.fake.start("synchronised")

    def test_sync_can_be_interrupted(self):
        self.start()
        status, output, errors = self.sync("interrupt")
        self.assertNotEqual(status, OK)
        self.assertIn("CancelSync ()", self.fake.calls())
        self.assertEqual((output, errors), ("", "Cancelled.\n"))

    # ---- wait ----

    def test_wait_ends_when_the_clock_is_right(self):
        self.start("starting")
        command = spawn("wait", "60", "--json")
        wait_until(lambda: "Get State" in self.fake.readings(), command)
        self.fake.tell("SetState", "synchronised")
        output, errors = command.communicate(timeout=60)
        self.assertEqual(command.returncode, OK, errors)
        self.assertEqual(json.loads(output)["State"], "synchronised")

    def test_wait_is_over_at_once_when_it_is(self):
        self.start()
        for seconds in ([], ["0"]):
            done = run("wait", *seconds)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "", ""))

    def test_wait_gives_up(self):
        self.start("starting")
        for seconds in ("0.2", "0"):
            done = run("wait", seconds)
            self.assertEqual((done.returncode, done.stdout), (FAILED, ""), done)
            self.assertEqual(done.stderr, "The clock has not been synchronised in that time.\n")
        done = run("wait", "0.2", "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (FAILED, {"error": "TimedOut"}))

    # ---- All of them ----

    def test_missing_helper_has_its_own_status(self):
        for arguments in (["status"], ["sources"], ["sync"], ["server", "a.example"], ["add", "a.example"], ["wait"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, UNREACHABLE, done)
            self.assertEqual((done.stdout, done.stderr), ("", "The time service is not running.\n"))
            done = run(*arguments, "--json")
            self.assertEqual(done.returncode, UNREACHABLE)
            self.assertEqual(json.loads(done.stdout), {"error": "Unreachable"})

    def test_missing_bus_is_no_crash(self):
        done = run("status", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
        self.assertEqual(done.returncode, UNREACHABLE, done)

    def test_wrong_command_lines_are_refused(self):
        for arguments in (["frobnicate"], ["status", "now"], ["status", "--frobnicate"], ["status", "--bus=moon"],
                          ["--bus=moon"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, USAGE, arguments)
            self.assertNotEqual(done.stderr, "")

    def test_help_names_commands_and_statuses(self):
        done = run("--help")
        self.assertEqual(done.returncode, OK)
        for text in (*COMMANDS, "--json", "Exit status: 0", "4 = not allowed"):
            self.assertIn(text, done.stdout)

    def test_each_command_has_a_help_of_its_own(self):
        for name in COMMANDS:
            done = run(name, "--help")
            self.assertEqual(done.returncode, OK)
            self.assertIn(f"gnomon {name} [OPTION…]", done.stdout)
            self.assertIn("--json", done.stdout)
            self.assertIn("4 = not allowed", done.stdout)
            self.assertEqual("--ca=FILE" in done.stdout, name in ("add", "diagnose"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
