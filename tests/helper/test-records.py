#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the helper remembers, told over the bus: with four NTS servers on loopback, from run to run."""

import datetime
import getpass
import os
import tempfile

import harness
from bus import Bus, Caller, GLib, Helper, run_tests


def sync(caller):
    reply = caller.begin("SyncNow", GLib.Variant("(a{sv})", ({},)))()
    return reply.unpack()[0]


def get_events(caller, since=0, most=0):
    return caller.call("GetEvents", "(xu)", since, most).unpack()[0]


def kinds_of(events):
    return [event["kind"] for event in events]


def a_sync_is_on_record():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false")):
        caller = Caller(bus)
        assert kinds_of(get_events(caller)) == ["started"], get_events(caller)
        result = sync(caller)
        events = get_events(caller)
        [step] = [event for event in events if event["kind"] == "stepped"]
        assert abs(step["amount"] - result["correction"]) < 1e-6, (step, result)
        assert step["who"] == getpass.getuser(), step
        assert step["vouched"] == result["vouched"], (step, result)
        assert step["operators"] == result["operators"], (step, result)
        hosts = [event["host"] for event in events if event["kind"] == "key-exchange"]
        assert len(hosts) >= 3 and set(hosts) <= set(servers.hosts), hosts
        # The step is dated by the clock that it made right.
        keys = [event["time"] for event in events if event["kind"] == "key-exchange"]
        assert step["time"] - min(keys) > 2_000_000, events
        assert get_events(caller, 0, 2) == events[-2:]
        assert get_events(caller, step["time"])[0] == step


def the_record_outlives_the_helper():
    with tempfile.TemporaryDirectory(prefix="gnomon-") as state_dir, Bus() as bus, \
            harness.Servers() as servers:
        configuration = servers.configuration(clock="Automatic=false")
        with Helper(bus, configuration, state_dir=state_dir):
            caller = Caller(bus)
            sync(caller)
            before = get_events(caller)
        with Helper(bus, configuration, state_dir=state_dir) as helper:
            events = get_events(Caller(bus))
            assert events[:len(before)] == before, (before, events)
            assert kinds_of(events[len(before):]) == ["stopped", "started"], events
            # As when the power goes.
            helper.process.kill()
            helper.process.wait()
            helper.process.returncode = 0
        path = os.path.join(state_dir, "events")
        os.truncate(path, os.path.getsize(path) - 3)
        with Helper(bus, configuration, state_dir=state_dir) as helper:
            after = get_events(Caller(bus))
            assert after[:-1] == events[:-1], (events, after)
            assert kinds_of(after[-1:]) == ["started"], after
            assert "events: 1 lines make no sense" in helper.said(), helper.said()


def get_history(caller, since=0, most=0):
    return caller.call("GetHistory", "(xu)", since, most).unpack()[0]


def check_history(points, servers):
    hosts = {point["host"] for point in points}
    assert "" in hosts and len(hosts) >= 4 and hosts <= {"", *servers.hosts}, hosts
    for point in points:
        assert set(point) == {"time", "host", "offset", "uncertainty"}, point
        assert 0 < point["uncertainty"] < 10 and abs(point["offset"]) < 10, point
    times = [point["time"] for point in points]
    assert times == sorted(times), times


def the_history_outlives_the_helper():
    with tempfile.TemporaryDirectory(prefix="gnomon-") as state_dir, Bus() as bus, \
            harness.Servers() as servers:
        configuration = servers.configuration(clock="Automatic=false")
        with Helper(bus, configuration, state_dir=state_dir):
            caller = Caller(bus)
            assert get_history(caller) == []
            sync(caller)
            before = get_history(caller)
            check_history(before, servers)
            # The newest estimate is what the properties say: the clock is right.
            last = [point for point in before if point["host"] == ""][-1]
            assert abs(last["offset"]) <= last["uncertainty"] < 0.1, last
            assert len(get_history(caller, 0, 5)) == 5
            assert get_history(caller, last["time"])[-1] == before[-1]
        path = os.path.join(state_dir, "history")
        with open(path, "ab") as file:
            file.write(b"17900000000")
        with Helper(bus, configuration, state_dir=state_dir) as helper:
            caller = Caller(bus)
            assert get_history(caller) == before
            assert "history: 1 lines make no sense" in helper.said(), helper.said()
            # The next measurement does not grow together with what was cut.
            sync(caller)
            assert len(get_history(caller)) > len(before)
        with Helper(bus, configuration, state_dir=state_dir):
            after = get_history(Caller(bus))
            assert all(point in after for point in before) and len(after) > len(before), after
            check_history(after, servers)


