#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SyncNow over the bus, with four NTS servers on loopback."""

import harness
from bus import ERROR, Bus, Caller, Failure, GLib, Helper, iterate_until, run_tests

PHASES = ["keys", "measuring", "comparing", "setting", "done"]
RESULT_TYPES = {"offset-before": "d", "correction": "d", "stepped": "b", "uncertainty": "d",
                "answered": "u", "vouched": "u", "operators": "u", "duration": "d"}


def begin_sync(caller):
    return caller.begin("SyncNow", GLib.Variant("(a{sv})", ({},)))


def a_click_corrects_the_clock():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false")):
        caller = Caller(bus)
        reply = begin_sync(caller)().get_child_value(0)
        types = {key: reply.lookup_value(key, None).get_type_string() for key in reply.keys()}
        assert types == RESULT_TYPES, types
        result = reply.unpack()
        assert abs(result["correction"] - 2.5) <= result["uncertainty"] < 0.1, result
        assert abs(result["offset-before"] - 2.5) <= result["uncertainty"], result
        assert result["stepped"] and 3 <= result["vouched"] <= result["answered"] <= 4, result
        assert 2 <= result["operators"] <= 4 and 0 < result["duration"] < 5, result

        # What it changed was told before it was answered.
        told = {key: value for change in caller.changes for key, value in change.items()}
        assert told["LastStep"] > 0 and told["LastSync"] > 0, told
        now = caller.get_all()
        assert abs(now["Offset"]) <= now["Uncertainty"] < 0.1, now
        assert now["Witnesses"][0] >= 3 and now["Witnesses"][1] == 4, now["Witnesses"]
        asked = [server for server in now["Servers"] if server.get("authenticated")]
        assert len(asked) >= result["answered"], asked
        for server in asked:
            assert server["tls-version"] == "TLSv1.3" and server["cookies"] > 0, server
            assert abs(server["offset"]) < 0.1, server

        # One server may answer before another has given keys.
        phases = list(dict.fromkeys(PHASES.index(phase) for phase, _server, _detail in caller.progress))
        assert phases == sorted(phases) and {0, 1, 4} <= set(phases), caller.progress
        for _phase, host, detail in caller.progress:
            assert host in ["", *servers.hosts], host
            assert detail["answers"] <= detail["wanted"] <= 64, detail
        assert caller.fails("SyncNow", "(a{sv})", {}).name == ERROR + "TooSoon"
    servers.check_requests()


def a_second_click_waits_for_nobody():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false")):
        servers.tell("*", "sabotage", "silent")
        first, second = Caller(bus), Caller(bus)
        finish = begin_sync(first)
        iterate_until(lambda: first.progress, "the first sync to begin")
        assert second.fails("SyncNow", "(a{sv})", {}).name == ERROR + "Busy"
        second.call("CancelSync")
        try:
            finish()
            raise AssertionError("a cancelled sync succeeded")
        except Failure as failure:
            assert failure.name == ERROR + "Cancelled", failure
        now = first.get_all()
        assert now["LastStep"] == now["LastSync"] == 0, now
        second.call("CancelSync")


def a_caller_who_leaves_ends_its_sync():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false")):
        servers.tell("*", "sabotage", "silent")
        leaver, other = Caller(bus), Caller(bus)
        begin_sync(leaver)
        iterate_until(lambda: other.progress, "the sync to begin")
        leaver.close()

        def is_over():
            return other.fails("SyncNow", "(a{sv})", {}).name != ERROR + "Busy"

        iterate_until(is_over, "the sync to end")


def a_new_state_is_told_at_once():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(), "--virtual-offset=0"):
        caller = Caller(bus)

        def is_synchronised():
            return any(change.get("State") == "synchronised" for change in caller.changes)

        if caller.get("State") != "synchronised":
            iterate_until(is_synchronised, "synchronisation")
        assert caller.get("State") == "synchronised"
        assert caller.get("StateReason") == ""


if __name__ == "__main__":
    run_tests([
        a_click_corrects_the_clock,
        a_second_click_waits_for_nobody,
        a_caller_who_leaves_ends_its_sync,
        a_new_state_is_told_at_once,
    ])
