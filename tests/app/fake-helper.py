#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the helper on the session bus, so that the application can be seen in every state.

    fake-helper.py XML STATE

XML is the contract, data/org.gnomon.Helper1.xml; STATE one of those below. It prints "ready" once it owns the
name. A second interface, org.gnomon.Fake, lets a test change the state (SetState), a property (Set) or the answer to
the next SyncNow (Answer), move a sync on (Progress), say why the next Diagnose fails (Diagnose; "" = it does not) and
at which step it waits until that is said again (DiagnoseTo), refuse the next call by an error (Refuse), read
the calls that came in (Calls) and take the name away (Quit).
"""

import math
import random
import sys
import time

import fake_records
from gi.repository import Gio, GLib

NAME = "org.gnomon.Helper1"
PATH = "/org/gnomon/Helper1"

CONTROL = """<node><interface name="org.gnomon.Fake">
  <method name="SetState"><arg type="s" direction="in"/></method>
  <method name="Set"><arg type="s" direction="in"/><arg type="v" direction="in"/></method>
  <method name="SetServer"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
  <method name="Progress"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="u" direction="in"/></method>
  <method name="AddEvent"><arg type="a{sv}" direction="in"/></method>
  <method name="Answer"><arg type="s" direction="in"/></method>
  <method name="Diagnose"><arg type="s" direction="in"/></method>
  <method name="DiagnoseTo"><arg type="u" direction="in"/></method>
  <method name="Calls"><arg type="as" direction="out"/></method>
  <method name="Refuse"><arg type="s" direction="in"/></method>
  <method name="Quit"/>
