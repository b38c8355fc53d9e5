#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real helper and the D-Bus contract: what it offers, what it changes and what it refuses."""

import os
import random
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import harness
from bus import (ERROR, INTERFACE, PROPERTIES, Bus, Caller, Failure, GLib, Helper, iterate_until,
                 run_tests)

DATA = os.path.join(os.path.dirname(__file__), "../../data")
CONTRACT = os.path.join(DATA, "org.gnomon.Helper1.xml")
EXAMPLE = os.path.join(DATA, "gnomon.conf")

# Nothing is sent: the clock is only set on request, and hosts of this name are this computer.
QUIET = "[Clock]\nAutomatic=false\n"
SERVER = "[Server quartz.localhost]\nPort=4461\nOperator=Ours\n"

SERVER_TYPES = {
    "host": "s", "address": "s", "port": "q", "ntp-address": "s", "ntp-port": "q", "operator": "s",
    "country": "s", "nts": "b", "authenticated": "b", "state": "s", "selection": "s", "reason": "s",
    "cookies": "y", "cookie-length": "u", "aead": "s", "stratum": "y", "refid": "s", "reach": "y",
    "poll": "n", "next-poll": "x", "last-sample": "x", "offset": "d", "delay": "d", "jitter": "d",
    "root-distance": "d", "leap": "s", "naks": "u", "key-exchanges": "u", "tls-version": "s",
    "certificate-subject": "s", "certificate-issuer": "s", "certificate-not-after": "x",
    "certificate-sha256": "s", "accept": "s", "ca": "s", "locked": "b"}

v = GLib.Variant


def members(xml):
    """The members of the interface, as comparable text."""
    interface = next(i for i in ElementTree.fromstring(xml).iter("interface")
                     if i.get("name") == INTERFACE)
    found = set()
    for member in interface:
        if member.tag == "property":
            found.add(("property", member.get("name"), member.get("type"), member.get("access")))
        elif member.tag in ("method", "signal"):
            default = "out" if member.tag == "signal" else "in"
            found.add((member.tag, member.get("name"))
                      + tuple((a.get("type"), a.get("direction", default))
                              for a in member.findall("arg")))
    return found


def hosts(caller):
    return [server["host"] for server in caller.get("Servers")]


def check_server_types(caller):
    """Every key of every server is in the contract, and has its type."""
    servers = caller.get_variants()["Servers"]
    for i in range(servers.n_children()):
        server = servers.get_child_value(i)
        for key in server.keys():
            kind = server.lookup_value(key, None).get_type_string()
            assert SERVER_TYPES[key] == kind, (key, kind)


def everything_kept(caller):
    """What methods can change."""
    now = caller.get_all()
    keys = ("host", "port", "ntp-port", "nts", "operator", "country", "accept", "locked")
    configured = [{key: server.get(key) for key in keys} for server in now["Servers"]]
    return configured, now["Options"], now["Automatic"]


def offers_what_the_contract_says():
    with open(CONTRACT, encoding="utf-8") as file:
        promised = members(file.read())
    with Bus() as bus, Helper(bus, QUIET):
        caller = Caller(bus)
        xml, = caller.call("Introspect", interface="org.freedesktop.DBus.Introspectable").unpack()
        assert members(xml) == promised, members(xml) ^ promised
        types = {(name, value.get_type_string()) for name, value in caller.get_variants().items()}
        assert types == {m[1:3] for m in promised if m[0] == "property"}, types
        now = caller.get_all()
        assert now["ClockMode"] == "virtual" and now["Servers"] == []
        assert now["State"] in ("off", "starting", "unsynchronised"), now["State"]
        assert now["LastSync"] == now["LastStep"] == 0
        assert now["Uncertainty"] == float("inf"), now["Uncertainty"]
        assert now["Options"] == {
            "step-threshold": 0.5, "maximum-change": 1000.0, "minimum-sources": 3,
            "minimum-operators": 2, "minimum-poll": 6, "maximum-poll": 10,
            "keep-days": 30, "locked": []}, now["Options"]


