#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gnomon-helper --once: from nothing, with kept cookies, with broken state, and killed."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

import harness

OFFSET = 2.5


class Once(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = harness.Servers()

    @classmethod
    def tearDownClass(cls):
        cls.servers.stop()

    def setUp(self):
        self.start = self.servers.mark()
        self.temporary = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(self.temporary.cleanup)
        self.state = os.path.join(self.temporary.name, "state")

    def tearDown(self):
        self.servers.check_requests()

    def once(self, *options, **more):
        return harness.once(self.servers.configuration(), *options, offset=OFFSET,
                            state_dir=self.state, **more)

    def assert_right(self, run):
        self.assertTrue(harness.is_right(run, OFFSET), run)

    def key_exchanges(self):
        return len(self.servers.key_exchanges(start=self.start))


class FromNothing(Once):
    def test_clock_is_set_by_a_quorum(self):
        run = self.once()
        self.assert_right(run)
        self.assertIs(run["stepped"], True)
        self.assertAlmostEqual(run["offset-before"], OFFSET, delta=0.01)
        self.assertLess(run["uncertainty"], 0.05, run)
        self.assertGreaterEqual(run["vouched"], 3)
        self.assertGreaterEqual(run["answered"], run["vouched"])
        self.assertGreaterEqual(run["operators"], 2)
        self.assertLess(run["duration"], 5)
        self.assertEqual(list(run.servers), harness.HOSTS)

    def test_each_server_is_asked_for_keys_once_and_its_cookies_are_renewed(self):
        run = self.once()
        self.assert_right(run)
        self.assertIn(self.key_exchanges(), (3, 4))
        for host in harness.HOSTS:
            server = run.servers[host]
            if not server.get("authenticated"):
                continue
            # The reply to the last request may not have come by the time of the decision.
            self.assertGreaterEqual(server["cookies"], 7, run)
            self.assertEqual(server["cookie-length"], 100)
            self.assertEqual(server["aead"], "AES-SIV-CMAC-256")
            self.assertEqual(server["tls-version"], "TLSv1.3")
            self.assertIn(host, server["certificate-subject"])
            self.assertEqual(server["key-exchanges"], 1)
            # Of the clock as it is now.
            self.assertAlmostEqual(server["offset"], 0, delta=0.01)
            self.assertEqual(server["ntp-port"], self.servers.ntp_ports[host])

    def test_requests_tell_nothing_and_are_as_all_servers_take_them(self):
        self.assert_right(self.once())
        requests = self.servers.requests(start=self.start)
        self.assertGreaterEqual(len(requests), 3)
        for request in requests:
            self.assertEqual(request["verdict"], "good", request)
        for field in ("cookie", "unique-id"):
            self.assertEqual(len({r[field] for r in requests}), len(requests), field)
        for key_exchange in self.servers.key_exchanges(start=self.start):
            self.assertEqual(key_exchange["request"], "80010002000080040002000f80000000")
            self.assertEqual(key_exchange["sni"], key_exchange["server"])

    def test_clock_that_is_only_observed_is_not_moved(self):
        run = harness.once(self.servers.configuration(), clock="observe")
        self.assertEqual(run.status, 0, run)
        self.assertEqual(run["correction"], 0)
        self.assertIs(run["stepped"], False)
        self.assertAlmostEqual(run["offset-before"], 0, delta=run["uncertainty"])

    def test_fast_clock_is_set_back(self):
        run = harness.once(self.servers.configuration(), offset=-7.25, frequency=-40)
        self.assertTrue(harness.is_right(run, -7.25, -40), run)

    def test_small_error_is_slewed(self):
        run = harness.once(self.servers.configuration(), offset=0.1)
        self.assertTrue(harness.is_right(run, 0.1), run)
        self.assertIs(run["stepped"], False)

    def test_longer_cookies_and_fewer_of_them_do(self):
        for length, count in ((104, 8), (256, 8), (600, 3), (1104, 2)):
            options = f"--cookie-length={length}", f"--cookies={count}"
            with harness.Servers(harness.HOSTS, *options) as others:
                run = harness.once(others.configuration(), offset=OFFSET)
                self.assert_right(run)
                others.check_requests()
                self.assertEqual({r["cookie-length"] for r in others.requests()}, {length})

    def test_lost_packets_are_asked_for_again_with_placeholders(self):
        with harness.Servers(harness.HOSTS, "--loss=0.3") as lossy:
            run = harness.once(lossy.configuration(), offset=OFFSET, timeout=15)
            self.assert_right(run)
            lossy.check_requests()

    def test_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as sock:
                sock.bind(("::1", 0))
        except OSError:
            self.skipTest("there is no IPv6 here")
        with harness.Servers(["ip6"], "--address=::1") as servers:
            configuration = servers.configuration().replace("[Server ip6]", "[Server ::1]")
            self.assert_right(harness.once(configuration, offset=OFFSET))


class Trouble(Once):
    def test_silent_key_exchange_is_called_that_however_short_the_time(self):
        with harness.Servers(harness.HOSTS, "--sabotage=silent") as silent:
            run = harness.once(silent.configuration(), timeout=1)
        self.assertEqual(run["error"], "KeyExchangeFailed", run)

    def test_silent_time_is_no_failure_of_the_keys(self):
        with harness.Servers(harness.HOSTS, "--sabotage=unreachable") as silent:
            run = harness.once(silent.configuration(), timeout=1)
        self.assertEqual(run["error"], "NoReply", run)

    def test_second_address_is_tried_when_the_first_hangs_up(self):
        hosts = os.path.join(self.temporary.name, "hosts")
        with open(hosts, "w", encoding="utf-8") as file:
            file.write("127.0.0.3 twice.example\n127.0.0.2 twice.example\n")
        # A mount namespace of its own, in which the name has two addresses.
        alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                 f'mount --bind {hosts} /etc/hosts && exec "$@"', "sh"]
        if subprocess.run(alone + ["true"], check=False, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no namespaces may be made here")
        with harness.Servers(["twice.example"], "--address=127.0.0.2") as servers, \
                socket.create_server(("127.0.0.3", servers.ke_ports["twice.example"])) as rude:
            rude.settimeout(harness.PATIENCE)
            hung_up = threading.Thread(target=lambda: rude.accept()[0].close(), daemon=True)
            hung_up.start()
            run = harness.once(servers.configuration(), offset=OFFSET, inside=alone)
            self.assert_right(run)
            hung_up.join(harness.PATIENCE)
            self.assertFalse(hung_up.is_alive())
            self.assertEqual(run.servers["twice.example"]["address"], "127.0.0.2")


class KeptCookies(Once):
    def test_second_run_needs_no_key_exchange_and_uses_no_cookie_twice(self):
        self.assert_right(self.once())
        self.assertGreaterEqual(self.key_exchanges(), 3)
        for _ in range(3):
            self.start = self.servers.mark()
            self.assert_right(self.once())
            self.assertEqual(self.key_exchanges(), 0)

    def test_cookies_of_lost_keys_are_replaced(self):
        self.assert_right(self.once())
        self.servers.tell("*", "forget-keys")
        self.start = self.servers.mark()
        self.assert_right(self.once())
        self.assertGreaterEqual(self.key_exchanges(), 3)

    def test_cookies_are_not_taken_to_a_server_configured_otherwise(self):
        self.assert_right(self.once())
        self.start = self.servers.mark()
        ca = os.path.join(self.temporary.name, "other.pem")
        shutil.copy(self.servers.ca, ca)
        configuration = self.servers.configuration().replace(self.servers.ca, ca)
        self.assert_right(harness.once(configuration, offset=OFFSET, state_dir=self.state))
        self.assertGreaterEqual(self.key_exchanges(), 3)

    def test_killed_helper_leaves_no_cookie_to_be_used_twice(self):
        path = os.path.join(self.temporary.name, "gnomon.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.servers.configuration(clock="MinimumPoll=-4\nMaximumPoll=-4"))
        self.assert_right(self.once())
        for count in (1, 5, 20):
            start = self.servers.mark()

            def has_asked(_event, start=start, count=count):
                return len(self.servers.requests(start=start)) >= count

            process = subprocess.Popen(
                harness.helper_command(path, "--state-dir=" + self.state),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.servers.lines.wait(has_asked, start)
            process.send_signal(signal.SIGKILL)
            process.wait(harness.PATIENCE)
        self.assert_right(self.once())

    def test_files_are_for_the_helper_alone(self):
        self.assert_right(self.once())
        self.assertEqual(os.stat(self.state).st_mode & 0o777, 0o700)
        for name in os.listdir(self.state):
            self.assertEqual(os.stat(os.path.join(self.state, name)).st_mode & 0o777, 0o600, name)


class BrokenState(Once):
    """Each file that is kept, broken in each way: a warning names it, and all goes on without."""

    # Rubbish in the ledger is a certificate with rubbish for a name: nothing rests on it.
    ALL = ("drift", "keys", "ledger")
    CHECKED = ("drift", "keys")

    def break_each(self, break_file, names=ALL):
        self.assert_right(self.once())
        for name in names:
            path = os.path.join(self.state, name)
            with self.subTest(name):
                break_file(path)
                self.start = self.servers.mark()
                run = self.once()
                self.assertFalse(run.crashed(), run)
                self.assert_right(run)
                self.assertIn(name, run.errors)
                if name == "keys":
                    # The last of the four may be late for the decision.
                    self.assertGreaterEqual(self.key_exchanges(), 3)
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path)
                self.servers.check_requests()

    @staticmethod
    def rewrite(path, change):
        with open(path, "rb") as file:
            old = file.read()
        with open(path, "wb") as file:
            file.write(change(old))

    def test_cut_to_a_half(self):
        self.break_each(lambda path: self.rewrite(path, lambda old: old[:len(old) // 2 - 3]),
                        self.CHECKED)

    def test_noise(self):
        self.break_each(lambda path: self.rewrite(path, lambda old: os.urandom(len(old))))

    def test_other_version(self):
        self.break_each(lambda path: self.rewrite(path, lambda old: b"\xff" * 8 + old[8:]))

    def test_last_octet_changed(self):
        def change(old):
            return old[:-2] + bytes([old[-2] ^ 0x80]) + old[-1:]
        self.break_each(lambda path: self.rewrite(path, change), self.CHECKED)

    def test_readable_by_others(self):
        self.break_each(lambda path: os.chmod(path, 0o644))

    def test_symbolic_link(self):
        self.assert_right(self.once())
        for name in sorted(os.listdir(self.state)):
            path = os.path.join(self.temporary.name, name)
            os.rename(os.path.join(self.state, name), path)
            os.symlink(path, os.path.join(self.state, name))
            with open(path, "rb") as file:
                content = file.read()
            run = self.once()
            self.assert_right(run)
            if name != "ntp.drift":  # which is never read, and replaced
                self.assertIn(name, run.errors)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), content, "the link was followed")

    def test_fifo(self):
        def fifo(path):
            os.remove(path)
            os.mkfifo(path)
        self.break_each(fifo)

    def test_directory(self):
        def directory(path):
            os.remove(path)
            os.mkdir(path)
        self.break_each(directory)

    def test_huge_file(self):
        self.break_each(lambda path: os.truncate(path, 1 << 30))

    def test_state_directory_that_is_a_file(self):
        with open(self.state, "w", encoding="utf-8") as file:
            file.write("not a directory")
        run = self.once()
        self.assertFalse(run.crashed(), run)
        self.assertIn("state", run.errors)


unittest.main(verbosity=2)