</interface></node>"""


def usec(seconds_from_now=0.0):
    return int((time.time() + seconds_from_now) * 1e6)


# The same in all states, or else going from one to the other would be a step.
LAST_STEP = usec(-3 * 3600)


def server(host, operator, country, offset, delay, **more):
    """One server that vouches for the time; more overrides, None removes a key."""
    values = {
        "host": ("s", host), "address": ("s", "192.0.2.10"), "port": ("q", 4460),
        "ntp-address": ("s", "192.0.2.10"), "ntp-port": ("q", 123),
        "operator": ("s", operator), "country": ("s", country),
        "nts": ("b", True), "authenticated": ("b", True),
        "state": ("s", "polling"), "selection": ("s", "candidate"), "reason": ("s", ""),
        "cookies": ("y", 8), "cookie-length": ("u", 100), "aead": ("s", "AES-SIV-CMAC-256"),
        "stratum": ("y", 1), "refid": ("s", "PTB"), "reach": ("y", 0xff), "poll": ("n", 6),
        "next-poll": ("x", usec(52)), "last-sample": ("x", usec(-12)),
        "offset": ("d", offset), "delay": ("d", delay), "jitter": ("d", 0.00011), "root-distance": ("d", 0.0079),
        "leap": ("s", "none"), "naks": ("u", 0), "key-exchanges": ("u", 1), "tls-version": ("s", "1.3"),
        "certificate-subject": ("s", host), "certificate-issuer": ("s", "Let’s Encrypt R12"),
        "certificate-not-after": ("x", usec(50 * 86400)),
        "certificate-sha256": ("s", "8f2c910be4775da016f3c84a927d01be5563d92fa41870cb09ee46b13e19c642"),
    }
    for key, value in more.items():
        key = key.replace("_", "-")
        if value is None:
            values.pop(key)
        else:
            values[key] = (values[key][0], value)
    return {key: GLib.Variant(kind, value) for key, (kind, value) in values.items() if value is not None}


def without_answer(host, operator, country, **more):
    gone = dict.fromkeys(("jitter", "root_distance", "last_sample", "stratum", "refid", "leap"))
    return server(host, operator, country, None, None, authenticated=False, reach=0, selection="no-samples",
                  **{**gone, **more})


def good_servers():
    return [
        server("ptbtime1.ptb.de", "PTB", "Germany", 0.00038, 0.014, selection="system-peer"),
        server("ptbtime2.ptb.de", "PTB", "Germany", 0.00029, 0.015, cookies=7),
        server("nts.netnod.se", "Netnod", "Sweden", -0.00012, 0.028),
    ]


def base(**more):
    """The properties of a clock that is right."""
    values = {
        "Version": ("s", "0.1.0"), "Automatic": ("b", True), "State": ("s", "synchronised"), "StateReason": ("s", ""),
        "ClockMode": ("s", "system"), "OtherService": ("s", ""), "Connectivity": ("s", "full"),
        "Offset": ("d", 0.000312), "Uncertainty": ("d", 0.000981),
        "Frequency": ("d", -12.482), "FrequencyUncertainty": ("d", 0.019),
        "LastSync": ("x", usec(-12)), "LastStep": ("x", LAST_STEP), "Leap": ("s", "none"),
        "Witnesses": ("(uuu)", (3, 3, 2)), "Servers": ("aa{sv}", good_servers()),
        "Tracking": ("a{sv}", {
            "last-offset": GLib.Variant("d", 0.000044), "rms-offset": GLib.Variant("d", 0.000187),
            "residual-frequency": GLib.Variant("d", 0.003), "root-delay": GLib.Variant("d", 0.01421),
            "root-dispersion": GLib.Variant("d", 0.00083), "stratum": GLib.Variant("y", 2),
            "refid": GLib.Variant("s", "ptbtime1.ptb.de"), "update-interval": GLib.Variant("d", 64.2),
            "tai-offset": GLib.Variant("i", 37)}),
        "Options": ("a{sv}", {
            "step-threshold": GLib.Variant("d", 0.5), "maximum-change": GLib.Variant("d", 1000.0),
            "minimum-sources": GLib.Variant("u", 3), "minimum-operators": GLib.Variant("u", 2),
            "minimum-poll": GLib.Variant("n", 6), "maximum-poll": GLib.Variant("n", 10),
            "keep-days": GLib.Variant("u", 90), "locked": GLib.Variant("as", [])}),
    }
    for key, value in more.items():
        values[key] = (values[key][0], value)
    return {key: GLib.Variant(kind, value) for key, (kind, value) in values.items()}


INFINITY = float("inf")
UNKNOWN = {"Offset": 0.0, "Uncertainty": INFINITY, "LastSync": 0, "Witnesses": (0, 3, 0), "Tracking": {}}

STATES = {
    "synchronised": lambda: base(),
    "starting": lambda: base(State="starting", **{**UNKNOWN, "LastStep": 0}, Servers=[
        server("ptbtime1.ptb.de", "PTB", "Germany", 2.501, 0.014, selection="no-samples", reach=1),
        without_answer("ptbtime2.ptb.de", "PTB", "Germany", state="key-exchange", cookies=0),
        without_answer("nts.netnod.se", "Netnod", "Sweden", state="resolving", cookies=0, address=None),
    ]),
    "holdover": lambda: base(State="holdover", StateReason="no-reply", Uncertainty=0.0085, LastSync=usec(-2 * 3600 - 60),
                             Witnesses=(0, 3, 0), Servers=[
        server("ptbtime1.ptb.de", "PTB", "Germany", 0.00038, 0.014, state="unreachable", reach=0, cookies=3,
               reason="no-reply", last_sample=usec(-2 * 3600 - 60)),
        server("ptbtime2.ptb.de", "PTB", "Germany", 0.00029, 0.015, state="unreachable", reach=0, cookies=2,
               reason="no-reply", last_sample=usec(-2 * 3600 - 30)),
        server("nts.netnod.se", "Netnod", "Sweden", -0.00012, 0.028, state="unreachable", reach=0, cookies=4,
               reason="network-unreachable", last_sample=usec(-2 * 3600 - 90)),
    ]),
    "disagree": lambda: base(State="unsynchronised", StateReason="no-quorum", Uncertainty=0.0036, Witnesses=(1, 3, 1),
                             Servers=[
        server("ptbtime1.ptb.de", "PTB", "Germany", 0.00038, 0.014),
        server("time.example.org", "Example Labs", "", -0.0432, 0.022, selection="falseticker", reason="falseticker",
               cookies=6),
        without_answer("nts.example.net", "Sample University", "", state="failed", reason="certificate-expired",
                       cookies=1, certificate_not_after=usec(-3 * 86400 - 3600)),
    ]),
    "nobody": lambda: base(State="unsynchronised", StateReason="no-reply", **{**UNKNOWN, "LastStep": 0}, Servers=[
        without_answer("ptbtime1.ptb.de", "PTB", "Germany", state="unreachable", reason="no-reply", cookies=5),
        without_answer("ptbtime2.ptb.de", "PTB", "Germany", state="failed", reason="name-lookup-failed", cookies=0),
        without_answer("nts.netnod.se", "Netnod", "Sweden", reason="not-authenticated", cookies=8),
    ]),
    "off": lambda: base(State="off", StateReason="automatic-off", Automatic=False, LastSync=usec(-20 * 3600)),
    "needs-decision": lambda: base(State="needs-decision", StateReason="change-too-large", Offset=7387.2,
                                   Witnesses=(3, 3, 2), Servers=[
        server("ptbtime1.ptb.de", "PTB", "Germany", 7387.2001, 0.014),
        server("ptbtime2.ptb.de", "PTB", "Germany", 7387.2002, 0.015),
        server("nts.netnod.se", "Netnod", "Sweden", 7387.1999, 0.028),
    ]),
    "conflict": lambda: base(StateReason="other-service", OtherService="systemd-timesyncd.service"),
    "portal": lambda: {**STATES["holdover"](), "Connectivity": GLib.Variant("s", "portal")},
    "offline": lambda: {**STATES["holdover"](), "Connectivity": GLib.Variant("s", "none")},
    "empty": lambda: base(State="unsynchronised", StateReason="no-servers", **{**UNKNOWN, "Witnesses": (0, 0, 0)},
                          Servers=[]),
    "one": lambda: base(StateReason="few-servers", Witnesses=(1, 1, 1), Servers=good_servers()[:1]),
    "slow": lambda: base(Offset=2.501, Uncertainty=0.02, ClockMode="virtual", LastStep=0, Servers=[
        server("ptbtime1.ptb.de", "PTB", "Germany", 2.501, 0.014),
        server("ptbtime2.ptb.de", "PTB", "Germany", 2.5012, 0.015, cookies=7),
        server("nts.netnod.se", "Netnod", "Sweden", 2.503, 0.028),
        server("ntppool1.time.nl", "TimeNL", "Netherlands", 2.5, 0.019),
    ], Witnesses=(4, 4, 3)),
    "long": lambda: base(Servers=[
        server("a-very-long-name-of-a-time-server.in-a-department.of-some-university.example", "Department of Time and "
               "Frequency of Some University", "Bosnia and Herzegovina", 0.00038, 0.014),
        server("2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db8:1234::/48", "", 0.00029, 0.015, cookies=1),
        server("old.example", "Example", "", 0.0021, 0.031, nts=False, authenticated=False, reason="not-trusted",
               selection="not-used", cookies=None),
    ]),
}

ANSWERS = {
    "corrected": {"offset-before": ("d", 2.501), "correction": ("d", 2.501), "stepped": ("b", True),
                  "uncertainty": ("d", 0.0004), "answered": ("u", 4), "vouched": ("u", 4), "operators": ("u", 3),
                  "duration": ("d", 1.8)},
    "right": {"offset-before": ("d", 0.0002), "correction": ("d", 0.0002), "stepped": ("b", False),
              "uncertainty": ("d", 0.0004), "answered": ("u", 3), "vouched": ("u", 3), "operators": ("u", 2),
              "duration": ("d", 0.3)},
}


def history():
    """A week of a clock that follows the temperature of the day, then an hour in which it settles down, with one
    estimate and one sample each ten seconds."""
    noise = random.Random(1)
    points = []
    hosts = [("ptbtime1.ptb.de", 0.0001), ("ptbtime2.ptb.de", 0.0), ("nts.netnod.se", -0.0003)]
    for i in range(500):
        age = 3600 + (500 - i) * 1200
        offset = 0.0004 * math.sin(age / 86400 * 2 * math.pi) + noise.gauss(0, 0.00004)
        points.append({"time": GLib.Variant("x", usec(-age)), "host": GLib.Variant("s", ""),
                       "offset": GLib.Variant("d", offset), "uncertainty": GLib.Variant("d", 0.0011)})
        host, bias = hosts[i % 3]
        points.append({"time": GLib.Variant("x", usec(-age)), "host": GLib.Variant("s", host),
                       "offset": GLib.Variant("d", offset + bias + noise.gauss(0, 0.00025)),
                       "uncertainty": GLib.Variant("d", 0.001)})
    wander = 0.0
    for i in range(360):
        age = 3600 - 10 * i
        wander = 0.97 * wander + noise.gauss(0, 0.00002)
        offset = 0.00025 + 0.0009 * math.exp(-i / 40) + wander
        bound = 0.0010 + 0.004 * math.exp(-i / 20) + noise.gauss(0, 0.00002)
        points.append({"time": GLib.Variant("x", usec(-age)), "host": GLib.Variant("s", ""),
                       "offset": GLib.Variant("d", offset), "uncertainty": GLib.Variant("d", bound)})
        host, bias = hosts[i % 3]
        if i % 4 == 0:
            points.append({"time": GLib.Variant("x", usec(-age)), "host": GLib.Variant("s", host),
                           "offset": GLib.Variant("d", offset + bias + noise.gauss(0, 0.00025)),
                           "uncertainty": GLib.Variant("d", 0.001)})
    return points


class FakeHelper:
    def __init__(self, xml, state):
        self.interface = Gio.DBusNodeInfo.new_for_xml(open(xml, encoding="utf-8").read()).interfaces[0]
        self.control = Gio.DBusNodeInfo.new_for_xml(CONTROL).interfaces[0]
        self.values = STATES[state]()
        self.calls = []
        self.events = []  # beside those of fake_records
        self.sync = None
        self.refusal = ""  # the error of the next call
        self.fails = ""  # why a test of a server does
        self.steps_wanted = len(fake_records.STEPS)
        self.diagnosis = None  # (invocation, host, steps, how many have been told)
        self.loop = GLib.MainLoop()
        Gio.bus_own_name(Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, self.on_bus,
                         lambda *_: print("ready", flush=True), lambda *_: self.loop.quit())

    def on_bus(self, connection, _name):
        self.connection = connection
        connection.register_object(PATH, self.interface, self.on_call, self.on_get, None)
        connection.register_object(PATH, self.control, self.on_control, None, None)

    def on_get(self, _connection, _sender, _path, _interface, name):
        self.calls.append(f"Get {name}")
        return self.values.get(name)

    def change(self, values):
        self.values.update(values)
        self.connection.emit_signal(None, PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                    GLib.Variant("(sa{sv}as)", (NAME, values, [])))

    def set_servers(self, servers):
        self.change({"Servers": GLib.Variant("aa{sv}", servers)})

    def get_servers(self):
        servers = self.values["Servers"]
        return [{key: server.lookup_value(key, None) for key in server.unpack()}
                for server in (servers.get_child_value(i) for i in range(servers.n_children()))]

    def on_call(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        arguments = parameters.unpack()
        self.calls.append(f"{method} {arguments}")
        if self.refusal:
            self.fail(invocation, self.refusal)
            self.refusal = ""
            return
        if method == "SyncNow":
            self.sync = invocation
            return
        if method == "CancelSync" and self.sync:
            self.fail(self.sync, "Cancelled")
            self.sync = None
        if method == "CancelDiagnose" and self.diagnosis:
            self.fail(self.diagnosis[0], "Cancelled")
            self.diagnosis = None
        if method == "AddServer":
            host, options = arguments
            if host == "refused.example":
                self.fail(invocation, "InvalidArgument", "host: refused")
                return
            self.set_servers(self.get_servers() + [without_answer(
                host, options.get("operator", ""), options.get("country", ""), state="resolving", cookies=0,
                port=options.get("port", 4460))])
        if method == "RemoveServer":
            self.set_servers([server for server in self.get_servers() if server["host"].unpack() != arguments[0]])
        if method == "SetAutomatic":
            self.change({"Automatic": GLib.Variant("b", arguments[0])})
        if method == "GetHistory":
            known = self.values["LastSync"].unpack() > 0
            invocation.return_value(GLib.Variant("(aa{sv})", (history() if known else [],)))
            return
        if method == "GetEvents":
            past = fake_records.events(LAST_STEP) if self.values["LastStep"].unpack() else []
            since, most = arguments
            past = [event for event in past + self.events if event["time"].unpack() >= since]
            invocation.return_value(GLib.Variant("(aa{sv})", (past[-most:] if most else past,)))
            return
        if method == "GetLedger":
            host, most = arguments
            seen = fake_records.certificates(host)
            invocation.return_value(GLib.Variant("(aa{sv})", (seen[:most] if most else seen,)))
            return
        if method == "Diagnose" and self.diagnosis:
            self.fail(invocation, "Busy")
            return
        if method == "Diagnose":
            self.diagnosis = (invocation, arguments[0], fake_records.diagnosis(self.fails), 0)
            self.go_on()
            return
        if method == "SetOptions":
            options = self.values["Options"].unpack()
            changed = parameters.get_child_value(0)
            refused = [name for name in changed.keys() if name not in options or name in options["locked"]]
            if refused:
                self.fail(invocation, "InvalidArgument", f"{refused[0]}: refused")
                return
            self.change({"Options": GLib.Variant("a{sv}", {
                key: changed.lookup_value(key, None) or self.values["Options"].lookup_value(key, None)
                for key in options})})
        if method == "ChangeServer":
            self.change_server(*(parameters.get_child_value(i) for i in range(2)))
        invocation.return_value(None)

    def go_on(self):
        """Tells the steps of a running test that are wanted by now."""
        if not self.diagnosis:
            return
        invocation, host, steps, told = self.diagnosis
        for step in steps[told:self.steps_wanted]:
            self.connection.emit_signal(invocation.get_sender(), PATH, NAME, "DiagnoseProgress",
                                        GLib.Variant("(sa{sv})", (host, step)))
        self.diagnosis = (invocation, host, steps, max(told, self.steps_wanted))
        if self.steps_wanted >= len(steps):
            self.diagnosis = None
            invocation.return_value(GLib.Variant("(aa{sv})", (steps,)))

    def change_server(self, host, changed):
        self.set_servers([{**server, **{key: changed.lookup_value(key, None) for key in changed.keys()}}
                          if server["host"].unpack() == host.unpack() else server for server in self.get_servers()])

    @staticmethod
    def fail(invocation, name, message="a message for experts"):
        invocation.return_dbus_error(f"{NAME}.Error.{name}", message)

    def on_control(self, _connection, _sender, _path, _interface, method, parameters, invocation):
        arguments = parameters.unpack()
        result = None
        if method == "SetState":
            self.change(STATES[arguments[0]]())
        elif method == "Set":
            self.change({arguments[0]: parameters.get_child_value(1).get_variant()})
        elif method == "SetServer":
            self.change_server(*(parameters.get_child_value(i) for i in range(2)))
        elif method == "Progress":
            phase, answers, wanted = arguments
            detail = {"answers": GLib.Variant("u", answers), "wanted": GLib.Variant("u", wanted)}
            self.connection.emit_signal(None, PATH, NAME, "SyncProgress",
                                        GLib.Variant("(ssa{sv})", (phase, "", detail)))
        elif method == "Diagnose":
            self.fails = arguments[0]
        elif method == "Refuse":
            self.refusal = arguments[0]
        elif method == "DiagnoseTo":
            self.steps_wanted = arguments[0]
            self.go_on()
        elif method == "AddEvent":
            added = parameters.get_child_value(0)
            self.events.append({key: added.lookup_value(key, None) for key in added.unpack()})
        elif method == "Answer":
            self.answer(arguments[0])
        elif method == "Calls":
            result = GLib.Variant("(as)", (self.calls,))
        invocation.return_value(result)
        if method == "Quit":
            self.connection.flush_sync(None)
            self.loop.quit()

    def answer(self, name):
        sync, self.sync = self.sync, None
        if name not in ANSWERS:
            self.fail(sync, name)
            return
        if name == "corrected":
            self.change(base(LastStep=usec(), LastSync=usec(), Witnesses=(4, 4, 3), Servers=good_servers()))
        result = {key: GLib.Variant(kind, value) for key, (kind, value) in ANSWERS[name].items()}
        sync.return_value(GLib.Variant("(a{sv})", (result,)))


if __name__ == "__main__":
    FakeHelper(sys.argv[1], sys.argv[2]).loop.run()
