# SPDX-License-Identifier: GPL-3.0-or-later
"""What the integration tests share: NTS servers on loopback and the helper beside them.

The environment names the programs: GNOMON_HELPER, NTS_SERVER and MAKE_CERTIFICATES. Nothing here
waits by sleeping, and everything that was started ends with the test, however that ends: the
servers when their input closes, the helpers by their process id.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

HELPER = os.environ["GNOMON_HELPER"]
NTS_SERVER = os.environ["NTS_SERVER"]
MAKE_CERTIFICATES = os.environ["MAKE_CERTIFICATES"]

HOSTS = ["quartz.localhost", "caesium.localhost", "rubidium.localhost", "hydrogen.localhost"]

# How long anything may take before the test is called failed: far above what is ever needed, since
# the machine may be busy and the programs built with sanitizers.
PATIENCE = 30

SKIP = 77


def skip(reason):
    """Ends the whole test as skipped."""
    print(reason)
    sys.exit(SKIP)


class Lines:
    """The lines of JSON that a program prints, as they come; kept for all to look at."""

    def __init__(self, stream, keep=None):
        self.seen = []
        self.condition = threading.Condition()
        self.ended = False
        self.keep = keep
        self.thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self.thread.start()

    def _read(self, stream):
        for line in stream:
            with self.condition:
                if self.keep is not None:
                    self.keep.write(line)
                self.seen.append(json.loads(line))
                self.condition.notify_all()
        with self.condition:
            self.ended = True
            self.condition.notify_all()

    def wait(self, test, start=0, patience=PATIENCE):
        """The first line from number start on that passes test; None when the program ended."""
        deadline = time.monotonic() + patience
        with self.condition:
            while True:
                for event in self.seen[start:]:
                    if test(event):
                        return event
                start = len(self.seen)
                if self.ended:
                    return None
                if not self.condition.wait(deadline - time.monotonic()):
                    raise TimeoutError("nothing came that was waited for")


class Servers:
    """Some NTS servers in one process, with certificates of their own authority."""

    def __init__(self, hosts=HOSTS, *options, directory=None):
        self.temporary = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.directory = directory or self.temporary.name
        self.hosts = [host.split(":")[0] for host in hosts]
        self.ca = os.path.join(self.directory, "ca.pem")
        if not os.path.exists(self.ca):
            subprocess.run([MAKE_CERTIFICATES, self.directory, *self.hosts], check=True)
        self.process = subprocess.Popen(
            [NTS_SERVER, "--control", "--certificates=" + self.directory, *options, *hosts],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = Lines(self.process.stdout)
        ready = self.lines.wait(lambda e: e["event"] == "ready")
        assert ready, "the servers did not start"
        self.ke_ports = {s["name"]: s["ke-port"] for s in ready["servers"]}
        self.ntp_ports = {s["name"]: s["ntp-port"] for s in ready["servers"]}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self.lines.thread.join(PATIENCE)
        self.process.stdout.close()
        self.temporary.cleanup()
        assert status == 0, f"the servers ended with {status}"

    def tell(self, host, command, value=""):
        """Changes what a server does ("*": all); it has taken effect when this returns."""
        start = len(self.lines.seen)
        self.process.stdin.write(f"{host} {command} {value}\n")
        self.process.stdin.flush()
        answer = self.lines.wait(lambda e: e["event"] in ("done", "error"), start)
        assert answer and answer["event"] == "done", answer

    def mark(self):
        """For the start of the functions below."""
        return len(self.lines.seen)

    def requests(self, host=None, start=0):
        return [e for e in self.lines.seen[start:]
                if e["event"] == "ntp" and host in (None, e["server"])]

    def key_exchanges(self, host=None, start=0):
        return [e for e in self.lines.seen[start:]
                if e["event"] == "ke" and e["result"] == "answered" and host in (None, e["server"])]

    def check_requests(self, start=0):
        """What must be so of all requests, whatever the servers did to the client."""
        for request in self.requests(start=start):
            assert request["verdict"] in ("good", "unopened", "plain"), request
            assert not request["reused"], request

    def configuration(self, hosts=None, clock="", server=""):
        """The text of a configuration file. clock, server: more lines of [Clock] and of each."""
        text = f"[Clock]\n{clock}\n"
        for host in hosts or self.hosts:
            text += f"[Server {host}]\nPort={self.ke_ports[host]}\nCA={self.ca}\n{server}\n"
        return text


class Once:
    """What a run of "gnomon-helper --once --json" came to."""

    def __init__(self, status, output, errors):
        self.status = status
        self.errors = errors
        self.text = output
        try:
            self.result = json.loads(output) if output.strip() else {}
        except ValueError as error:
            raise AssertionError(f"{error}: {self.text}") from None
        self.servers = {s["host"]: s for s in self.result.get("servers", [])}

    def __str__(self):
        return f"status {self.status}\n{self.text}\n{self.errors}"

    def __getitem__(self, key):
        return self.result[key]

    def crashed(self):
        """True when it was ended by a signal or a sanitizer, or complained of itself."""
        return self.status not in (0, 1) or any(
            word in self.errors for word in ("CRITICAL", "runtime error", "Sanitizer"))


def helper_command(config, *options, offset=2.5, frequency=40, bus="none", clock="virtual"):
    """Never with the system's clock: it is virtual, and offset seconds slow, or only observed."""
    assert clock in ("virtual", "observe")
    wrong = [f"--virtual-offset={offset}", f"--virtual-frequency={frequency}"]
    return [HELPER, "--bus=" + bus, "--clock=" + clock, *(wrong if clock == "virtual" else []),
            "--config=" + config, *options]


def once(configuration, *options, timeout=10, state_dir=None, inside=(), **clock):
    """Runs the helper once. configuration: the text of its file. inside: a command that runs it.
    clock: see helper_command ()."""
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        path = os.path.join(directory, "gnomon.conf")
        if isinstance(configuration, str):
            configuration = configuration.encode()
        with open(path, "wb") as file:
            file.write(configuration)
        process = subprocess.Popen(
            [*inside, *helper_command(path, "--once", "--json", f"--timeout={timeout}",
                           "--state-dir=" + (state_dir or os.path.join(directory, "state")),
                           *options, **clock)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            output, errors = process.communicate(timeout=timeout + PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            raise AssertionError("the helper did not end\n" + output + errors) from None
        return Once(process.returncode, output, errors)


def moved(run):
    """By how many seconds the clock was moved."""
    return run.result.get("correction", 0)


def is_right(run, offset, frequency=40):
    """True when the run corrected a clock that began offset seconds slow and lost so many ppm: as
    well as it says, or as well as can be known of paths that may be slow in one direction only: to
    half the delay. The decision may rest on slower answers than the last, so all of the last one's
    delay is allowed."""
    if run.status != 0 or run["error"] is not None:
        return False
    truth = offset + frequency * 1e-6 * run["duration"]
    delays = [server["delay"] for server in run.servers.values() if "delay" in server]
    tolerance = max([run["uncertainty"]] + delays)
    return run["uncertainty"] < 0.5 and abs(run["correction"] - truth) <= tolerance


def is_untouched(run):
    """True when the run failed with a name and left the clock alone."""
    return run.status != 0 and run.result.get("error") and moved(run) == 0