def servers_come_and_go():
    with Bus() as bus, Helper(bus, QUIET + SERVER):
        caller = Caller(bus)
        caller.call("AddServer", "(sa{sv})", "Caesium.localhost.",
                    {"port": v("q", 4462), "operator": v("s", "Jiří"),
                     "country": v("s", "Česko")})
        caller.call("AddServer", "(sa{sv})", "127.0.0.9",
                    {"nts": v("b", False), "ntp-port": v("q", 9)})
        assert hosts(caller) == ["quartz.localhost", "caesium.localhost", "127.0.0.9"]
        check_server_types(caller)
        quartz, caesium, plain = caller.get("Servers")
        assert quartz["port"] == 4461 and quartz["operator"] == "Ours" and quartz["nts"] is True
        assert (caesium["port"], caesium["operator"], caesium["country"]) == (4462, "Jiří", "Česko")
        assert plain["nts"] is False and "accept" not in plain
        assert [quartz["locked"], caesium["locked"], plain["locked"]] == [True, False, False]
        assert quartz["accept"] == caesium["accept"] == "any" and "ca" not in quartz

        caller.call("ChangeServer", "(sa{sv})", "caesium.localhost", {"port": v("q", 4463)})
        caesium = caller.get("Servers")[1]
        assert (caesium["port"], caesium["operator"]) == (4463, "Jiří"), caesium
        iterate_until(lambda: any("Servers" in change for change in caller.changes), "a signal")
        caller.call("RemoveServer", "(s)", "quartz.localhost")
        caller.call("RemoveServer", "(s)", "127.0.0.9")
        assert hosts(caller) == ["caesium.localhost"]


def changes_outlive_the_helper():
    with tempfile.TemporaryDirectory(prefix="gnomon-") as state:
        with Bus() as bus:
            with Helper(bus, QUIET + SERVER, state_dir=state):
                caller = Caller(bus)
                caller.call("SetOptions", "(a{sv})", {"step-threshold": v("d", 0.25),
                                                      "minimum-sources": v("u", 2),
                                                      "maximum-poll": v("n", 9),
                                                      "keep-days": v("u", 90)})
                caller.call("AddServer", "(sa{sv})", "caesium.localhost",
                            {"port": v("q", 4462), "accept": v("s", "key")})
                caller.call("RemoveServer", "(s)", "quartz.localhost")
                before = everything_kept(caller)
                assert before[1]["minimum-sources"] == 2 and before[1]["maximum-poll"] == 9
                assert before[1]["keep-days"] == 90
                assert before[1]["step-threshold"] == 0.25 and before[1]["minimum-poll"] == 6
            with Helper(bus, QUIET + SERVER, state_dir=state):
                after = everything_kept(Caller(bus))
                assert after == before, (before, after)


def automatic_is_a_switch():
    with Bus() as bus, Helper(bus, QUIET):
        caller = Caller(bus)
        for automatic in True, False:
            caller.call("SetAutomatic", "(b)", automatic)
            assert caller.get("Automatic") is automatic
        assert caller.get("State") == "off"


def the_administrator_locks_options():
    with Bus() as bus, Helper(bus, QUIET + "MinimumSources=2\nMaximumPoll=8\n"):
        caller = Caller(bus)
        assert sorted(caller.get("Options")["locked"]) == ["maximum-poll", "minimum-sources"]
        before = everything_kept(caller)
        failure = caller.fails("SetOptions", "(a{sv})", {"step-threshold": v("d", 0.1),
                                                         "minimum-sources": v("u", 1)})
        assert failure.name == ERROR + "InvalidArgument", failure
        assert failure.message.startswith("minimum-sources:"), failure
        assert everything_kept(caller) == before


def the_example_holds():
    """Every key of the example file, uncommented, is understood."""
    with open(EXAMPLE, encoding="utf-8") as file:
        lines = [line[1:] if re.match(r"#(\[|[A-Za-z]+=)", line) else line for line in file]
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory, Bus() as bus:
        subprocess.run([harness.MAKE_CERTIFICATES, directory, "time.localhost"], check=True)
        example = "".join(lines).replace("/etc/gnomon/ca.pem", directory + "/ca.pem")
        example = example.replace("Automatic=true", "Automatic=false")
        with Helper(bus, example) as helper:
            caller = Caller(bus)
            assert hosts(caller) == ["ptbtime1.ptb.de", "time.example.org", "192.0.2.1"]
            assert len(caller.get("Options")["locked"]) == 7
            assert "WARNING" not in helper.said(), helper.said()


