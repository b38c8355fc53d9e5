# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks of the helper share: what a process costs, and a delay line with two ends, which needs root.

The first argument of the program is the build directory, build-gcc where there is none."""

import os
import subprocess
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build-gcc"))
ROUND_TRIP_MS = 40
SERVERS = ["10.77.0.11", "10.77.0.12", "10.77.0.13", "10.77.0.14"]
PATIENCE = 60

os.environ.setdefault("GNOMON_HELPER", os.path.join(BUILD, "helper/gnomon-helper"))
os.environ.setdefault("NTS_SERVER", os.path.join(BUILD, "tests/server/nts-server"))
os.environ.setdefault("MAKE_CERTIFICATES", os.path.join(BUILD, "tests/server/make-certificates"))
os.environ.setdefault("CACHE", os.path.join(BUILD, "tests/helper"))
sys.path.insert(0, os.path.join(ROOT, "tests/helper"))


def usage(pid):
    """(wake-ups, ns of the processor) of all threads so far."""
    wakeups = cpu_ns = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
            wakeups += next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt"))
        with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
            cpu_ns += int(file.read().split()[0])
    return wakeups, cpu_ns


def memory_mb(pid):
    """(all of it, own and changed)"""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        values = dict(line.split(":") for line in file if ":" in line)
    return [int(values[name].split()[0]) / 1024 for name in ("Rss", "Private_Dirty")]


class Line:
    """The delay line, and when what went over it."""

    def __init__(self):
        program = os.path.join(BUILD, "tests/bench-delay-line")
        self.process = subprocess.Popen([program, str(ROUND_TRIP_MS * 500)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        first = self.process.stdout.readline().split()
        assert first and first[0] == "ready", "the delay line needs root and /dev/net/tun"
        self.near, self.far = first[1:]
        self.packets = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            when, direction, protocol, length, syn = line.split()
            self.packets.append((int(when), direction, protocol, int(length), syn == "1"))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)

    @staticmethod
    def inside(process_id, command):
        return ["nsenter", "--net=/proc/" + process_id + "/ns/net", *command]

    def first(self, begin, direction, protocol):
        return next((packet[0] for packet in self.packets
                     if packet[0] >= begin and packet[1:3] == (direction, protocol)), None)
