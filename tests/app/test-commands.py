#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the terminal against a helper that is made up. Needs a session bus of its own and no display.

The environment names GNOMON and CONTRACT.
"""

import ast
import csv
import datetime
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import fake  # noqa: E402

COMMANDS = ("status", "sync", "wait", "sources", "server", "add", "remove", "diagnose", "history", "accept", "reject")
OK, FAILED, USAGE, UNREACHABLE, NOT_ALLOWED = range(5)


def spawn(*arguments, directory=None, **environment):
    """A command without a display, running."""
    env = {**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C", **environment}
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    return subprocess.Popen([os.environ["GNOMON"], *arguments], env=env, cwd=directory, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*arguments, **environment):
    """The same to its end; its status, output and errors."""
    command = spawn(*arguments, **environment)
    try:
        output, errors = command.communicate(timeout=60)
    finally:
        command.kill()
    return subprocess.CompletedProcess(arguments, command.returncode, output, errors)


def wait_until(test, command):
    """Until test() is true, which command shall live to see."""
    deadline = time.monotonic() + 60
    while not test():
        assert command.poll() is None, command.communicate()
        assert time.monotonic() < deadline, "waited in vain"


class CommandsTest(unittest.TestCase):
    def start(self, state="synchronised"):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)

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

    # ---- server ----

    def test_server_shows_all_that_the_page_shows(self):
        self.start()
        done = run("server", "PTBtime1.ptb.de")
        self.assertEqual(done.returncode, OK, done)
        self.assertTrue(done.stdout.startswith("ptbtime1.ptb.de\nPTB, Germany\nVouches for the time\n"), done.stdout)
        for caption, value in (("Offset", "+0.380\u00a0ms"), ("Reach", "8 of 8 · 377"), ("Cookies", "8 of 8 cookies"),
                               ("Cookie Length", "100 bytes"), ("Algorithm", "AES-SIV-CMAC-256"), ("TLS", "1.3"),
                               ("Keys From", "192.0.2.10, TCP port 4460"), ("Time From", "192.0.2.10, UDP port 123"),
                               ("Issued By", "Let’s Encrypt R12"), ("Fingerprint", "8F:2C:91:0B")):
            self.assertRegex(done.stdout, rf"(?m)^{caption} +{re.escape(value)}")

        history = done.stdout.split("\nTrust History\n")[1].splitlines()
        self.assertEqual(len(history), 6)
        self.assertRegex(history[4], r"^\d+ [A-Z][a-z]+ \d{4} +CN=Example CA 3,O=Example,C=DE$")
        self.assertTrue(history[5].endswith(":".join(["22"] * 32)))

    def test_terminal_obeys_nobody_from_the_network(self):
        self.start()
        self.fake.tell("SetServer", "ptbtime1.ptb.de", {"certificate-issuer": GLib.Variant("s", "\x1b[2Jcleared\x07")})
        self.assertIn("\ufffd[2Jcleared\ufffd", run("server", "ptbtime1.ptb.de").stdout)

    def test_server_as_json_is_the_helpers(self):
        self.start()
        done = run("server", "ptbtime1.ptb.de", "--json")
        self.assertEqual(done.returncode, OK, done)
        self.assertEqual(json.loads(done.stdout)["server"], self.fake.get("Servers")[0])
        ledger = json.loads(done.stdout)["ledger"]
        self.assertEqual([certificate["sha256"][:2] for certificate in ledger], ["8f", "11", "22"])
        self.assertEqual(self.fake.readings()[-2], "GetLedger ('ptbtime1.ptb.de', 0)")

    def test_server_that_is_not_asked(self):
        self.start()
        for command in ("server", "remove"):
            done = run(command, "nobody.example")
            self.assertEqual(done.returncode, FAILED, done)
            self.assertIn("“nobody.example” is none of the servers", done.stderr)
            self.assertEqual(json.loads(run(command, "nobody.example", "--json").stdout), {"error": "NoSuchServer"})
        self.assertEqual(self.fake.calls(), [])

    # ---- add, remove ----

    def test_add_sends_what_was_said(self):
        self.start()
        with tempfile.NamedTemporaryFile(suffix=".pem") as ca:
            done = run("add", "nts.example.org", "--port=4461", "--ca=" + os.path.basename(ca.name), "--operator=Example",
                       "--country=Norway", "--accept=key", directory=os.path.dirname(ca.name))
        self.assertEqual((done.returncode, done.stdout), (OK, "“nts.example.org” is asked from now on.\n"), done)
        self.assertEqual(self.added(), ("nts.example.org", {
            "port": 4461, "ca": ca.name, "operator": "Example", "country": "Norway", "accept": "key"}))
        done = run("add", "192.0.2.7", "--no-nts", "--ntp-port=1123", "--json")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (OK, {"error": None}))
        self.assertEqual(self.added(), ("192.0.2.7", {"nts": False, "ntp-port": 1123}))

    def test_add_knows_public_servers(self):
        self.start()
        self.assertEqual(run("add", "time.cloudflare.com").returncode, OK)
        self.assertEqual(self.added(), ("time.cloudflare.com", {"operator": "Cloudflare", "port": 4460}))

    def added(self):
        """Host and options of the last AddServer."""
        call = self.fake.calls()[-1]
        self.assertTrue(call.startswith("AddServer "), call)
        return ast.literal_eval(call.removeprefix("AddServer "))

    def test_add_is_refused_in_words(self):
        self.start()
        done = run("add", "refused.example")
        self.assertEqual(done.returncode, FAILED)
        self.assertEqual(done.stderr, "The time service does not accept this.\nhost: refused\n")
        self.assertEqual(json.loads(run("add", "refused.example", "--json").stdout), {"error": "InvalidArgument"})

    def test_bad_input_is_never_sent(self):
        self.start()
        for arguments, words in (
                (["add", "two words"], "A host name has no spaces"),
                (["add", "https://ptb.de"], "without “https://”"),
                (["add", ""], "Type the name"),
                (["add", "a.example", "--port=70000"], "A port is a number"),
                (["add", "a.example", "--port=-1"], "A port is a number"),
                (["add", "a.example", "--port=many"], "many"),
                (["add", "a.example", "--accept=all"], "any, issuer or key"),
                (["add", "a.example", "--ca=/nonexistent.pem"], "is not there"),
                (["add", "a.example", "--ntp-port=123"], "needs --no-nts"),
                (["add", "a.example", "--no-nts", "--port=123"], "are about keys"),
                (["add"], "HOST"), (["remove"], "HOST"), (["server"], "HOST"),
                (["add", "a.example", "b.example"], "“b.example” is one too many"),
                (["remove", "two words"], "A host name has no spaces"),
                (["server", "-"], "hyphen"),
                (["diagnose"], "HOST"), (["diagnose", "a b"], "no spaces"),
                (["diagnose", "a.example", "--port=0x"], "0x"),
                (["history", "--since=soon"], "how long ago"), (["history", "--since=2026-13-01"], "how long ago"),
                (["history", "--since=99999999999w"], "how long ago"), (["history", "--since="], "how long ago"),
                (["history", "--csv", "--json"], "exclude"),
                (["wait", "long"], "“long” is not a number of seconds"),
                (["wait", "nan"], "“nan” is not a number of seconds"),
                (["wait", "1e9"], "“1e9” is not a number of seconds")):
            with self.subTest(arguments=arguments):
                done = run(*arguments)
                self.assertEqual(done.returncode, USAGE, done)
                self.assertEqual(done.stdout, "")
                self.assertIn(words, done.stderr)
        self.assertEqual(self.fake.calls(), [])

    def test_remove(self):
        self.start()
        done = run("remove", "NTS.netnod.se")
        self.assertEqual((done.returncode, done.stdout), (OK, "“NTS.netnod.se” is not asked any more.\n"), done)
        self.assertEqual(self.fake.calls(), ["RemoveServer ('nts.netnod.se',)"])

    def test_who_is_not_allowed_reads_what_to_do(self):
        self.start()
        for arguments in (["add", "a.example"], ["remove", "nts.netnod.se"]):
            self.fake.tell("Refuse", "NotAuthorised")
            done = run(*arguments)
            self.assertEqual(done.returncode, NOT_ALLOWED, done)
            self.assertIn("You are not allowed to do this.\n", done.stderr)
            self.assertIn("sudo", done.stderr)

    # ---- diagnose ----

    def test_diagnose_prints_steps_as_they_end(self):
        self.start()
        self.fake.tell("DiagnoseTo", 2)
        command = spawn("diagnose", "nts.example.org", "--port=4461", "--accept=any")
        lines = [command.stdout.readline() for _ in range(4)]
        self.assertRegex(lines[0], "^Find the Address +Passed, 12\u00a0ms$")
        self.assertIn("192.0.2.10 and 2001:db8::10", lines[1])
        self.assertRegex(lines[2], "^Connect +Passed, 14\u00a0ms$")
        self.assertIsNone(command.poll())
        self.fake.tell("DiagnoseTo", 7)
        output, errors = command.communicate(timeout=60)
        self.assertEqual(command.returncode, OK, errors)
        self.assertEqual(len(output.splitlines()), 5 * 2 + 3)
        self.assertTrue(output.endswith("\nThis server works.\nNothing was changed by this test.\n"))
        self.assertEqual(self.fake.calls(), ["Diagnose ('nts.example.org', {'port': 4461, 'accept': 'any'})"])

    def test_diagnose_says_why_it_fails(self):
        self.start()
        self.fake.tell("Diagnose", "certificate-expired")
        done = run("diagnose", "nts.example.org")
        self.assertEqual(done.returncode, FAILED, done)
        self.assertRegex(done.stdout, "(?m)^Check the Certificate +Failed, 5.0\u00a0s\n +No keys: the certificate ran out\n"
                                      " +what experts read about certificate-expired\nGet Keys +Not reached\n")
        self.assertIn("No time from this server.", done.stdout)

    def test_diagnose_as_json_has_the_steps_of_the_contract(self):
        self.start()
        for reason, status in (("", OK), ("no-reply", FAILED)):
            self.fake.tell("Diagnose", reason)
            done = run("diagnose", "nts.example.org", "--json")
            self.assertEqual(done.returncode, status, done)
            result = json.loads(done.stdout)
            self.assertEqual((result["host"], result["error"]), ("nts.example.org", None))
            self.assertEqual([step["step"] for step in result["steps"]],
                             ["resolve", "connect", "tls", "certificate", "keys", "request", "answer"])
            self.assertEqual(result["steps"][5].get("reason", ""), reason)

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
