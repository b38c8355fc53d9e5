#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The helper on a system bus with what else there is: other time services, sleep, sign-in pages,
metered networks and batteries."""

import os
import tempfile
import time
import unittest

import harness
from bus import Bus, iterate_until
from daemon import FAST, Daemon
from gi.repository import GLib
from system_services import Logind, NetworkManager, Systemd, UPower

CHRONY, TIMESYNCD = "chrony.service", "systemd-timesyncd.service"


def run_for(seconds):
    """Runs the main loop while nothing is to happen."""
    end = time.monotonic() + seconds
    iterate_until(lambda: time.monotonic() >= end, "time to pass")


class Surroundings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = harness.Servers()

    @classmethod
    def tearDownClass(cls):
        cls.servers.stop()

    def setUp(self):
        self.mark = self.servers.mark()
        self.bus = Bus()
        self.addCleanup(self.bus.stop)

    def add(self, kind, *arguments, **more):
        service = kind(self.bus, *arguments, **more)
        self.addCleanup(service.stop)
        return service

    def begin(self, clock=FAST, **more):
        daemon = Daemon(self.bus, self.servers.configuration(clock=clock), kind="system", **more)
        self.addCleanup(self.servers.check_requests, self.mark)
        self.addCleanup(daemon.stop)
        return daemon

    def wait_for_samples(self, daemon):
        """New ones, of all servers."""
        def samples():
            return [server.get("last-sample", 0) for server in daemon.get("Servers")]

        before = samples()
        daemon.wait(lambda: all(now > then for now, then in zip(samples(), before)), "new samples")

    def wait_for(self, daemon, **wanted):
        daemon.wait(lambda: all(daemon.get(name) == value for name, value in wanted.items()),
                    f"{wanted}")

    def kinds_of_events(self, daemon):
        events = daemon.caller.call("GetEvents", "(xu)", 0, 0).unpack()[0]
        return [event["kind"] for event in events]

    # ---- Other time services ----

    def test_only_watches_beside_another_service(self):
        systemd = self.add(Systemd, CHRONY)
        daemon = self.begin()
        self.wait_for(daemon, OtherService=CHRONY, StateReason="other-service", State="synchronised")
        self.wait_for_samples(daemon)
        self.assertEqual(daemon.get("ClockMode"), "virtual")
        self.assertAlmostEqual(daemon.caller.get("Offset"), 2.5, 1)
        self.assertEqual(daemon.get("LastStep"), 0)

        systemd.set(CHRONY, "deactivating")
        systemd.set(TIMESYNCD, "activating")
        systemd.set(CHRONY, "inactive")
        self.wait_for(daemon, OtherService=TIMESYNCD)
        self.assertEqual(daemon.get("LastStep"), 0)

        ended = time.monotonic()
        systemd.set(TIMESYNCD, "failed")
        self.wait_for(daemon, OtherService="", StateReason="", State="synchronised")
        daemon.wait(lambda: daemon.get("LastStep") > 0, "the step")
        self.assertLess(time.monotonic() - ended, 5)
        self.assertLess(abs(daemon.caller.get("Offset")), 0.1)

        systemd.set(CHRONY, "active")
        self.wait_for(daemon, OtherService=CHRONY, StateReason="other-service")

    def test_service_that_restarts_is_not_replaced(self):
        systemd = self.add(Systemd, CHRONY)
        daemon = self.begin()
        self.wait_for(daemon, OtherService=CHRONY, State="synchronised")
        systemd.set(CHRONY, "inactive")
        systemd.set(CHRONY, "activating")
        systemd.set(CHRONY, "active")
        run_for(1)
        self.wait_for_samples(daemon)
        self.assertEqual(daemon.get("OtherService"), CHRONY)
        self.assertEqual(daemon.get("LastStep"), 0)

    def test_nothing_is_set_before_systemd_has_answered(self):
        systemd = self.add(Systemd, silent=True)
        daemon = self.begin()
        self.wait_for(daemon, State="synchronised")
        self.wait_for_samples(daemon)
        self.assertEqual(daemon.get("LastStep"), 0)
        self.assertEqual(daemon.get("OtherService"), "")
        run_for(0.1)
        systemd.answer()
        daemon.wait(lambda: daemon.get("LastStep") > 0, "the step")

    def test_without_systemd_the_clock_is_kept(self):
        daemon = self.begin()
        daemon.wait(lambda: daemon.get("LastStep") > 0, "the step")
        self.assertEqual(daemon.get("OtherService"), "")
        self.assertEqual(daemon.get("Connectivity"), "unknown")

    # ---- Sleep ----

    def state_dir(self):
        directory = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(directory.cleanup)
        return directory.name

    def fall_asleep(self, logind, state_dir):
        """Returns the files that were there when the lock was released."""
        files = []
        logind.prepare(True)
        logind.wait_for_release(lambda: files.extend(os.listdir(state_dir)))
        return files

    def test_what_is_kept_is_on_the_disk_before_sleep(self):
        state_dir = self.state_dir()
        logind = self.add(Logind)
        daemon = self.begin(state_dir=state_dir)
        self.wait_for(daemon, State="synchronised")
        self.wait_for_samples(daemon)
        iterate_until(lambda: logind.locks, "a lock")
        self.assertEqual((logind.asked[0][0], logind.asked[0][3]), ("sleep", "delay"))
        self.assertNotIn("keys", os.listdir(state_dir))

        files = self.fall_asleep(logind, state_dir)
        self.assertIn("keys", files)
        self.assertIn("drift", files)
        asleep = self.servers.mark()
        run_for(0.5)  # eight polls of each
        self.assertEqual(self.servers.requests(start=asleep), [])

        woke = time.monotonic()
        logind.prepare(False)
        self.wait_for_samples(daemon)
        self.assertLess(time.monotonic() - woke, 5)
        self.assertNotIn("keys", os.listdir(state_dir))
        self.assertEqual(self.kinds_of_events(daemon).count("resumed"), 1)
        iterate_until(lambda: len(logind.locks) == 2, "another lock")
        self.assertEqual(self.servers.key_exchanges(start=asleep), [])

    def test_machine_that_does_not_wake_up_uses_no_cookie_twice(self):
        state_dir = self.state_dir()
        logind = self.add(Logind)
        daemon = Daemon(self.bus, self.servers.configuration(clock=FAST), kind="system",
                        state_dir=state_dir)
        self.wait_for(daemon, State="synchronised")
        self.wait_for_samples(daemon)
        iterate_until(lambda: logind.locks, "a lock")
        self.fall_asleep(logind, state_dir)
        daemon.process.kill()
        daemon.process.wait(harness.PATIENCE)
        daemon.caller.close()
        daemon.helper.errors.close()
        daemon.helper.directory.cleanup()

        exchanges = self.servers.mark()
        again = self.begin(state_dir=state_dir)
        self.wait_for(again, State="synchronised")
        self.assertEqual(self.servers.key_exchanges(start=exchanges), [])

    def test_logind_that_ends_leaves_nobody_asleep(self):
        logind = self.add(Logind)
        daemon = self.begin()
        self.wait_for(daemon, State="synchronised")
        iterate_until(lambda: logind.locks, "a lock")
        logind.prepare(True)
        logind.wait_for_release(lambda: None)
        logind.stop()
        self.wait_for_samples(daemon)

    # ---- The network ----

    def test_nothing_is_asked_behind_a_sign_in_page(self):
        network = self.add(NetworkManager, NetworkManager.FULL)
        daemon = self.begin()
        self.wait_for(daemon, State="synchronised", Connectivity="full")

        network.set("Connectivity", NetworkManager.PORTAL)
        self.wait_for(daemon, Connectivity="portal")
        held = self.servers.mark()
        run_for(0.5)
        self.assertEqual(self.servers.requests(start=held), [])

        let_through = time.monotonic()
        network.set("Connectivity", NetworkManager.FULL)
        self.wait_for(daemon, Connectivity="full")
        self.wait_for_samples(daemon)
        self.assertLess(time.monotonic() - let_through, 10)
        network.set("Connectivity", 77)
        self.wait_for(daemon, Connectivity="unknown")

    def test_packets_are_saved_where_they_are_dear(self):
        network = self.add(NetworkManager)
        power = self.add(UPower, GLib.Variant("s", "of another type"))
        daemon = self.begin(clock="")

        def wait_for_polls(poll):
            daemon.wait(lambda: all(server["poll"] == poll for server in daemon.get("Servers")),
                        f"polls every 2^{poll} s")

        wait_for_polls(6)
        network.set("Metered", NetworkManager.PROBABLY_METERED)
        wait_for_polls(7)
        power.set(GLib.Variant("b", True))
        network.set("Metered", NetworkManager.NOT_METERED)
        run_for(0.1)
        wait_for_polls(7)
        power.stop()
        wait_for_polls(6)
        self.assertIn("is of type s", daemon.helper.said())


if __name__ == "__main__":
    unittest.main()
