#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about one server or several: server, add, remove, import, diagnose. See commands.py."""

import ast
import json
import os
import re
import sys
import tempfile
import unittest

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from commands import FAILED, NOT_ALLOWED, OK, run, spawn, USAGE, CommandsCase  # noqa: E402


class ServersTest(CommandsCase):
    # ---- server ----

    def test_server_shows_all_that_the_page_shows(self):
        self.start()
        done = run("server", "PTBtime1.ptb.de")
        self.assertEqual(done.returncode, OK, done)
        self.assertTrue(done.stdout.startswith("ptbtime1.ptb.de\nPTB, Germany\nVouches for the time\n"), done.stdout)
        for caption, value in (("Offset", "+0.380\u00a0ms"), ("Reach", "8 of 8 · 377"), ("Cookies", "8"),
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
                (["import"], "--yes"), (["import", "--yes", "/nonexistent"], "There is no such file"),
                (["import", "--json", "/dev/null"], ""),
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

    # ---- import ----

    def configuration(self, text):
        """The root of a system in which chrony has that configuration."""
        root = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(root.cleanup)
        os.makedirs(os.path.join(root.name, "etc/chrony"))
        with open(os.path.join(root.name, "etc/chrony/chrony.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        return root.name

    CHRONY = "server nts.example.org nts ntsport 4461\nserver nts.netnod.se iburst nts\nmakestep 1 3\n"

    def test_import_shows_the_plan_and_carries_it_out(self):
        self.start()
        done = run("import", "--yes", "--root=" + self.configuration(self.CHRONY))
        self.assertEqual(done.returncode, OK, done)
        self.assertRegex(done.stdout, r"(?m)^Taken +nts\.example\.org\n +/etc/chrony/chrony\.conf:1\n")
        self.assertRegex(done.stdout, r"(?m)^Asked already +nts\.netnod\.se\n +/etc/chrony/chrony\.conf:2\n")
        self.assertRegex(done.stdout, r"(?m)^Not taken +makestep 1 3\n +/etc/chrony/chrony\.conf:3\n")
        self.assertTrue(done.stdout.endswith("\n1 server is asked from now on.\n"))
        self.assertEqual(self.added(), ("nts.example.org", {"nts": True, "port": 4461}))
        self.assertEqual(len(self.fake.calls()), 1)

    def test_import_as_json_changes_nothing_without_yes(self):
        self.start()
        file = self.configuration(self.CHRONY) + "/etc/chrony/chrony.conf"
        done = run("import", "chrony.conf", "--json", directory=os.path.dirname(file))
        self.assertEqual(done.returncode, OK, done)
        plan = json.loads(done.stdout)
        self.assertEqual([(entry["verdict"], entry["line"], entry.get("host"), entry.get("asked"))
                          for entry in plan["entries"]],
                         [("taken", 1, "nts.example.org", False), ("taken", 2, "nts.netnod.se", True),
                          ("left", 3, None, None)])
        self.assertEqual(plan["entries"][0]["options"], {"nts": True, "port": 4461})
        self.assertEqual(self.fake.calls(), [])
        done = run("import", file, "--json", "--yes")
        self.assertEqual(json.loads(done.stdout)["added"], 1)
        self.assertEqual(self.added(), ("nts.example.org", {"nts": True, "port": 4461}))

    def test_import_of_nothing(self):
        self.start()
        done = run("import", "--yes", "--root=" + self.configuration("makestep 1 3\n"))
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("There is no server to take over.", done.stdout)
        with tempfile.TemporaryDirectory(prefix="gnomon-") as root:
            done = run("import", "--yes", "--root=" + root)
        self.assertEqual(done.returncode, FAILED)
        self.assertEqual(done.stdout, "No configuration of another program was found.\n")
        self.assertEqual(self.fake.calls(), [])

    def test_import_tells_what_the_helper_refuses(self):
        self.start()
        root = self.configuration("server a.example nts\nserver refused.example nts\nserver b.example nts\n")
        done = run("import", "--yes", "--root=" + root)
        self.assertEqual(done.returncode, FAILED)
        self.assertTrue(done.stdout.endswith("\n2 servers are asked from now on.\nNot taken over: refused.example\n"),
                        done.stdout)
        self.assertIn("host: refused", done.stderr)
        self.assertEqual(len(self.fake.calls()), 3)

    # ---- diagnose ----

    def test_diagnose_prints_steps_as_they_end(self):
        self.start()
        self.fake.tell("DiagnoseTo", 2)
        command = spawn("diagnose", "nts.example.org", "--port=4461", "--accept=any")
        lines = [command.stdout.readline() for _ in range(4)]
        self.assertRegex(lines[0], "^Find the Address +Passed, 12\u00a0ms$")
        self.assertIn("192.0.2.10, 2001:db8::10", lines[1])
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
                                      " +the certificate of the server has expired: for CN=[^\n]+\nGet Keys +Not reached\n")
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
            self.assertEqual(result["steps"][6].get("reason", ""), reason)


if __name__ == "__main__":
    unittest.main(verbosity=2)