BAD_HOSTS = ["", "a" * 254, ("a" * 63 + ".") * 4 + "example", "a" * 64 + ".example", "a\nb",
             "a\x1bb", "a\x7fb", "\u202edeliver.example", "a b", "a..b", ".", "-", "a/b", "http://a.example",
             "a.example:4460", "[::1", "1.2.3.4.5.6", "256.1.1.1", "fe80::1%eth0", "user@a.example"]

BAD_SERVER_OPTIONS = [
    ("port", v("s", "4460")), ("port", v("u", 4460)), ("port", v("q", 0)), ("ntp-port", v("q", 0)),
    ("ntp-port", v("i", 123)), ("nts", v("s", "true")), ("nts", v("u", 1)),
    ("ca", v("s", "ca.pem")), ("ca", v("s", "/nowhere/ca.pem")), ("ca", v("s", "/")), ("ca", v("s", "/dev/zero")),
    ("ca", v("s", "/" * 5000)), ("ca", v("ay", b"/etc/passwd")), ("operator", v("s", "A\nB")),
    ("accept", v("s", "")), ("accept", v("s", "Key")), ("accept", v("b", True)),
    ("operator", v("s", "x" * 101)), ("operator", v("b", True)), ("country", v("s", "\u202eA")),
    ("country", v("s", "y" * 100000)), ("trust", v("b", True)), ("Trust", v("b", True)),
    ("colour", v("s", "blue")), ("nts", v("v", v("b", True)))]

BAD_OPTIONS = [
    ("step-threshold", v("d", 0.0)), ("step-threshold", v("d", -1.0)),
    ("step-threshold", v("d", float("nan"))), ("step-threshold", v("d", float("inf"))),
    ("step-threshold", v("i", 1)), ("step-threshold", v("s", "0.5")),
    ("maximum-change", v("d", 0.0)), ("maximum-change", v("d", float("inf"))),
    ("maximum-change", v("d", -1e300)), ("minimum-sources", v("u", 0)),
    ("minimum-sources", v("u", 2 ** 32 - 1)), ("minimum-sources", v("i", 3)),
    ("minimum-operators", v("u", 0)), ("minimum-operators", v("d", 2.0)),
    ("minimum-poll", v("n", 3)), ("minimum-poll", v("n", -1)), ("minimum-poll", v("y", 6)),
    ("maximum-poll", v("n", 18)), ("maximum-poll", v("n", 32767)), ("maximum-poll", v("i", 10)),
    ("minimum-poll", v("n", 11)), ("maximum-poll", v("n", 5)), ("locked", v("as", [])),
    ("automatic", v("b", True)), ("Automatic", v("b", True))]


def refuse(caller, field, method, signature, *values):
    """The call is InvalidArgument naming the field."""
    failure = caller.fails(method, signature, *values)
    assert failure.name == ERROR + "InvalidArgument", (method, values, str(failure)[:200])
    assert failure.message.startswith(field + ":"), (method, values, failure.message[:200])


def bad_input_is_refused_by_field_and_changes_nothing():
    with Bus() as bus, Helper(bus, QUIET + SERVER):
        caller = Caller(bus)
        before = everything_kept(caller)
        for host in BAD_HOSTS:
            refuse(caller, "host", "AddServer", "(sa{sv})", host, {})
            refuse(caller, "host", "ChangeServer", "(sa{sv})", host, {})
            refuse(caller, "host", "RemoveServer", "(s)", host)
        refuse(caller, "host", "AddServer", "(sa{sv})", "QUARTZ.localhost", {})
        refuse(caller, "host", "ChangeServer", "(sa{sv})", "nobody.localhost", {})
        refuse(caller, "host", "RemoveServer", "(s)", "nobody.localhost")
        for key, value in BAD_SERVER_OPTIONS:
            refuse(caller, key, "AddServer", "(sa{sv})", "new.localhost", {key: value})
            refuse(caller, key, "ChangeServer", "(sa{sv})", "quartz.localhost", {key: value})
        for key, value in BAD_OPTIONS:
            refuse(caller, key, "SetOptions", "(a{sv})", {key: value})
        refuse(caller, "force", "SyncNow", "(a{sv})", {"force": v("b", True)})
        assert everything_kept(caller) == before


