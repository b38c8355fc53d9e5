#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnose over the bus: servers with one fault each, the step that finds it, and what it leaves
untouched."""

import contextlib
import socket

import harness
from bus import ERROR, Bus, Caller, Failure, GLib, Helper, iterate_until, run_tests

STEPS = ["resolve", "connect", "tls", "certificate", "keys", "request", "answer"]
TYPES = {"step": "s", "verdict": "s", "duration": "d", "reason": "s", "evidence": "s",
         "address": "s", "port": "q", "tls-version": "s", "cipher": "s", "certificate-subject": "s",
         "certificate-issuer": "s", "certificate-sha256": "s", "certificate-not-before": "x",
         "certificate-not-after": "x", "aead": "s", "cookies": "u", "cookie-length": "u",
         "ntp-address": "s", "ntp-port": "q", "stratum": "y", "offset": "d", "delay": "d"}

# Sabotage of the server, the step that fails, the reasons that fit.
QUICK = [
    ("connection-refused", "connect", ["connection-refused"]),
    ("web-server", "tls", ["tls-failed", "connection-closed"]),
    ("tls-1.2", "tls", ["tls-version"]),
    ("alpn-ignored", "tls", ["tls-no-ntske"]),
    ("alpn-refused", "tls", ["tls-no-ntske", "tls-failed"]),
    ("certificate-wrong-name", "certificate", ["certificate-wrong-name"]),
    ("certificate-expired", "certificate", ["certificate-expired"]),
    ("certificate-unknown-authority", "certificate", ["certificate-untrusted"]),
    ("ends-without-message", "keys", ["ke-truncated", "connection-closed"]),
    ("error-1", "keys", ["ke-error-bad-request"]),
    ("no-cookie", "keys", ["ke-no-cookie"]),
    ("server-broadcast", "keys", ["ke-server-refused"]),
]
# Those that are waited for in vain.
SLOW = [
    ("silent", "tls", ["ke-timeout"]),
    ("port-of-nobody", "answer", ["no-reply"]),
    ("no-reply", "answer", ["no-reply"]),
    ("stripped-of-authenticator", "answer", ["not-authenticated"]),
    ("cookies-of-noise", "answer", ["kiss-ntsn"]),
    ("flip-in-stratum", "answer", ["authentication-failed"]),
]
GOOD = "quartz.localhost"

v = GLib.Variant


def begin(caller, host, **options):
    types = {"nts": "b", "port": "q", "ntp_port": "q", "ca": "s"}
    values = {name.replace("_", "-"): v(types[name], value) for name, value in options.items()}
    return caller.begin("Diagnose", v("(sa{sv})", (host, values)))


def steps_of(reply):
    """The steps by name, once their names, order and types have been checked."""
    steps = reply.get_child_value(0)
    for i in range(steps.n_children()):
        step = steps.get_child_value(i)
        for key in step.keys():
            kind = step.lookup_value(key, None).get_type_string()
            assert TYPES[key] == kind, (key, kind)
    steps = steps.unpack()
    assert [step["step"] for step in steps] == STEPS, steps
    return {step["step"]: step for step in steps}


def check_failed(steps, name, reasons):
    """The first step that fails is name, with one of the reasons; no later one is reached."""
    at = STEPS.index(name)
    for step in STEPS[:at]:
        assert steps[step]["verdict"] == "passed", (step, steps)
    assert steps[name]["verdict"] == "failed", steps
    assert steps[name]["reason"] in reasons and steps[name]["evidence"], steps
    for step in STEPS[at + 1:]:
        assert steps[step] == {"step": step, "verdict": "not-reached"}, steps


def check_passed(steps, names=STEPS):
    for name in names:
        assert steps[name]["verdict"] == "passed" and "reason" not in steps[name], steps
        assert 0 <= steps[name]["duration"] < 5 and steps[name]["evidence"], steps


@contextlib.contextmanager
def silent_port():
    """Nobody accepts, and what waits to be accepted is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def every_fault_is_found_at_its_step():
    hosts = {fault: fault.replace(".", "-") + ".localhost" for fault, _, _ in QUICK + SLOW}
    with harness.Servers([GOOD, *hosts.values()]) as servers, Bus() as bus, \
            Helper(bus) as helper, silent_port() as port:
        for fault, host in hosts.items():
            servers.tell(host, "sabotage", fault)

        def begin_all(faults):
            return [(begin(Caller(bus), hosts[fault], port=servers.ke_ports[hosts[fault]],
                           ca=servers.ca), step, reasons) for fault, step, reasons in faults]

        def check_all(begun):
            for finish, step, reasons in begun:
                check_failed(steps_of(finish()), step, reasons)

        check_all(begin_all(QUICK[:8]))
        check_all(begin_all(QUICK[8:]))
        # No resolver knows a name under this domain, RFC 6761 §6.4.
        check_all([(begin(Caller(bus), "nobody.invalid"), "resolve",
                    ["name-not-found", "name-lookup-failed"]),
                   (begin(Caller(bus), "127.0.0.1", port=port), "connect", ["ke-timeout"]),
                   *begin_all(SLOW)])
        assert Caller(bus).get("Servers") == []
        assert helper.process.poll() is None
    servers.check_requests()


