#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who must agree before the clock is moved: liars in every number, of one operator, and cut off;
and servers without proof."""

import unittest

import harness

HOSTS = harness.HOSTS + ["cryogenic.localhost"]
OFFSET = 2.5


class Quorum(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = harness.Servers(HOSTS)

    @classmethod
    def tearDownClass(cls):
        cls.servers.stop()

    def setUp(self):
        self.start = self.servers.mark()
        self.servers.tell("*", "offset", 0)
        self.servers.tell("*", "sabotage", 0)

    def tearDown(self):
        self.servers.check_requests(self.start)

    def lie(self, hosts, seconds):
        for host in hosts:
            self.servers.tell(host, "offset", seconds)

    def once(self, hosts, **options):
        configuration = self.servers.configuration(hosts, **options)
        return harness.once(configuration, offset=OFFSET, timeout=3)

    def assert_right(self, run, vouched):
        self.assertTrue(harness.is_right(run, OFFSET), run)
        self.assertGreaterEqual(run["vouched"], vouched, run)

    def assert_untouched(self, run, error):
        self.assertTrue(harness.is_untouched(run), run)
        self.assertEqual(run["error"], error, run)

    def test_one_liar_of_four_is_outvoted(self):
        self.lie(HOSTS[:1], 0.5)
        self.servers.tell("*", "delay", 40)
        self.servers.tell(HOSTS[0], "delay", 0)
        run = self.once(HOSTS[:4])
        self.servers.tell("*", "delay", 0)
        self.assert_right(run, 3)
        self.assertEqual(run.servers[HOSTS[0]]["selection"], "falseticker", run)

    def test_two_liars_of_four_who_agree_stop_everything(self):
        self.lie(HOSTS[:2], 0.5)
        self.assert_untouched(self.once(HOSTS[:4]), "NoQuorum")

    def test_two_liars_of_four_who_disagree_stop_everything(self):
        self.lie(HOSTS[:1], 0.5)
        self.lie(HOSTS[1:2], -0.5)
        self.assert_untouched(self.once(HOSTS[:4]), "NoQuorum")

    def test_one_liar_of_three_is_one_too_many(self):
        self.lie(HOSTS[:1], 0.5)
        self.assert_untouched(self.once(HOSTS[:3]), "NoQuorum")

    def test_one_liar_of_two_is_not_told_from_the_other(self):
        self.lie(HOSTS[:1], 0.5)
        self.assert_untouched(self.once(HOSTS[:2]), "NoQuorum")

    def test_two_are_enough_where_there_are_only_two(self):
        self.assert_right(self.once(HOSTS[:2]), 2)

    def test_three_liars_of_one_operator_are_one_opinion(self):
        self.lie(HOSTS[:3], 0.5)
        configuration = (self.servers.configuration(HOSTS[:3], server="Operator=One")
                         + self.servers.configuration(HOSTS[3:]).replace("[Clock]\n", ""))
        self.assert_untouched(harness.once(configuration, offset=OFFSET, timeout=3), "NoQuorum")

    def test_honest_servers_cut_off_do_not_make_liars_a_majority(self):
        self.lie(HOSTS[:2], 0.5)
        for host in HOSTS[2:4]:
            self.servers.tell(host, "sabotage", "no-reply")
        self.assert_untouched(self.once(HOSTS[:4]), "NoQuorum")

    def test_all_far_away_need_a_decision(self):
        for seconds in (2000, -2000, 300000000):
            self.lie(HOSTS[:4], seconds)
            self.assert_untouched(self.once(HOSTS[:4]), "OutOfBounds")

    def test_limit_is_the_administrators(self):
        self.lie(HOSTS[:4], 0)
        self.assert_untouched(self.once(HOSTS[:4], clock="MaximumChange=2"), "OutOfBounds")
        self.assert_right(self.once(HOSTS[:4], clock="MaximumChange=3"), 3)

    def test_one_server_under_two_names_has_one_vote(self):
        port = self.servers.ke_ports[HOSTS[0]]
        configuration = (self.servers.configuration(HOSTS[:1])
                         + f"[Server 127.0.0.1]\nPort={port}\nCA={self.servers.ca}\n")
        run = harness.once(configuration, offset=OFFSET, timeout=3)
        self.assert_untouched(run, "NoQuorum")


class Unauthenticated(unittest.TestCase):
    """Servers without NTS, each at an address of its own."""

    ADDRESSES = ["127.0.0.11", "127.0.0.12", "127.0.0.13"]

    @classmethod
    def setUpClass(cls):
        cls.authentic = harness.Servers(HOSTS[:2])
        cls.plain = [harness.Servers([address], "--address=" + address)
                     for address in cls.ADDRESSES]

    @classmethod
    def tearDownClass(cls):
        for servers in [cls.authentic, *cls.plain]:
            servers.stop()

    def setUp(self):
        self.start = [servers.mark() for servers in self.plain]

    def lie(self, seconds):
        for servers in self.plain:
            servers.tell("*", "offset", seconds)

    def assert_asked(self):
        for servers, start in zip(self.plain, self.start):
            # The helper may have ended before a server has come to its request.
            self.assertTrue(servers.lines.wait(lambda event: event["event"] == "ntp", start))
            self.assertEqual({r["verdict"] for r in servers.requests(start=start)}, {"plain"})

    def configuration(self, more=""):
        return "".join(
            f"[Server {address}]\nNTS=false\nNTPPort={servers.ntp_ports[address]}\n{more}\n"
            for address, servers in zip(self.ADDRESSES, self.plain))

    def test_moves_nothing(self):
        self.lie(0)
        run = harness.once(self.configuration(), offset=OFFSET, timeout=3)
        self.assertTrue(harness.is_untouched(run), run)
        self.assert_asked()
        for address in self.ADDRESSES:
            self.assertFalse(run.servers[address]["authenticated"], run)
            self.assertEqual(run.servers[address]["reason"], "not-trusted", run)

    def test_does_not_outvote_authentic_time(self):
        self.lie(0.5)
        run = harness.once(self.authentic.configuration() + self.configuration(), offset=OFFSET,
                           timeout=3)
        self.assertTrue(harness.is_right(run, OFFSET), run)
        self.assertEqual(run["vouched"], 2)
        self.assert_asked()

    def test_is_believed_where_the_administrator_says_so(self):
        self.lie(0)
        run = harness.once(self.configuration("Trust=true"), offset=OFFSET, timeout=3)
        self.assertAlmostEqual(run["correction"], OFFSET, delta=run["uncertainty"])
        self.assertIsNone(run["error"])
        self.assertNotEqual(run.status, 0, "success is for authenticated time only")
        for address in self.ADDRESSES:
            self.assertFalse(run.servers[address]["authenticated"], run)

    def test_replies_to_others_are_dropped(self):
        self.lie(0)
        for fault in ("from-other-port", "origin-wrong", "origin-zero", "leap-3", "stratum-16",
                      "mode-client"):
            with self.subTest(fault):
                for servers in self.plain:
                    servers.tell("*", "sabotage", fault)
                run = harness.once(self.configuration("Trust=true"), offset=OFFSET, timeout=1)
                self.assertTrue(harness.is_untouched(run), run)
        for servers in self.plain:
            servers.tell("*", "sabotage", 0)


unittest.main(verbosity=2)