def all_is_checked_before_the_first_is_changed():
    with Bus() as bus, Helper(bus, QUIET + SERVER):
        caller = Caller(bus)
        before = everything_kept(caller)
        good = {"step-threshold": v("d", 0.1), "maximum-change": v("d", 5.0),
                "minimum-sources": v("u", 1), "minimum-operators": v("u", 1)}
        for key, value in ("minimum-poll", v("n", 99)), ("zzz", v("n", 1)), ("aaa", v("n", 1)):
            refuse(caller, key, "SetOptions", "(a{sv})", {**good, key: value})
        refuse(caller, "ca", "ChangeServer", "(sa{sv})", "quartz.localhost",
               {"port": v("q", 1), "operator": v("s", "Else"), "ca": v("s", "x")})
        assert everything_kept(caller) == before


def sixteen_servers_are_enough():
    with Bus() as bus, Helper(bus, QUIET):
        caller = Caller(bus)
        for i in range(16):
            caller.call("AddServer", "(sa{sv})", f"s{i}.localhost", {"port": v("q", 1)})
        refuse(caller, "host", "AddServer", "(sa{sv})", "s16.localhost", {})
        assert len(hosts(caller)) == 16
        caller.call("RemoveServer", "(s)", "s0.localhost")
        caller.call("AddServer", "(sa{sv})", "s16.localhost", {"port": v("q", 1)})


def without_servers_there_is_no_sync():
    with Bus() as bus, Helper(bus, QUIET):
        caller = Caller(bus)
        assert caller.fails("SyncNow", "(a{sv})", {}).name == ERROR + "NoServers"
        caller.call("CancelSync")


def what_does_not_exist_is_an_error():
    with Bus() as bus, Helper(bus, QUIET):
        caller = Caller(bus)
        standard = "org.freedesktop.DBus.Error."
        assert caller.fails("SetClock", "(x)", 0).name == standard + "UnknownMethod"
        assert caller.fails("SyncNow").name == standard + "InvalidArgs"
        assert caller.fails("SyncNow", "(s)", "now").name == standard + "InvalidArgs"
        assert caller.fails("SyncNow", "(a{sv})", {}, interface="org.gnomon.Helper2").name \
            == standard + "UnknownMethod"
        for name, value in ("Automatic", v("b", True)), ("Nothing", v("s", "")):
            caller.fails("Set", "(ssv)", INTERFACE, name, value, interface=PROPERTIES)
        assert caller.call("GetLedger", "(su)", "nobody.localhost", 0).unpack() == ([],)


def a_flood_of_calls_is_survived():
    with Bus() as bus, Helper(bus, QUIET + SERVER):
        callers = [Caller(bus) for _ in range(10)]
        calls = []
        for i in range(250):  # the bus lets each wait for 128 answers
            caller = callers[i % 10]
            calls.append(caller.begin("SyncNow", v("(a{sv})", ({},))))
            calls.append(caller.begin("SetAutomatic", v("(b)", (False,))))
            calls.append(caller.begin("AddServer", v("(sa{sv})", (f"{i}\n", {}))))
            calls.append(caller.begin("GetAll", v("(s)", (INTERFACE,)), PROPERTIES))
        failures = set()
        for finish in calls:
            try:
                finish()
            except Failure as failure:
                failures.add(failure.name.removeprefix(ERROR))
        assert {"Busy", "InvalidArgument"} <= failures, failures
        assert failures <= {"Busy", "TooSoon", "InvalidArgument", "KeyExchangeFailed"}, failures
        assert len(caller.changes) < 260, len(caller.changes)


def huge_arguments_are_refused():
    with Bus() as bus, Helper(bus, QUIET + SERVER):
        caller = Caller(bus)
        refuse(caller, "host", "AddServer", "(sa{sv})", "x" * 3000000, {})
        refuse(caller, "options", "SetOptions", "(a{sv})",
               {f"key-{i}": v("s", "x") for i in range(10000)})
        refuse(caller, "options", "SetOptions", "(a{sv})", {"k" * 1000000: v("b", True)})
        refuse(caller, "operator", "ChangeServer", "(sa{sv})", "quartz.localhost",
               {"operator": v("s", "x" * 3000000)})