def a_good_server_passes_and_shows_itself():
    with harness.Servers([GOOD], "--offset=0.5") as servers, Bus() as bus, \
            Helper(bus, "", "--virtual-offset=0"):
        caller, other = Caller(bus), Caller(bus)
        steps = steps_of(begin(caller, "Quartz.localhost.", port=servers.ke_ports[GOOD],
                               ca=servers.ca)())
        check_passed(steps)
        assert steps["connect"]["address"] == "127.0.0.1", steps
        assert steps["connect"]["port"] == servers.ke_ports[GOOD], steps
        assert steps["tls"]["tls-version"] == "TLSv1.3", steps
        assert steps["tls"]["cipher"].startswith("TLS_"), steps
        certificate = steps["certificate"]
        assert "CN=quartz.localhost" in certificate["certificate-subject"], certificate
        assert "CN=Gnomon test authority" in certificate["certificate-issuer"], certificate
        days = (certificate["certificate-not-after"] - certificate["certificate-not-before"])
        assert days == 91 * 86400 * 1_000_000, certificate
        assert steps["keys"]["aead"] == "AES-SIV-CMAC-256", steps
        assert (steps["keys"]["cookies"], steps["keys"]["cookie-length"]) == (8, 100), steps
        assert steps["request"]["ntp-port"] == servers.ntp_ports[GOOD], steps
        assert steps["answer"]["stratum"] == 1, steps
        assert abs(steps["answer"]["offset"] - 0.5) < 0.4, steps
        assert 0 < steps["answer"]["delay"] < 5, steps

        # Told to who asked as they came, and to nobody else.
        assert caller.steps == [("Quartz.localhost.", steps[name]) for name in STEPS], caller.steps
        assert other.call("GetLedger", "(su)", GOOD, 0).unpack() == ([],)
        assert not other.steps
    assert len(servers.requests()) == 1, servers.requests()
    servers.check_requests()


def without_nts_only_the_time_is_asked_for():
    with harness.Servers([GOOD]) as servers, Bus() as bus, Helper(bus):
        steps = steps_of(begin(Caller(bus), "127.0.0.1", nts=False,
                               ntp_port=servers.ntp_ports[GOOD])())
        check_passed(steps, ["resolve", "request", "answer"])
        assert "not authenticated" in steps["answer"]["evidence"], steps
        for step in STEPS[1:5]:
            assert steps[step] == {"step": step, "verdict": "not-reached"}, steps
    assert not servers.key_exchanges()


def it_changes_nothing():
    """Not even for a server that is configured, whose options it takes."""
    with harness.Servers([GOOD]) as servers, Bus() as bus, \
            Helper(bus, servers.configuration(clock="Automatic=false")):
        caller = Caller(bus)
        caller.call("SyncNow", "(a{sv})", {})

        def all_there_is():
            properties = caller.get_all()
            ledger, = caller.call("GetLedger", "(su)", GOOD, 0).unpack()
            events, = caller.call("GetEvents", "(xu)", 0, 0).unpack()
            server, = properties["Servers"]
            kept = ("cookies", "key-exchanges", "naks", "reach", "certificate-sha256", "reason",
                    "state", "address", "selection")
            return ({key: server[key] for key in kept}, ledger, events, properties["LastSync"] > 0,
                    properties["State"])

        before = all_there_is()
        requests, exchanges = len(servers.requests()), len(servers.key_exchanges())
        check_passed(steps_of(begin(caller, GOOD)()))
        assert all_there_is() == before, (before, all_there_is())
        assert len(servers.requests()) == requests + 1
        assert len(servers.key_exchanges()) == exchanges + 1
        servers.tell(GOOD, "sabotage", "certificate-expired")
        check_failed(steps_of(begin(caller, GOOD)()), "certificate", ["certificate-expired"])
        assert all_there_is() == before, (before, all_there_is())
    servers.check_requests()


