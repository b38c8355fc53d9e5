#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The helper with a server that nobody here wrote: Debian's chronyd, unpacked beside the build and
run on loopback without any control of the clock. A relay between the two sees the cookies, which
requests carry in clear."""

import getpass
import os
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import unittest

import chrony
import harness
from bus import Bus
from daemon import FAST, Daemon

HOST = harness.HOSTS[0]
EXCHANGES = 200
RELAY_ADDRESS = "127.0.0.2"


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Relay:
    """Passes packets on between the helper and chronyd, and keeps account of them."""

    def __init__(self, port):
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind((RELAY_ADDRESS, port))
        self.back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.back.bind(("127.0.0.1", 0))
        self.server = ("127.0.0.1", port)
        self.client = None
        self.cookies = []
        self.placeholders = []
        self.replies = 0
        self.naks = 0
        self.to_lose = 0
        for target in (self._requests, self._replies):
            threading.Thread(target=target, daemon=True).start()

    def _requests(self):
        while True:
            packet, self.client = self.front.recvfrom(2048)
            placeholders, position = 0, 48
            while position + 4 <= len(packet):
                kind, length = struct.unpack_from(">HH", packet, position)
                if kind == 0x0204:
                    self.cookies.append(packet[position + 4:position + length])
                placeholders += kind == 0x0304
                position += max(length, 4)
            self.placeholders.append(placeholders)
            self.back.sendto(packet, self.server)

    def _replies(self):
        while True:
            packet, _ = self.back.recvfrom(2048)
            if self.to_lose > 0:
                self.to_lose -= 1
                continue
            self.naks += packet[12:16] == b"NTSN"
            self.replies += 1
            self.front.sendto(packet, self.client)


class Chronyd:
    def __init__(self, certificates, ntp_port, ke_port):
        self.program, self.environment = chrony.find_chronyd()
        self.temporary = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.directory = self.temporary.name
        self.ke_port = ke_port
        self.configuration = os.path.join(self.directory, "chrony.conf")
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(f"""
local stratum 3
allow all
bindaddress 127.0.0.1
bindaddress ::1
port {ntp_port}
ntsport {ke_port}
ntsservercert {certificates}/{HOST}.pem
ntsserverkey {certificates}/{HOST}.key
ntsntpserver {RELAY_ADDRESS}
ntsdumpdir {self.directory}
cmdport 0
bindcmdaddress /
pidfile {self.directory}/pid
""")
        self.process = None
        self.start()

    def start(self):
        """Returns when it takes connections."""
        self.process = subprocess.Popen(
            [self.program, "-x", "-d", "-U", "-u", getpass.getuser(), "-f", self.configuration],
            env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self._answers():
            try:
                self.process.wait(0.02)
                raise AssertionError("chronyd ended")
            except subprocess.TimeoutExpired:
                pass

    def _answers(self):
        with socket.socket() as sock:
            sock.settimeout(1)
            return sock.connect_ex(("127.0.0.1", self.ke_port)) == 0

    def stop(self):
        self.process.terminate()
        self.process.wait(harness.PATIENCE)

    def forget_keys(self):
        os.remove(os.path.join(self.directory, "ntskeys"))


class Chrony(unittest.TestCase):
    def test_long_life_with_chronyd(self):
        ntp_port, ke_port = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_STREAM)
        certificates = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(certificates.cleanup)
        subprocess.run([harness.MAKE_CERTIFICATES, certificates.name, HOST], check=True)
        chronyd = Chronyd(certificates.name, ntp_port, ke_port)
        self.addCleanup(chronyd.temporary.cleanup)
        self.addCleanup(lambda: chronyd.stop())  # pylint: disable=unnecessary-lambda
        relay = Relay(ntp_port)
        bus = Bus()
        self.addCleanup(bus.stop)
        daemon = Daemon(bus, f"[Clock]\n{FAST}\n"
                        f"[Server {HOST}]\nPort={ke_port}\nCA={certificates.name}/ca.pem\n")
        self.addCleanup(daemon.stop)
        self.daemon, self.relay = daemon, relay

        self.check_synchronises()
        self.check_lives_on_its_cookies()
        self.check_replaces_what_is_lost()
        self.check_recovers_from_lost_keys(chronyd)
        self.assertEqual(len(set(relay.cookies)), len(relay.cookies), "a cookie was sent twice")

    def server(self):
        return self.daemon.server(HOST)

    def wait_for_replies(self, count):
        wanted = self.relay.replies + count
        self.daemon.wait(lambda: self.relay.replies >= wanted, f"{count} replies")

    def check_synchronises(self):
        self.daemon.wait(lambda: self.daemon.get("State") == "synchronised", "synchronisation")
        self.daemon.wait(lambda: self.server()["cookies"] == 8, "8 cookies")
        self.assertTrue(self.server()["authenticated"])
        self.assertEqual(self.server()["ntp-address"], RELAY_ADDRESS)
        self.assertEqual(self.server()["aead"], "AES-SIV-CMAC-256")
        get = self.daemon.get
        self.daemon.wait(lambda: abs(get("Offset")) <= get("Uncertainty") < 0.1, "the right time")
        self.assertGreater(self.daemon.get("LastStep"), 0)

    def check_lives_on_its_cookies(self):
        self.wait_for_replies(EXCHANGES)
        self.assertEqual(self.server()["key-exchanges"], 1)
        self.assertEqual(self.relay.naks, 0)
        # As many come back as are sent, so that none needs to be asked for but after a loss.
        self.assertLess(sum(self.relay.placeholders), EXCHANGES / 10)

    def check_replaces_what_is_lost(self):
        asked = sum(self.relay.placeholders)
        self.relay.to_lose = 3
        self.daemon.wait(lambda: self.relay.to_lose == 0, "losses")
        self.wait_for_replies(4)
        self.daemon.wait(lambda: self.server()["cookies"] == 8, "all cookies")
        self.assertGreaterEqual(sum(self.relay.placeholders) - asked, 3)
        self.assertEqual(self.server()["key-exchanges"], 1)

    def check_recovers_from_lost_keys(self, chronyd):
        # The helper must not notice the restart, only that its cookies are worth nothing.
        self.daemon.process.send_signal(signal.SIGSTOP)
        chronyd.stop()
        chronyd.forget_keys()
        chronyd.start()
        self.daemon.process.send_signal(signal.SIGCONT)
        self.daemon.wait(lambda: self.server()["key-exchanges"] == 2, "new keys")
        self.assertGreaterEqual(self.relay.naks, 1)
        self.wait_for_replies(20)
        self.assertEqual(self.server()["key-exchanges"], 2)
        self.assertEqual(self.daemon.get("State"), "synchronised")


unittest.main(verbosity=2)