def any_value(chance, depth=0):
    """A random variant."""
    kind = chance.choice("bynqiuxtdsos" + ("avm" if depth < 3 else ""))
    if kind == "b":
        return v("b", chance.random() < 0.5)
    if kind == "d":
        return v("d", chance.choice([0.0, -1.0, 1e308, float("nan"), float("inf"), 0.3]))
    if kind == "s":
        letters = (chance.choice("a.\n\u202e:/%-é0") for _ in range(chance.randrange(20)))
        return v("s", "".join(letters))
    if kind == "o":
        return v("o", "/a/b")
    if kind == "a":
        return v("av", [any_value(chance, depth + 1) for _ in range(chance.randrange(4))])
    if kind == "v":
        return v("v", any_value(chance, depth + 1))
    if kind == "m":
        return v("a{sv}", {"nts": any_value(chance, depth + 1)})
    low, high = {"y": (0, 255), "n": (-2 ** 15, 2 ** 15 - 1), "q": (0, 2 ** 16 - 1),
                 "i": (-2 ** 31, 2 ** 31 - 1), "u": (0, 2 ** 32 - 1), "x": (-2 ** 63, 2 ** 63 - 1),
                 "t": (0, 2 ** 64 - 1)}[kind]
    return v(kind, chance.choice([low, high, 0, 1, chance.randint(low, high)]))


def random_options_end_nothing():
    seed = random.randrange(10 ** 9)
    print("seed", seed)
    chance = random.Random(seed)
    keys = ["nts", "port", "ntp-port", "ca", "accept", "operator", "country", "step-threshold",
            "maximum-change", "minimum-sources", "minimum-operators", "minimum-poll",
            "maximum-poll", "keep-days", "locked", "", "é"]
    with Bus() as bus, Helper(bus, QUIET + SERVER):
        caller = Caller(bus)
        for _ in range(300):
            options = {chance.choice(keys): any_value(chance) for _ in range(chance.randrange(4))}
            method = chance.choice(["SetOptions", "ChangeServer", "AddServer", "SyncNow"])
            host = chance.choice(["quartz.localhost", "", "127.0.0.8", str(any_value(chance))])
            try:
                if method in ("SetOptions", "SyncNow"):
                    caller.call(method, "(a{sv})", options)
                else:
                    caller.call(method, "(sa{sv})", host, options)
            except Failure:
                pass
        for server in caller.get("Servers"):
            caller.call("RemoveServer", "(s)", server["host"])
        assert hosts(caller) == []


def a_session_bus_never_has_the_system_clock():
    with Bus() as bus:
        for options in ["--clock=system"], ["--clock="], ["--clock=other"]:
            with_clock = Helper(bus, QUIET, *options, wait=False)
            assert with_clock.ends() != 0
            assert "clock" in with_clock.said(), with_clock.said()
            with_clock.errors.close()
            with_clock.directory.cleanup()


def two_helpers_do_not_share_a_bus():
    with Bus() as bus, Helper(bus, QUIET):
        second = Helper(bus, QUIET, wait=False)
        assert second.ends() != 0
        assert "org.gnomon.Helper1" in second.said(), second.said()
        second.errors.close()
        second.directory.cleanup()
        assert Caller(bus).get("ClockMode") == "virtual"


def it_ends_with_its_bus():
    bus = Bus()
    helper = Helper(bus, QUIET)
    bus.stop()
    status = helper.ends()
    assert status not in (0, None) and status > 0, status
    assert "bus" in helper.said(), helper.said()
    helper.errors.close()
    helper.directory.cleanup()


if __name__ == "__main__":
    run_tests([
        offers_what_the_contract_says,
        servers_come_and_go,
        changes_outlive_the_helper,
        automatic_is_a_switch,
        the_administrator_locks_options,
        the_example_holds,
        bad_input_is_refused_by_field_and_changes_nothing,
        all_is_checked_before_the_first_is_changed,
        sixteen_servers_are_enough,
        without_servers_there_is_no_sync,
        what_does_not_exist_is_an_error,
        a_flood_of_calls_is_survived,
        huge_arguments_are_refused,
        random_options_end_nothing,
        a_session_bus_never_has_the_system_clock,
        two_helpers_do_not_share_a_bus,
        it_ends_with_its_bus,
    ])