def one_at_a_time_and_eight_in_all():
    with harness.Servers([GOOD]) as servers, Bus() as bus, Helper(bus) as helper:
        servers.tell(GOOD, "sabotage", "silent")
        port = servers.ke_ports[GOOD]
        callers = [Caller(bus) for _ in range(8)]
        finishes = [begin(caller, GOOD, port=port, ca=servers.ca) for caller in callers]
        for caller in callers:
            iterate_until(lambda who=caller: len(who.steps) >= 2, "the connection")
        for caller in callers[0], Caller(bus):
            try:
                begin(caller, GOOD)()
                raise AssertionError("one more was begun")
            except Failure as failure:
                assert failure.name == ERROR + "Busy", failure

        # Whoever leaves makes room.
        callers[0].close()
        ninth = Caller(bus)

        def has_begun():
            try:
                check_failed(steps_of(begin(ninth, "127.0.0.1", port=1)()), "connect",
                             ["connection-refused"])
            except Failure as failure:
                assert failure.name == ERROR + "Busy", failure
                return False
            return True

        iterate_until(has_begun, "room")
        # The helper does not wait for them when it is asked to end.
        assert helper.stop() == 0
        for finish in finishes[1:]:
            try:
                finish()
                raise AssertionError("there is an answer")
            except Failure:
                pass


def the_caller_can_end_its_own():
    other = "caesium.localhost"
    with harness.Servers([GOOD, other]) as servers, Bus() as bus, Helper(bus):
        servers.tell(GOOD, "sabotage", "silent")
        callers = [Caller(bus) for _ in range(2)]

        def begin_silent(caller):
            finish = begin(caller, GOOD, port=servers.ke_ports[GOOD], ca=servers.ca)
            told = len(caller.steps)
            iterate_until(lambda: len(caller.steps) >= told + 2, "the connection")
            return finish

        def check_ended(finish, error):
            try:
                finish()
                raise AssertionError("there is a result")
            except Failure as failure:
                assert failure.name == ERROR + error, failure

        first, _second = [begin_silent(caller) for caller in callers]
        callers[0].call("CancelDiagnose")
        check_ended(first, "Cancelled")
        callers[0].call("CancelDiagnose")

        # There is room for the next as soon as that is answered.
        third = begin_silent(callers[0])
        callers[0].call("CancelDiagnose")
        check_passed(steps_of(begin(callers[0], other, port=servers.ke_ports[other], ca=servers.ca)()))
        check_ended(third, "Cancelled")

        # That of another caller has not been touched.
        check_ended(begin(callers[1], other), "Busy")
        callers[1].call("CancelDiagnose")


def bad_options_are_refused():
    with Bus() as bus, Helper(bus):
        caller = Caller(bus)
        for host, options, field in (
                ("a b", {}, "host"), ("", {}, "host"), (GOOD, {"port": v("q", 0)}, "port"),
                (GOOD, {"port": v("s", "1")}, "port"), (GOOD, {"deep": v("b", True)}, "deep"),
                (GOOD, {"operator": v("s", "Ours")}, "operator"),
                (GOOD, {"ca": v("s", "/nowhere.pem")}, "ca"),
                (GOOD, {"ntp-port": v("q", 124)}, "ntp-port")):
            failure = caller.fails("Diagnose", "(sa{sv})", host, options)
            assert failure.name == ERROR + "InvalidArgument", failure
            assert failure.message.startswith(field + ":"), failure


run_tests([
    every_fault_is_found_at_its_step,
    a_good_server_passes_and_shows_itself,
    without_nts_only_the_time_is_asked_for,
    it_changes_nothing,
    one_at_a_time_and_eight_in_all,
    the_caller_can_end_its_own,
    bad_options_are_refused,
])
