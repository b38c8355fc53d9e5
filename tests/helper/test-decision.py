#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change beyond the limit, and the two answers to the question: four servers agree that the
helper's clock is two hours slow."""

import getpass
import time
import unittest

import daemon
import harness
from bus import ERROR, Bus

HOURS_2 = 7200
OPTION = f"--virtual-offset={HOURS_2}"


def true_usec():
    """What the window shows as the servers' time: they are right here."""
    return time.time_ns() // 1000


class Decision(unittest.TestCase):
    def begin(self, clock=daemon.FAST):
        servers = harness.Servers()
        self.addCleanup(servers.stop)
        bus = Bus()
        self.addCleanup(bus.stop)
        self.servers = servers
        self.daemon = daemon.Daemon(bus, servers.configuration(clock=clock), OPTION)
        self.addCleanup(self.daemon.stop)
        self.caller = self.daemon.caller

    def wait_for_state(self, state):
        self.daemon.wait(lambda: self.daemon.get("State") == state, state)

    def begin_asked(self):
        self.begin()
        self.wait_for_state("needs-decision")

    def wait_for_polls(self, polls):
        start = self.servers.mark()
        self.daemon.wait(lambda: all(len(self.servers.requests(host, start)) >= polls
                                     for host in self.servers.hosts), "more polls")

    def check_record(self, *kinds):
        """Of what people decided, and what came of it."""
        events, = self.caller.call("GetEvents", "(xu)", 0, 0).unpack()
        found = [e for e in events if e["kind"] in ("decision", "accepted", "rejected", "stepped")]
        self.assertEqual([event["kind"] for event in found], list(kinds))
        for event in found:
            self.assertAlmostEqual(event["amount"], HOURS_2, delta=1)
            self.assertGreaterEqual(event["vouched"], 3)
            who = None if event["kind"] == "decision" else getpass.getuser()
            self.assertEqual(event.get("who"), who, event)

    def check_unchanged(self):
        now = self.caller.get_all()
        self.assertEqual(now["LastStep"], 0)
        self.assertAlmostEqual(now["Offset"], HOURS_2, delta=1)

    def test_nothing_is_changed_before_somebody_has_answered(self):
        self.begin_asked()
        self.wait_for_polls(20)
        self.assertEqual(self.daemon.get("State"), "needs-decision")
        self.assertEqual(self.daemon.get("StateReason"), "change-too-large")
        self.assertGreaterEqual(self.daemon.get("Witnesses")[0], 3)
        self.check_unchanged()

    def test_yes_sets_the_clock(self):
        self.begin_asked()
        self.caller.call("AcceptTime", "(x)", true_usec())
        now = self.caller.get_all()
        self.assertLess(abs(now["Offset"]), 0.1)
        self.assertAlmostEqual(now["LastStep"], true_usec(), delta=10_000_000)
        self.wait_for_state("synchronised")
        self.check_record("decision", "accepted", "stepped")

    def test_yes_to_what_a_window_shows_beside_a_virtual_clock(self):
        self.begin_asked()
        offset = self.caller.get("Offset")
        self.caller.call("AcceptTime", "(x)", true_usec() + int(offset * 1_000_000))
        self.assertLess(abs(self.caller.get("Offset")), 0.1)

    def test_yes_to_another_time_changes_nothing(self):
        self.begin_asked()
        shown = true_usec()
        for usec in (0, shown - HOURS_2 * 1_000_000, shown + 60_000_000, 2 ** 63 - 1, -2 ** 63):
            failure = self.caller.fails("AcceptTime", "(x)", usec)
            self.assertEqual(failure.name, ERROR + "OutOfBounds")
        self.check_unchanged()
        self.assertEqual(self.caller.get("State"), "needs-decision")

    def test_no_is_not_asked_again_but_on_request(self):
        self.begin_asked()
        self.caller.call("RejectTime")
        self.wait_for_state("unsynchronised")
        self.wait_for_polls(20)
        now = self.caller.get_all()
        self.assertEqual((now["State"], now["StateReason"]), ("unsynchronised", "change-rejected"))
        self.check_unchanged()
        self.check_record("decision", "rejected")
        failure = self.caller.fails("AcceptTime", "(x)", true_usec())
        self.assertEqual(failure.name, ERROR + "OutOfBounds")

        failure = self.caller.fails("SyncNow", "(a{sv})", {})
        self.assertEqual(failure.name, ERROR + "OutOfBounds")
        self.assertEqual(self.caller.get("State"), "needs-decision")
        self.check_unchanged()
        self.caller.call("AcceptTime", "(x)", true_usec())
        self.wait_for_state("synchronised")

    def test_a_request_is_answered_with_the_question(self):
        self.begin(clock="Automatic=false")
        failure = self.caller.fails("SyncNow", "(a{sv})", {})
        self.assertEqual(failure.name, ERROR + "OutOfBounds")
        self.assertEqual(self.caller.get("State"), "needs-decision")
        self.caller.call("RejectTime")
        self.assertEqual(self.caller.get("State"), "off")
        self.check_unchanged()

    def test_an_answer_without_a_question_changes_nothing(self):
        self.begin(clock="Automatic=false")
        self.caller.call("RejectTime")
        failure = self.caller.fails("AcceptTime", "(x)", true_usec())
        self.assertEqual(failure.name, ERROR + "OutOfBounds")
        self.assertEqual(self.caller.get("LastStep"), 0)


unittest.main(verbosity=2)