def records_are_deleted_and_nothing_else():
    with tempfile.TemporaryDirectory(prefix="gnomon-") as state_dir, Bus() as bus, \
            harness.Servers() as servers:
        configuration = servers.configuration(clock="Automatic=false")
        with Helper(bus, configuration, state_dir=state_dir):
            caller = Caller(bus)
            sync(caller)
        kept = {name: os.path.getsize(os.path.join(state_dir, name)) for name in os.listdir(state_dir)}
        assert {"history", "events", "drift", "keys", "ledger"} <= set(kept), kept
        with Helper(bus, configuration, state_dir=state_dir):
            caller = Caller(bus)
            caller.call("DeleteRecords")
            assert get_history(caller) == [] and get_events(caller) == []
            assert not {"history", "events"} & set(os.listdir(state_dir))
            assert os.path.getsize(os.path.join(state_dir, "ledger")) == kept["ledger"]
            assert os.path.getsize(os.path.join(state_dir, "drift")) == kept["drift"]
            assert caller.call("GetLedger", "(su)", servers.hosts[0], 0).unpack() != ([],)
            sync(caller)  # with the keys that were kept
            assert "stepped" in kinds_of(get_events(caller)) and get_history(caller)
            assert "key-exchange" not in kinds_of(get_events(caller)), get_events(caller)


def fields_of(path, count):
    with open(path, encoding="ascii") as file:
        lines = [line.split(" ") for line in file.read().splitlines()]
    assert lines and all(len(fields) == count for fields in lines), lines
    return [[float(field) for field in fields[:2]] + fields[2:] for fields in lines]


def statistics_are_those_that_ntp_users_know():
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory, Bus() as bus, \
            harness.Servers() as servers:
        logs, state = os.path.join(directory, "log"), os.path.join(directory, "state")
        configuration = servers.configuration(clock="Automatic=false")
        with Helper(bus, configuration, "--log-dir=" + logs, state_dir=state):
            caller = Caller(bus)
            result = sync(caller)
            told = {server["ntp-address"]: server for server in caller.get("Servers")
                    if "ntp-address" in server}
            estimates = [point for point in get_history(caller) if point["host"] == ""]
        loops = fields_of(os.path.join(logs, "loopstats"), 7)
        peers = fields_of(os.path.join(logs, "peerstats"), 8)
        # The day is the one of the file's name, and the time that of the history.
        [name] = [name for name in os.listdir(logs) if name.startswith("loopstats.")]
        day = datetime.datetime.strptime(name, "loopstats.%Y%m%d").date()
        assert loops[0][0] == (day - datetime.date(1858, 11, 17)).days, (name, loops)
        seconds = (loops[0][0] - 40587) * 86400 + loops[0][1]
        assert abs(seconds - estimates[0]["time"] / 1e6) < 0.1, (seconds, estimates)
        # What the clock was wrong by before it was corrected.
        assert any(abs(float(offset) - result["offset-before"]) < 0.01
                   for _day, _time, offset, *_rest in loops), (loops, result)
        assert all(-4 <= int(poll) <= 17 for *_rest, poll in loops), loops
        for _day, _time, address, status, *numbers in peers:
            assert address in told, (address, told)
            # Configured, authenticated and reachable.
            assert int(status, 16) & 0xf000 == 0xf000, peers
            offset, delay, dispersion, jitter = map(float, numbers)
            assert abs(offset) < 5 and 0 < delay < 5 and 0 <= dispersion < 1 and 0 <= jitter < 5, peers
        with open(os.path.join(state, "ntp.drift"), encoding="ascii") as file:
            drift = file.read()
        assert abs(float(drift)) <= 500 and drift.count("\n") == 1, drift
        with Helper(bus, configuration, "--log-dir=" + logs, state_dir=state):
            Caller(bus).call("DeleteRecords")
            assert os.listdir(logs) == [], os.listdir(logs)


def the_log_tells_each_change_once():
    with harness.Servers() as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false")) as helper:
        caller = Caller(bus)
        sync(caller)
        said = helper.said()
        for once in "Started", "Stepped the clock by", "The clock is set on request only":
            assert said.count(once) == 1, (once, said)
        for host in servers.hosts:
            assert said.count(host + ": answers") == said.count(host + ": new keys") <= 1, said


run_tests([statistics_are_those_that_ntp_users_know, the_log_tells_each_change_once, a_sync_is_on_record, the_record_outlives_the_helper, the_history_outlives_the_helper,
           records_are_deleted_and_nothing_else])
