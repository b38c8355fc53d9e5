#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the terminal against the real helper with a virtual clock, and real servers on loopback."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../helper"))

import harness  # noqa: E402
from bus import Bus, Helper, run_tests  # noqa: E402

OK, FAILED = 0, 1


def gnomon(bus, *arguments):
    """A command to its end; its status and what it printed."""
    done = subprocess.run([os.environ["GNOMON"], *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C",
                               "DBUS_SESSION_BUS_ADDRESS": bus.address},
                          timeout=2 * harness.PATIENCE, check=False)
    return done.returncode, done.stdout, done.stderr


def good(bus, *arguments):
    """The JSON object of a command that succeeds."""
    status, output, errors = gnomon(bus, *arguments, "--json")
    assert status == OK, (arguments, status, output, errors)
    result = json.loads(output)
    assert result["error"] is None, result
    return result


def from_no_server_to_a_right_clock():
    with harness.Servers() as servers, Bus() as bus, Helper(bus, "[Clock]\nMinimumOperators=1\n") as helper:
        assert gnomon(bus, "wait", "0")[0] == FAILED
        assert json.loads(gnomon(bus, "sync", "--json")[1]) == {"error": "NoServers"}
        for number, host in enumerate(servers.hosts):
            good(bus, "add", host, f"--port={servers.ke_ports[host]}", "--ca=" + servers.ca,
                 f"--operator=Operator {number}")
        assert good(bus, "wait", str(harness.PATIENCE))["State"] == "synchronised"
        listed = good(bus, "sources")["servers"]
        assert [server["host"] for server in listed] == servers.hosts, listed

        shown = good(bus, "server", servers.hosts[0])
        assert shown["server"]["operator"] == "Operator 0", shown
        assert [entry["sha256"] for entry in shown["ledger"]] == [shown["server"]["certificate-sha256"]], shown
        status, text, _ = gnomon(bus, "server", servers.hosts[0])
        assert status == OK and "AES-SIV-CMAC-256" in text and "Trust History" in text, text
        status, text, _ = gnomon(bus, "sources")
        assert status == OK and len(text.splitlines()) == 2 + len(servers.hosts), text

        good(bus, "remove", servers.hosts[3])
        status, _, words = gnomon(bus, "server", servers.hosts[3])
        assert status == FAILED and servers.hosts[3] in words, words
        kinds = [event["kind"] for event in good(bus, "history", "--since=1h")["events"]]
        assert "stepped" in kinds, kinds
        assert helper.process.poll() is None


def the_click():
    with harness.Servers() as servers, Bus() as bus, Helper(bus, servers.configuration(clock="Automatic=false")):
        synced = good(bus, "sync")
        assert abs(synced["offset-before"] - 2.5) < 0.1, synced
        assert synced["vouched"] >= 3 and synced["stepped"], synced


def a_test_of_a_server():
    with harness.Servers() as servers, Bus() as bus, Helper(bus):
        host = servers.hosts[0]
        port = f"--port={servers.ke_ports[host]}"
        steps = good(bus, "diagnose", host, port, "--ca=" + servers.ca)["steps"]
        assert [step["verdict"] for step in steps] == ["passed"] * 7, steps
        assert abs(steps[-1]["offset"] - 2.5) < 0.1, steps
        status, text, _ = gnomon(bus, "diagnose", host, port, "--ca=" + servers.ca)
        assert status == OK and "This server works." in text, text
        # Without its authority the system's list does not vouch for it.
        status, output, _ = gnomon(bus, "diagnose", host, port, "--json")
        verdicts = {step["step"]: step["verdict"] for step in json.loads(output)["steps"]}
        assert (status, verdicts["certificate"], verdicts["keys"]) == (FAILED, "failed", "not-reached"), output
        assert good(bus, "sources")["servers"] == []


def what_the_helper_refuses_is_told():
    with Bus() as bus, Helper(bus):
        status, output, _ = gnomon(bus, "add", "a.example", "--operator=" + "x" * 2000, "--json")
        assert (status, json.loads(output)["error"]) == (FAILED, "InvalidArgument"), output
        status, _, words = gnomon(bus, "add", "a.example", "--operator=" + "x" * 2000)
        assert status == FAILED and "operator: " in words, words
        assert good(bus, "sources")["servers"] == []


if __name__ == "__main__":
    run_tests([from_no_server_to_a_right_clock, the_click, a_test_of_a_server, what_the_helper_refuses_is_told])
