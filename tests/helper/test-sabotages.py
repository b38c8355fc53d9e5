#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sabotage of the test server, on one server of four and on the only server.

One of four: the clock is set right all the same, and the bad server is shown with a fitting reason.
The only one: the clock is not moved, the failure has a name. Never does the helper crash or send a
cookie twice. Arguments choose sabotages by number or name; none = all.
"""

import concurrent.futures
import json
import os
import subprocess
import sys

import harness

OFFSET = 2.5
WORKERS = 12
BAD = "quartz.time.localhost"  # of three labels, without which there are no wildcards
HOSTS = [BAD] + harness.HOSTS[1:]

# Those that work answer late enough for the bad one's fault to be known before the decision.
DELAY_MS = 40

# Longer than any sabotage that a client must bear takes; most of the others last so long.
TIMEOUT = 4 if os.environ.get("SLOW") else 3

# The error that ends a run with the only server, where there is only one that fits.
ALONE_ERRORS = {
    "no-keys": ("KeyExchangeFailed",),
    "drop": ("NoReply",),
    "no-sample": ("NoReply", "NoQuorum"),
    "not-chosen": ("NoQuorum", "NoReply"),
    "too-far": ("OutOfBounds", "NoReply", "NoQuorum"),
}

# Faults that show later than the decision of the others, or than TIMEOUT: until then is silence.
LATE = {"ke-timeout", "no-reply", "packet-late"}
SILENCE = ("", "no-samples")


def one_of_four(servers, sabotage):
    """Yields what is wrong."""
    run = harness.once(servers.configuration(), offset=OFFSET, timeout=TIMEOUT)
    if run.crashed():
        yield f"crashed: {run}"
        return
    if not harness.is_right(run, OFFSET):
        yield f"the clock is not right: {run}"
        return
    bad = run.servers[BAD]
    expect, reasons = sabotage["expect"], sabotage["reasons"].split()
    if expect in ("accept", "either"):
        return
    late = bad["reason"] in SILENCE and LATE & set(reasons)
    if bad["reason"] not in reasons and not late:
        yield f"the reason is \"{bad['reason']}\" instead of {reasons}: {run}"
    if expect == "no-keys" and (bad.get("key-exchanges") or bad.get("cookies")):
        yield f"there are keys: {run}"
    if expect == "drop" and bad["authenticated"]:
        yield f"something was taken for authentic: {run}"
    if bad.get("selection") in ("candidate", "system-peer"):
        yield f"the bad server votes: {run}"
    if run["vouched"] > 3:
        yield f"the bad server vouches: {run}"


def alone(servers, sabotage):
    """Yields what is wrong."""
    run = harness.once(servers.configuration([BAD]), offset=OFFSET, timeout=TIMEOUT)
    expect = sabotage["expect"]
    if run.crashed():
        yield f"crashed: {run}"
    elif expect == "accept":
        if not harness.is_right(run, OFFSET):
            yield f"the clock is not right: {run}"
    elif expect == "either":
        if run.status != 0 and not harness.is_untouched(run):
            yield f"failed and moved: {run}"
    elif expect != "falseticker":
        if not harness.is_untouched(run):
            yield f"the clock was moved: {run}"
        elif run["error"] not in ALONE_ERRORS[expect] and "ke-timeout" not in sabotage["reasons"]:
            yield f"the error is {run['error']}: {run}"


class Pool:
    """Servers for every worker, made when first wanted and used again and again."""

    def __init__(self, directory):
        self.directory = directory
        self.free = []
        self.all = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for servers in self.all:
            servers.stop()

    def take(self):
        try:
            return self.free.pop()
        except IndexError:
            servers = harness.Servers(HOSTS, f"--delay-ms={DELAY_MS}", directory=self.directory)
            self.all.append(servers)
            return servers

    def try_one(self, sabotage, check):
        servers = self.take()
        start = servers.mark()
        problems = []
        servers.tell(BAD, "delay", 0 if check is one_of_four else DELAY_MS)
        servers.tell(BAD, "sabotage", sabotage["number"])
        try:
            problems += check(servers, sabotage)
            servers.check_requests(start)
        except (AssertionError, TimeoutError, OSError, ValueError, KeyError) as error:
            problems.append(f"{type(error).__name__}: {error}")
        servers.tell(BAD, "sabotage", 0)
        self.free.append(servers)
        title = f"{sabotage['number']} {sabotage['name']} ({check.__name__})"
        return [f"{title}: {problem}" for problem in problems]


def main():
    listed = json.loads(subprocess.run([harness.NTS_SERVER, "--list-sabotages"], check=True,
                                       capture_output=True, text=True).stdout)
    wanted = [s for s in listed
              if not sys.argv[1:] or s["name"] in sys.argv[1:] or str(s["number"]) in sys.argv[1:]]
    with harness.Servers(HOSTS) as first, Pool(first.directory) as pool, \
            concurrent.futures.ThreadPoolExecutor(WORKERS) as executor:
        runs = [executor.submit(pool.try_one, sabotage, check)
                for check in (alone, one_of_four) for sabotage in wanted]
        problems = [problem for run in runs for problem in run.result()]
    for problem in problems:
        print(problem)
    print(f"{len(wanted)} sabotages, {len(runs)} runs, {len(problems)} problems")
    sys.exit(1 if problems or not wanted else 0)


main()
