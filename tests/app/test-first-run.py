#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run with the real helper and the real catalogue: servers are suggested, tested, added, and set the clock.

That the catalogue's names lead to servers on loopback is so in a network and a file /etc/hosts of this test's own, in
which no other address can be reached. Without an argument it makes these; the environment is that of the others.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
TITLE = "Add Servers"
PORT = 4460
INSIDE = 'mount --bind "$0" /etc/hosts && ip link set lo up && exec "$@"'


def enter(folder):
    """Runs this program once more, inside; its exit status."""
    hosts = os.path.join(folder, "hosts")
    with open(hosts, "w", encoding="utf-8") as file:
        file.write("127.0.0.1 localhost\n")
    alone = ["unshare", "--user", "--map-root-user", "--mount", "--net", "sh", "-c", INSIDE, hosts]
    if not shutil.which("ip") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0:
        print("no namespaces here (an unprivileged container?), or no iproute2")
        return 77
    return subprocess.run([*alone, sys.executable, os.path.join(HERE, "with-display.py"), sys.executable, __file__,
                           folder], check=False).returncode


class FirstRunTest(unittest.TestCase):
    def start_servers(self, names):
        """Each has an address of its own, and the usual port."""
        import harness
        subprocess.run([harness.MAKE_CERTIFICATES, self.folder, *names], check=True)
        servers = {}
        with open("/etc/hosts", "a", encoding="utf-8") as hosts:
            for number, name in enumerate(names, 1):
                servers[name] = harness.Servers([f"{name}:{PORT}"], f"--address=127.0.1.{number}",
                                                directory=self.folder)
                self.addCleanup(servers[name].stop)
                hosts.write(f"127.0.1.{number} {name}\n")
        return servers

    def start(self):
        import window
        from bus import Caller, Helper
        from real_case import SessionBus
        # The list of the system, for the helper that is started now.
        os.environ["SSL_CERT_FILE"] = os.path.join(self.folder, "ca.pem")
        bus = SessionBus()
        helper = contextlib.ExitStack()
        helper.enter_context(Helper(bus, "[Clock]\nAutomatic=false\n"))
        self.addCleanup(helper.close)
        self.caller = Caller(bus)
        self.addCleanup(self.caller.close)
        shown = window.Window(TZ="Europe/Berlin")
        self.addCleanup(lambda: self.assertIn(shown.close(), (0, -15)))
        return shown

    def test_four_of_the_catalogue_set_the_clock(self):
        from window import CHECKED, wait_for
        shown = self.start()
        shown.wait_for_text("Choose Who Tells You the Time")
        shown.press("ctrl+n")
        shown.wait_for_text("Suggested for You")
        names = [node.name for node in shown.walk(within=TITLE) if node.role == "check box" and node.has(CHECKED)]
        self.assertEqual(len(set(names)), 4, names)
        servers = self.start_servers(names)
        # One that gives out no keys is not chosen.
        servers[names[3]].tell("*", "sabotage", "connection-refused")
        shown.click("Test All")
        shown.wait_for_text("Add 3 Servers")
        wait_for(lambda: sum(text.startswith("certificate: ") for text in shown.texts()) == 3, "three results")
        wait_for(lambda: shown.find("Test All", "push button"), "the end of the tests")
        if os.environ.get("SCREENSHOTS"):
            shown.screenshot(os.path.join(os.environ["SCREENSHOTS"], "first-run.png"), TITLE)
        self.assertEqual(self.caller.get("Servers"), [])
        shown.click("Add 3 Servers", within=TITLE)
        wait_for(lambda: len(self.caller.get("Servers")) == 3, "the helper to know them")
        shown.click("Sync Securely Now")
        wait_for(lambda: shown.find("Corrected"), "the result")
        listed = self.caller.get("Servers")
        self.assertEqual({server["host"] for server in listed}, set(names[:3]))
        self.assertEqual(len({server["operator"] for server in listed}), 3, listed)
        for server in listed:
            self.assertTrue(servers[server["host"]].requests(), server)
        step, = [event for event in self.caller.call("GetEvents", "(xu)", 0, 0).unpack()[0]
                 if event["kind"] == "stepped"]
        self.assertAlmostEqual(step["amount"], 2.5, delta=0.1)
        self.assertEqual(step["operators"], 3)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        FirstRunTest.folder = sys.argv.pop()
        unittest.main(verbosity=2)
    with tempfile.TemporaryDirectory(prefix="gnomon-") as own:
        sys.exit(enter(own))
