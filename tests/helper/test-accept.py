#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers whose certificate is good, and from another authority or with another key than before."""

import os
import tempfile

import harness
from bus import ERROR, Bus, Caller, Failure, GLib, Helper, iterate_until, run_tests

HOSTS = harness.HOSTS

v = GLib.Variant


def sync(caller):
    """The name of its error, or the result. It is asked again when it was too soon."""
    outcome = []

    def is_done():
        try:
            outcome.append(caller.call("SyncNow", "(a{sv})", {}).unpack()[0])
        except Failure as failure:
            if failure.name == ERROR + "TooSoon":
                return False
            outcome.append(failure.name)
        return True

    iterate_until(is_done, "a sync")
    return outcome[0]


def check_refused(caller, servers, reason):
    """No keys, no question, and the certificate is shown that was refused."""
    assert sync(caller) == ERROR + "KeyExchangeFailed"
    now = caller.get_all()
    assert now["LastStep"] == 0, now
    for server in now["Servers"]:
        assert server["reason"] == reason, server
        assert server["cookies"] == server["key-exchanges"] == 0, server
        assert server["certificate-subject"], server
    assert not servers.requests() and not servers.key_exchanges()


def configuration(servers, accept, ca):
    text = servers.configuration(clock="Automatic=false", server=f"Accept={accept}")
    return text.replace("CA=" + servers.ca, "CA=" + ca)


class World:
    """Two authorities that are both trusted, and a helper's state that outlives it."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.first, self.second, self.state = (
            os.path.join(self.temporary.name, name) for name in ("first", "second", "state"))
        self.ca = os.path.join(self.temporary.name, "both.pem")
        for directory in self.first, self.second:
            os.mkdir(directory)
            harness.subprocess.run([harness.MAKE_CERTIFICATES, directory, *HOSTS], check=True)
        with open(self.ca, "w", encoding="utf-8") as both:
            for directory in self.first, self.second:
                with open(directory + "/ca.pem", encoding="utf-8") as file:
                    both.write(file.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()


def a_swapped_authority_is_refused():
    with World() as world, Bus() as bus:
        with harness.Servers(HOSTS, directory=world.first) as servers, \
                Helper(bus, configuration(servers, "issuer", world.ca), state_dir=world.state):
            caller = Caller(bus)
            assert sync(caller)["stepped"]
            assert {s["accept"] for s in caller.get("Servers")} == {"issuer"}
            assert {s["ca"] for s in caller.get("Servers")} == {world.ca}
        # Other ports, so that no kept keys are used.
        with harness.Servers(HOSTS, directory=world.second) as servers, \
                Helper(bus, configuration(servers, "issuer", world.ca), state_dir=world.state):
            caller = Caller(bus)
            check_refused(caller, servers, "certificate-other-issuer")
            steps, = caller.call("Diagnose", "(sa{sv})", HOSTS[0], {}).unpack()
            assert [s["verdict"] for s in steps[:4]] == ["passed"] * 3 + ["failed"], steps
            assert steps[3]["reason"] == "certificate-other-issuer", steps
            steps, = caller.call("Diagnose", "(sa{sv})", HOSTS[0], {"accept": v("s", "any")}).unpack()
            assert [s["verdict"] for s in steps] == ["passed"] * 7, steps

            # Whoever wants the new one says so; from then on that is the one to compare with.
            for accept in "any", "issuer":
                for host in HOSTS:
                    caller.call("ChangeServer", "(sa{sv})", host, {"accept": v("s", accept)})
                assert sync(caller)["vouched"] >= 3
        with harness.Servers(HOSTS, directory=world.first) as servers, \
                Helper(bus, configuration(servers, "issuer", world.ca)
                       , state_dir=world.state) as helper:
            caller = Caller(bus)
            for host in HOSTS:
                caller.call("ChangeServer", "(sa{sv})", host,
                            {"port": v("q", servers.ke_ports[host])})
            check_refused(caller, servers, "certificate-other-issuer")
            assert helper.process.poll() is None


def another_key_is_refused():
    with World() as world, Bus() as bus:
        for accept, sabotage, reason in (
                ("key", "", ""), ("issuer", "certificate-without-usage", ""),
                ("key", "", "certificate-other-key"), ("any", "", ""), ("key", "", ""),
                ("key", "certificate-without-usage", "certificate-other-key")):
            with harness.Servers(HOSTS, directory=world.first) as servers, \
                    Helper(bus, configuration(servers, accept, world.ca), state_dir=world.state):
                servers.tell("*", "sabotage", sabotage)
                if reason:
                    check_refused(Caller(bus), servers, reason)
                else:
                    assert sync(Caller(bus))["vouched"] >= 3, accept


run_tests([a_swapped_authority_is_refused, another_key_is_refused])
