#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the terminal against a helper that is made up. Needs a session bus of its own and no display.

The environment names GNOMON and CONTRACT.
"""

import json
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import fake  # noqa: E402

OK, FAILED, USAGE, UNREACHABLE, NOT_ALLOWED = range(5)


def run(*arguments, **environment):
    """A command without a display; its status, output and errors."""
    env = {**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C", **environment}
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    return subprocess.run([os.environ["GNOMON"], *arguments], env=env, capture_output=True, text=True, timeout=60,
                          check=False)


class CommandsTest(unittest.TestCase):
    def start(self, state="synchronised"):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)

    def sync(self, answer, *arguments):
        """Runs gnomon sync, which the helper answers so."""
        command = subprocess.Popen(
            [os.environ["GNOMON"], "sync", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C"})
        while "SyncNow ({},)" not in self.fake.calls():
            self.assertIsNone(command.poll())
        if answer == "interrupt":
            command.send_signal(signal.SIGINT)
        else:
            self.fake.tell("Answer", answer)
        output, errors = command.communicate(timeout=60)
        return command.returncode, output, errors

    def test_status_says_it_in_sentences(self):
        self.start()
        done = run("status")
        self.assertEqual(done.returncode, OK, done)
        self.assertTrue(done.stdout.startswith(
            "Your clock is right to within 1.3\u00a0ms.\n3 of 3 servers, run by 2 operators, vouch for it.\n"), done)
        self.assertIn("+0.312\u00a0ms (the clock is slow)", done.stdout)
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
        self.assertEqual(set(status) - {"error"},
                         {"Version", "Automatic", "State", "StateReason", "ClockMode", "Offset", "Uncertainty",
                          "Frequency", "FrequencyUncertainty", "LastSync", "LastStep", "Leap", "Witnesses",
                          "Servers", "Tracking", "Options"})

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

    def test_missing_helper_has_its_own_status(self):
        for arguments in (["status"], ["sources"], ["sync"]):
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
        for arguments in (["--help"], ["sync", "--help"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, OK)
            for text in ("status", "sync", "sources", "--json", "Exit status: 0", "4 = not allowed"):
                self.assertIn(text, done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
