#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The helper's long life with servers that go, come back, forget keys, lie and send kisses."""

import unittest

import harness
from bus import Bus
from daemon import FAST, Daemon

FIRST, SECOND = harness.HOSTS[:2]


class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bus = Bus()
        cls.servers = harness.Servers()

    @classmethod
    def tearDownClass(cls):
        cls.servers.stop()
        cls.bus.stop()

    def setUp(self):
        self.start = self.servers.mark()
        for command in ("sabotage", "offset", "silent-naks"):
            self.servers.tell("*", command, 0)

    def begin(self, clock=FAST):
        """A helper that has all its servers' time."""
        daemon = Daemon(self.bus, self.servers.configuration(clock=clock))
        self.addCleanup(self.servers.check_requests, self.start)
        self.addCleanup(daemon.stop)
        daemon.wait(lambda: daemon.get("State") == "synchronised"
                    and all(server["authenticated"] for server in daemon.get("Servers")),
                    "synchronisation")
        return daemon

    def wait_for_server(self, daemon, host, **wanted):
        daemon.wait(lambda: wanted.items() <= daemon.server(host).items(), f"{host} to be {wanted}")

    def wait_for_new_keys(self, daemon):
        for host in harness.HOSTS:
            self.wait_for_server(daemon, host, **{"key-exchanges": 2})

    def wait_for_requests(self, daemon, host, count):
        start = self.servers.mark()
        daemon.wait(lambda: len(self.servers.requests(host, start)) >= count,
                    f"{count} requests to {host}")

    def test_servers_are_live(self):
        daemon = self.begin()

        def samples():
            return [daemon.server(host)["last-sample"] for host in harness.HOSTS]

        before = samples()
        daemon.wait(lambda: all(now > then for now, then in zip(samples(), before)), "new samples")
        for host in harness.HOSTS:
            server = daemon.server(host)
            self.assertGreaterEqual(server["cookies"], 7)
            self.assertIn(server["selection"], ("system-peer", "candidate", "outlier"))
            self.assertEqual(server["reason"], "")
        self.assertEqual(daemon.get("Witnesses")[:2], (4, 4))
        self.assertEqual(daemon.get("ClockMode"), "virtual")
        daemon.wait(lambda: abs(daemon.get("Frequency") - 40) < 20, "the 40 ppm to be known")

    def test_polls_are_no_burden(self):
        daemon = self.begin("")
        for host in harness.HOSTS:
            self.wait_for_server(daemon, host, poll=6)
        for host in harness.HOSTS:
            self.assertLessEqual(len(self.servers.requests(host, self.start)), 4)

    def test_server_that_goes_is_missed_and_welcome_again(self):
        # Slow enough that it is back before all cookies are spent: key exchanges have long pauses.
        daemon = self.begin("MinimumPoll=-1\nMaximumPoll=-1")
        self.servers.tell(FIRST, "sabotage", "unreachable")
        self.wait_for_server(daemon, FIRST, selection="no-samples")
        self.assertEqual(daemon.get("State"), "synchronised")
        self.servers.tell(FIRST, "sabotage", 0)
        daemon.wait(lambda: daemon.server(FIRST)["reach"] & 1, "the server to be back")
        self.assertEqual(daemon.server(FIRST)["state"], "polling")

    def test_clock_holds_while_all_servers_are_away(self):
        daemon = self.begin()
        self.servers.tell("*", "sabotage", "no-reply")
        daemon.wait(lambda: daemon.get("State") in ("holdover", "unsynchronised"), "the loss")
        self.assertNotEqual(daemon.get("StateReason"), "")
        self.servers.tell("*", "sabotage", 0)
        daemon.wait(lambda: daemon.get("State") == "synchronised", "synchronisation")

    def test_forgotten_keys_cost_one_key_exchange_each(self):
        daemon = self.begin()
        start = self.servers.mark()
        self.servers.tell("*", "forget-keys")
        self.wait_for_new_keys(daemon)
        for host in harness.HOSTS:
            self.wait_for_requests(daemon, host, 10)
            self.assertEqual(len(self.servers.key_exchanges(host, start)), 1)
            self.assertGreaterEqual(daemon.server(host)["naks"], 1)
        self.assertEqual({r["verdict"] for r in self.servers.requests()[-8:]}, {"good"})

    def test_keys_forgotten_without_a_word_cost_one_key_exchange_each(self):
        daemon = self.begin()
        start = self.servers.mark()
        self.servers.tell("*", "silent-naks", 1)
        self.servers.tell("*", "forget-keys")
        self.wait_for_new_keys(daemon)
        for host in harness.HOSTS:
            self.wait_for_requests(daemon, host, 10)
            self.assertEqual(len(self.servers.key_exchanges(host, start)), 1)

    def test_ntsn_to_every_request_starts_no_storm(self):
        daemon = self.begin()
        start = self.servers.mark()
        self.servers.tell(FIRST, "sabotage", "ntsn")
        daemon.wait(lambda: self.servers.key_exchanges(FIRST, start), "new keys")
        self.wait_for_requests(daemon, SECOND, 60)
        self.assertLessEqual(len(self.servers.key_exchanges(FIRST, start)), 2)

    def test_authentic_rate_kiss_slows_polls_down(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "sabotage", "rate-sealed-poll-127")
        self.wait_for_server(daemon, FIRST, reason="kiss-rate")
        daemon.wait(lambda: daemon.server(FIRST)["poll"] >= -1, "slower polls")
        self.assertLessEqual(daemon.server(FIRST)["poll"], 13)
        self.assertEqual(daemon.server(SECOND)["poll"], -4)

    def test_forged_rate_kiss_does_not_stop_polls(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "sabotage", "rate-first")
        self.wait_for_requests(daemon, FIRST, 20)
        self.assertEqual(daemon.get("State"), "synchronised")

    def test_authentic_deny_stops_polls(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "sabotage", "deny-sealed")
        self.wait_for_server(daemon, FIRST, reason="kiss-deny")
        start = self.servers.mark()
        self.wait_for_requests(daemon, SECOND, 20)
        self.assertEqual(self.servers.requests(FIRST, start), [])
        self.assertEqual(daemon.server(FIRST)["state"], "failed")

    def test_forged_deny_does_not_stop_polls(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "sabotage", "deny")
        self.wait_for_requests(daemon, FIRST, 5)
        self.servers.tell(FIRST, "sabotage", 0)
        self.wait_for_requests(daemon, FIRST, 5)
        self.wait_for_server(daemon, FIRST, reason="")

    def test_server_that_begins_to_lie_loses_its_vote(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "offset", 0.5)
        self.wait_for_server(daemon, FIRST, selection="falseticker")
        self.assertLess(abs(daemon.get("Offset")), 0.1)

    def test_server_that_drifts_away_is_left_behind(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "sabotage", "drifting")
        self.wait_for_server(daemon, FIRST, selection="falseticker")
        self.assertEqual(daemon.get("State"), "synchronised")
        self.assertLess(abs(daemon.get("Offset")), 0.05)

    def test_half_of_the_servers_that_begin_to_lie_are_not_followed(self):
        daemon = self.begin()
        self.servers.tell(FIRST, "offset", 0.5)
        self.servers.tell(SECOND, "offset", 0.5)
        daemon.wait(lambda: daemon.get("StateReason") == "no-quorum", "the disagreement to be seen")
        self.assertIn(daemon.get("State"), ("holdover", "unsynchronised"))
        self.assertLess(abs(daemon.get("Offset")), 0.1)

    def test_time_that_jumps_meanwhile_is_caught_up_with_and_stepped_to_on_request(self):
        """As after a pause of a virtual machine, of which its clocks know nothing."""
        daemon = self.begin()
        step = daemon.get("LastStep")
        self.servers.tell("*", "offset", 30)
        daemon.wait(lambda: daemon.caller.get("Offset") > 20, "the jump to be believed")
        daemon.wait(lambda: daemon.caller.get("Offset") < 29.8, "the clock to catch up")
        self.assertAlmostEqual(daemon.get("LastStep"), step, delta=1000)
        result = daemon.caller.call("SyncNow", "(a{sv})", {}).unpack()[0]
        self.assertTrue(result["stepped"], result)
        self.assertTrue(20 < result["correction"] < 29.8, result)
        daemon.wait(lambda: abs(daemon.caller.get("Offset")) < 0.1, "the clock to be right")

    def test_time_that_is_far_off_waits_for_a_person(self):
        daemon = self.begin()
        step = daemon.get("LastStep")
        self.servers.tell("*", "offset", 5000)
        daemon.wait(lambda: daemon.get("State") != "synchronised", "the change to be seen")
        daemon.wait(lambda: daemon.get("State") == "needs-decision", "the question")
        # In µs of a clock that is being slewed meanwhile.
        self.assertAlmostEqual(daemon.get("LastStep"), step, delta=1000)


unittest.main(verbosity=2)
