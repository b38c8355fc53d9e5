#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that is years off, so that no certificate seems valid: how it is put right, and who must not profit from it."""

import os
import tempfile
import time

import harness
from bus import ERROR, Bus, Caller, Failure, Helper, iterate_until, run_tests

HOSTS = harness.HOSTS
YEAR = 365 * 86400
SLOW, FAST = f"--virtual-offset={7 * YEAR}", f"--virtual-offset={-12 * YEAR}"
UNCHECKED = "dates-unchecked"


def wait_for_state(caller, state):
    iterate_until(lambda: caller.get("State") == state, state)


def ask(caller):
    """The name of the error that a sync ends with."""
    try:
        return caller.call("SyncNow", "(a{sv})", {})
    except Failure as failure:
        return failure.name


def check_untouched(caller):
    now = caller.get_all()
    assert now["LastStep"] == now["LastSync"] == 0, now
    for host in HOSTS:
        assert caller.call("GetLedger", "(su)", host, 0).unpack()[0] == [], "what was believed?"
    return now


def events(caller, kind):
    return [event for event in caller.call("GetEvents", "(xu)", 0, 0).unpack()[0] if event["kind"] == kind]


def a_person_decides_and_certificates_are_checked_then():
    for wrong, amount in (SLOW, 7 * YEAR), (FAST, -12 * YEAR):
        with harness.Servers() as servers, Bus() as bus, Helper(bus, servers.configuration(), wrong):
            caller = Caller(bus)
            wait_for_state(caller, "needs-decision")
            now = check_untouched(caller)
            assert now["StateReason"] == UNCHECKED, now
            for server in now["Servers"]:
                assert (server["reason"], server["key-exchanges"]) == (UNCHECKED, 1), server
            decision, = events(caller, "decision")
            assert decision["reason"] == UNCHECKED and abs(decision["amount"] - amount) < 1, decision
            assert {event["reason"] for event in events(caller, "key-exchange")} == {UNCHECKED}

            mark = servers.mark()
            caller.call("AcceptTime", "(x)", int(time.time() * 1e6))
            wait_for_state(caller, "synchronised")
            # All keys are new, and had by certificates that are valid.
            iterate_until(lambda: all((server["key-exchanges"], server["reason"]) == (2, "")
                                      for server in caller.get("Servers")), "new keys and answers")
            assert len(servers.key_exchanges(start=mark)) == len(HOSTS)
            now = caller.get_all()
            assert abs(now["Offset"]) < 0.1 and now["LastStep"] > 0, now
            step, = events(caller, "stepped")
            assert abs(step["amount"] - amount) < 1 and step["who"], step
            assert step["vouched"] == step["operators"] == len(HOSTS), step
            for host in HOSTS:
                assert len(caller.call("GetLedger", "(su)", host, 0).unpack()[0]) == 1
            servers.check_requests()


def what_is_asked_for_by_a_person_changes_nothing_either():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false"), SLOW):
        caller = Caller(bus)
        assert ask(caller) == ERROR + "OutOfBounds"
        now = check_untouched(caller)
        assert (now["State"], now["StateReason"]) == ("needs-decision", UNCHECKED), now
        caller.call("RejectTime")
        assert check_untouched(caller)["State"] == "off"


def nothing_of_it_is_kept():
    with harness.Servers() as servers, Bus() as bus, tempfile.TemporaryDirectory(prefix="gnomon-") as state:
        with Helper(bus, servers.configuration(), SLOW, state_dir=state):
            wait_for_state(Caller(bus), "needs-decision")
        kept = set(os.listdir(state))
        assert not kept & {"keys", "drift", "ntp.drift"}, kept


def a_liar_is_outvoted():
    with harness.Servers() as servers, Bus() as bus:
        servers.tell(HOSTS[0], "offset", 86400)
        with Helper(bus, servers.configuration(), SLOW):
            caller = Caller(bus)
            wait_for_state(caller, "needs-decision")
            assert abs(caller.get("Offset") - 7 * YEAR) < 1
            iterate_until(lambda: caller.get("Servers")[0]["selection"] == "falseticker", "the liar to be seen")


def a_time_outside_of_their_own_certificates_is_no_time():
    """All of them say what was a year ago."""
    with harness.Servers() as servers, Bus() as bus:
        servers.tell("*", "offset", -YEAR)
        with Helper(bus, servers.configuration(), SLOW) as helper:
            caller = Caller(bus)
            iterate_until(lambda: all(server.get("reason") == "certificate-not-yet-valid"
                                      and server["selection"] == "not-used" for server in caller.get("Servers")),
                          "them to be seen through")
            iterate_until(servers.requests, "requests")
            assert check_untouched(caller)["State"] in ("starting", "unsynchronised")
            assert events(caller, "decision") == [] and helper.process.poll() is None


def certificates_that_ran_out_are_worth_nothing():
    """Whether the clock is right or not: they ended before the helper was made."""
    for wrong in "--virtual-offset=2.5", SLOW, FAST:
        with harness.Servers() as servers, Bus() as bus:
            servers.tell("*", "sabotage", "certificate-expired")
            servers.tell("*", "offset", -2 * 86400)
            with Helper(bus, servers.configuration(clock="Automatic=false"), wrong):
                caller = Caller(bus)
                assert ask(caller) == ERROR + "KeyExchangeFailed"
                for server in check_untouched(caller)["Servers"]:
                    assert server["reason"].startswith("certificate-"), server
                assert servers.requests() == []


def other_faults_of_certificates_are_as_ever():
    for sabotage in "certificate-wrong-name", "certificate-self-signed":
        with harness.Servers() as servers, Bus() as bus:
            servers.tell("*", "sabotage", sabotage)
            with Helper(bus, servers.configuration(clock="Automatic=false"), SLOW):
                caller = Caller(bus)
                assert ask(caller) == ERROR + "KeyExchangeFailed"
                check_untouched(caller)
                assert servers.requests() == []


def one_that_is_valid_ends_it():
    """Then it is the others' dates that are wrong, and not the clock."""
    with harness.Servers() as servers, Bus() as bus:
        for host in HOSTS[:3]:
            servers.tell(host, "sabotage", "certificate-not-yet-valid")
        with Helper(bus, servers.configuration(clock="Automatic=false"), "--virtual-offset=2.5"):
            caller = Caller(bus)
            assert ask(caller) in (ERROR + "NoQuorum", ERROR + "KeyExchangeFailed", ERROR + "NoReply")
            reasons = {server["host"]: server["reason"] for server in caller.get("Servers")}
            assert {reasons[host] for host in HOSTS[:3]} == {"certificate-not-yet-valid"}, reasons
            assert caller.get("LastStep") == 0 and events(caller, "decision") == []


def nobody_is_there_to_decide():
    with harness.Servers() as servers:
        run = harness.once(servers.configuration(), offset=7 * YEAR)
        assert harness.is_untouched(run) and run["error"] == "OutOfBounds", run
        run = harness.once(servers.configuration(), offset=7 * YEAR, timeout=5, clock="virtual")
        assert harness.is_untouched(run), run


run_tests([
    a_person_decides_and_certificates_are_checked_then,
    what_is_asked_for_by_a_person_changes_nothing_either,
    nothing_of_it_is_kept,
    a_liar_is_outvoted,
    a_time_outside_of_their_own_certificates_is_no_time,
    certificates_that_ran_out_are_worth_nothing,
    other_faults_of_certificates_are_as_ever,
    one_that_is_valid_ends_it,
    nobody_is_there_to_decide,
])
