#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad configuration files: each fault is named with file, group and key, and the rest works."""

import os
import re
import tempfile
import unittest

import harness

OFFSET = 2.5
FILE = r"\S*gnomon\.conf"

# What stands in the file besides four good servers, where, and the message that must name it.
CLOCK_FAULTS = [
    ("Colour=red", "[Clock] Colour"),
    ("automatic=true", "[Clock] automatic"),
    ("Automatic=maybe", "[Clock] Automatic"),
    ("StepThreshold=", "[Clock] StepThreshold"),
    ("StepThreshold=abc", "[Clock] StepThreshold"),
    ("StepThreshold=-1", "[Clock] StepThreshold"),
    ("StepThreshold=0", "[Clock] StepThreshold"),
    ("StepThreshold=nan", "[Clock] StepThreshold"),
    ("StepThreshold=inf", "[Clock] StepThreshold"),
    ("StepThreshold=0,5", "[Clock] StepThreshold"),
    ("StepThreshold=0.5s", "[Clock] StepThreshold"),
    ("MaximumChange=1e400", "[Clock] MaximumChange"),
    ("MaximumChange=0", "[Clock] MaximumChange"),
    ("MinimumSources=0", "[Clock] MinimumSources"),
    ("MinimumSources=1.5", "[Clock] MinimumSources"),
    ("MinimumSources=99999999999999999999", "[Clock] MinimumSources"),
    ("MinimumOperators=-1", "[Clock] MinimumOperators"),
    ("MinimumPoll=64", "[Clock] MinimumPoll"),
    ("MaximumPoll=99", "[Clock] MaximumPoll"),
    ("MinimumPoll=9\nMaximumPoll=7", "[Clock] MinimumPoll"),
    ("StepThreshold=0.5\nStepThreshold=1", "[Clock] StepThreshold"),
    ("no equals sign", "[Clock] no equals sign"),
]
SERVER_FAULTS = [
    ("Prot=123", "Prot"),
    ("NTPPort=123x", "NTPPort"),
    ("NTPPort=0", "NTPPort"),
    ("NTPPort=70000", "NTPPort"),
    ("NTS=yes", "NTS"),
    ("Trust=true", "Trust"),
    ("Trust=1", "Trust"),
    ("Operator=" + "x" * 1000, "Operator"),
    ("Country=a\x01b", "Country"),
    ("NTPPort=11\nNTPPort=12", "NTPPort"),
]
# Groups that are left out, or servers that cannot work, beside the four good ones.
GROUP_FAULTS = [
    ("[Servers]\nPort=1\n", "[Servers]"),
    ("[server x.localhost]\nPort=1\n", "[server x.localhost]"),
    ("[Server ]\nPort=1\n", "[Server ]"),
    ("[Server a b]\n", "[Server a b]"),
    ("[Server -x.localhost]\n", "[Server -x.localhost]"),
    ("[Server " + "x" * 254 + "]\n", "[Server xxx"),
    ("[Server 127.0.0.256.]\n", None),
    ("[Server fe80::1%lo]\n", "[Server fe80::1%lo]"),
    ("[Server QUARTZ.localhost.]\nPort=1\n", "[Server QUARTZ.localhost.]"),
    ("[Server quartz.localhost]\nPort=1\n", "[Server quartz.localhost]"),
    ("[Clock]\nStepThreshold=1\n", "[Clock]"),
    ("[Server no-end\nPort=1\n", "[] [Server no-end"),
    ("Port\n", f"[Server {harness.HOSTS[-1]}] Port"),
]


class Configuration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = harness.Servers()

    @classmethod
    def tearDownClass(cls):
        cls.servers.stop()

    def assert_named_and_right(self, text, message):
        run = harness.once(text, offset=OFFSET)
        self.assertFalse(run.crashed(), run)
        self.assertTrue(harness.is_right(run, OFFSET), run)
        if message is not None:
            self.assertRegex(run.errors, FILE + ": " + re.escape(message))

    def test_faults_of_the_clock(self):
        for lines, message in CLOCK_FAULTS:
            with self.subTest(lines):
                self.assert_named_and_right(self.servers.configuration(clock=lines), message)

    def test_faults_of_a_server(self):
        host = harness.HOSTS[0]
        for lines, message in SERVER_FAULTS:
            with self.subTest(lines):
                text = self.servers.configuration().replace(f"[Server {host}]\n",
                                                            f"[Server {host}]\n{lines}\n")
                self.assert_named_and_right(text, f"[Server {host}] {message}")

    def test_faults_of_groups(self):
        for text, message in GROUP_FAULTS:
            with self.subTest(text[:40]):
                self.assert_named_and_right(self.servers.configuration() + text, message)

    def test_text_that_is_not_utf_8(self):
        host = harness.HOSTS[0]
        text = self.servers.configuration().encode() + b"Operator=\xff\xfe\n"
        self.assert_named_and_right(text, f"[Server {harness.HOSTS[-1]}] Operator")
        text = b"[Server \xc3\x28]\nPort=5\n" + self.servers.configuration().encode()
        self.assert_named_and_right(text, None)
        self.assertIsNotNone(host)

    def test_bad_ca_files_fail_that_server_only(self):
        host = harness.HOSTS[0]
        with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
            fifo, empty = os.path.join(directory, "fifo"), os.path.join(directory, "empty")
            os.mkfifo(fifo)
            open(empty, "wb").close()
            for ca in ("/nonexistent/ca.pem", "relative.pem", directory, fifo, empty, "/dev/zero"):
                with self.subTest(ca):
                    good = f"[Server {host}]\nPort={self.servers.ke_ports[host]}\nCA="
                    text = self.servers.configuration().replace(good + self.servers.ca, good + ca)
                    start = self.servers.mark()
                    self.assert_named_and_right(text, f"[Server {host}] CA")
                    self.assertEqual(self.servers.key_exchanges(host, start), [])

    def test_no_servers_has_a_name(self):
        for text in ("", "[Clock]\n", "\0\0\0", "[Server ]\n"):
            with self.subTest(text):
                run = harness.once(text, offset=OFFSET)
                self.assertFalse(run.crashed(), run)
                self.assertTrue(harness.is_untouched(run), run)
                self.assertEqual(run["error"], "NoServers")

    def test_noise_for_a_file(self):
        for size in (1, 100, 100000):
            run = harness.once(os.urandom(size), offset=OFFSET)
            self.assertFalse(run.crashed(), run)
            self.assertNotEqual(run.status, 0)


unittest.main(verbosity=2)
