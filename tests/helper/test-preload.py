#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon without a bus, unmodified, under the rules of preload-rules.c: one thread in a loop
over poll (), and every option that a kernel may refuse refused. It must synchronise all the same."""

import os
import signal
import subprocess
import sys
import tempfile

import harness
from bus import run_tests

RULES = os.environ["PRELOAD_RULES"]
if os.environ["SLOW"]:
    harness.skip("a sanitizer stands between the program and libc itself")

OPTIONS = ["SOCK_CLOEXEC", "SOCK_NONBLOCK", "TFD_CLOEXEC", "TFD_TIMER_CANCEL_ON_SET", "CLOCK_BOOTTIME",
           "SO_TIMESTAMPING", "SO_TIMESTAMPNS"]
# Asked for only once another one was refused.
NEEDS = {"SO_TIMESTAMPNS": ["SO_TIMESTAMPING"]}


def environment(report, refused):
    return {**os.environ, "LD_PRELOAD": RULES, "RULES_REPORT": report, "RULES_REFUSE": ",".join(refused)}


def run_daemon(servers, refused):
    """Runs it until it is synchronised; returns what was counted."""
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        config, report = (os.path.join(directory, name) for name in ("gnomon.conf", "report"))
        with open(config, "w", encoding="utf-8") as file:
            # A literal needs no look-up; the certificate is good for it too.
            file.write(servers.configuration().replace("[Server literal]", "[Server 127.0.0.1]"))
        process = subprocess.Popen(
            harness.helper_command(config, "--state-dir=" + os.path.join(directory, "state"),
                                   "--log-dir=" + os.path.join(directory, "log")),
            env=environment(report, refused), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        said = []
        for line in process.stderr:
            said.append(line)
            if "Stepped the clock by" in line:
                threads = len(os.listdir(f"/proc/{process.pid}/task"))
                process.terminate()
        process.stderr.close()
        said = "".join(said)
        assert process.wait(harness.PATIENCE) == 0, said
        assert "The clock is synchronised" in said and threads == 1, said
        assert os.path.getsize(os.path.join(directory, "log", "loopstats")) > 0
        with open(report, encoding="ascii") as file:
            return {name: int(count) for name, count in map(str.split, file)}


def it_keeps_to_the_rules():
    with harness.Servers(["literal"]) as servers:
        counts = run_daemon(servers, [])
        # One for the key exchange and one for the time at least; and nothing was refused.
        assert counts["poll"] > 2 and counts["socket"] >= 2, counts
        assert not set(OPTIONS) & set(counts), counts


def it_does_without_each_option():
    with harness.Servers(["literal"]) as servers:
        for option in OPTIONS:
            counts = run_daemon(servers, [option, *NEEDS.get(option, [])])
            assert counts.get(option, 0) > 0, (option, counts)


def it_does_without_all_of_them():
    with harness.Servers(["literal"]) as servers:
        counts = run_daemon(servers, OPTIONS)
        # Without CLOCK_BOOTTIME the kernel is too old for the timers, which are not tried.
        assert {"SOCK_CLOEXEC", "CLOCK_BOOTTIME", "SO_TIMESTAMPING", "SO_TIMESTAMPNS"} <= set(counts), counts


# What breaks each rule, for a program other than ours.
BREACHES = {
    "pthread_create": "libc.pthread_create(0, 0, 0, 0)",
    "epoll_create1": "libc.epoll_create1(0)",
    "epoll_wait": "libc.epoll_wait(0, 0, 0, 0)",
    "select": "libc.select(0, 0, 0, 0, 0)",
    "ppoll": "libc.ppoll(0, 0, 0, 0)",
    "fork": "libc.fork()",
    "vfork": "libc.vfork()",
    "posix_spawn": "libc.posix_spawn(0, 0, 0, 0, 0, 0)",
    "system": "libc.system(b'true')",
    "recvmmsg": "libc.recvmmsg(0, 0, 0, 0, 0)",
    "getaddrinfo": "libc.getaddrinfo(0, 0, 0, 0)",
    "a Unix socket": "libc.socket(1, 1, 0)",
    "read on a socket": "libc.read(libc.socket(2, 2, 0), libc.calloc(1, 1), 1)",
    "write on a socket": "libc.write(libc.socket(2, 2, 0), b'x', 1)",
    "writev on a socket": "libc.writev(libc.socket(2, 2, 0), 0, 0)",
}


def the_rules_have_teeth():
    for breach, code in BREACHES.items():
        run = subprocess.run(
            [sys.executable, "-S", "-c", f"import ctypes; libc = ctypes.CDLL(None); {code}"],
            env=environment("", []), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        assert run.returncode == -signal.SIGABRT, (breach, run)
        assert f"rules: {breach} is not allowed" in run.stderr, (breach, run.stderr)


run_tests([it_keeps_to_the_rules, it_does_without_each_option, it_does_without_all_of_them,
           the_rules_have_teeth])
