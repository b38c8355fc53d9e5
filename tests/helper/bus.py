# SPDX-License-Identifier: GPL-3.0-or-later
"""The helper on a session bus of its own, and its callers."""

import os
import subprocess
import tempfile
import time

import harness

try:
    from gi.repository import Gio, GLib
except ImportError:
    harness.skip("python3-gi is not installed")

NAME = INTERFACE = "org.gnomon.Helper1"
PATH = "/org/gnomon/Helper1"
PROPERTIES = "org.freedesktop.DBus.Properties"
ERROR = NAME + ".Error."

TIMEOUT_MS = harness.PATIENCE * 1000


class Failure(Exception):
    """A D-Bus error: its name and its message."""

    def __init__(self, error):
        self.name = Gio.DBusError.get_remote_error(error)
        # Set only for replies; a time-out of ours is no answer.
        assert self.name, error.message
        self.message = error.message.split(": ", 1)[1]
        super().__init__(f"{self.name}: {self.message}")


def iterate_until(test, what):
    """Runs the main loop until test() is true."""
    context = GLib.MainContext.default()
    deadline = time.monotonic() + harness.PATIENCE
    tick = GLib.timeout_add(100, lambda: True)
    try:
        while not test():
            context.iteration(True)
            assert time.monotonic() < deadline, f"waited in vain for {what}"
    finally:
        GLib.source_remove(tick)


class Bus:
    """A message bus with nobody on it."""

    def __init__(self):
        # Not GTestDBus: it forks a process that keeps the servers' input open.
        self.process = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the bus did not start"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait(harness.PATIENCE)
        self.process.stdout.close()

    def connect(self):
        return Gio.DBusConnection.new_for_address_sync(
            self.address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


class Caller:
    """One connection to the bus that calls the helper; also hears its signals."""

    def __init__(self, bus):
        self.connection = bus.connect()
        self.changes = []   # dictionaries of PropertiesChanged
        self.progress = []  # (phase, server, detail)
        self.steps = []     # (host, step) of diagnoses
        self.connection.signal_subscribe(NAME, PROPERTIES, "PropertiesChanged", PATH, None,
                                         Gio.DBusSignalFlags.NONE, self._on_changed)
        self.connection.signal_subscribe(NAME, INTERFACE, "SyncProgress", PATH, None,
                                         Gio.DBusSignalFlags.NONE, self._on_progress)
        self.connection.signal_subscribe(NAME, INTERFACE, "DiagnoseProgress", PATH, None,
                                         Gio.DBusSignalFlags.NONE, self._on_step)
        # A round trip, after which no signal is missed.
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", "GetId", None, None,
                                  Gio.DBusCallFlags.NONE, TIMEOUT_MS, None)

    def _on_changed(self, *arguments):
        self.changes.append(arguments[5].unpack()[1])

    def _on_progress(self, *arguments):
        self.progress.append(arguments[5].unpack())

    def _on_step(self, *arguments):
        self.steps.append(arguments[5].unpack())

    def close(self):
        self.connection.close_sync(None)

    def begin(self, method, arguments=None, interface=INTERFACE):
        """Calls without waiting; returns a function that waits, and returns or raises."""
        outcome = []

        def on_done(connection, result):
            try:
                outcome.append(connection.call_finish(result))
            except GLib.Error as error:
                outcome.append(error)

        self.connection.call(NAME, PATH, interface, method, arguments, None,
                             Gio.DBusCallFlags.NO_AUTO_START, TIMEOUT_MS, None, on_done)

        def finish():
            iterate_until(lambda: outcome, f"{method} to answer")
            if isinstance(outcome[0], GLib.Error):
                raise Failure(outcome[0])
            return outcome[0]

        return finish

    def call(self, method, signature=None, *values, interface=INTERFACE):
        arguments = GLib.Variant(signature, values) if signature else None
        return self.begin(method, arguments, interface)()

    def get_variants(self):
        """All properties as variants, by name."""
        reply = self.call("GetAll", "(s)", INTERFACE, interface=PROPERTIES)
        dictionary = reply.get_child_value(0)
        return {name: dictionary.lookup_value(name, None) for name in dictionary.keys()}

    def get_all(self):
        return {name: value.unpack() for name, value in self.get_variants().items()}

    def get(self, name):
        return self.get_all()[name]

    def fails(self, method, signature=None, *values, interface=INTERFACE):
        """Calls; returns the Failure that shall come of it."""
        try:
            result = self.call(method, signature, *values, interface=interface)
        except Failure as failure:
            return failure
        raise AssertionError(f"{method} {values} succeeded: {result}")


class Helper:
    """A helper on a bus, with files of its own that outlive it where state_dir is given. kind: what
    it takes the bus for."""

    def __init__(self, bus, configuration="", *options, state_dir=None, wait=True,
                 kind="session"):
        self.directory = tempfile.TemporaryDirectory(prefix="gnomon-")
        config = os.path.join(self.directory.name, "gnomon.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(configuration)
        self.errors = open(os.path.join(self.directory.name, "errors"), "w+", encoding="utf-8")
        state_dir = state_dir or os.path.join(self.directory.name, "state")
        self.process = subprocess.Popen(
            harness.helper_command(config, "--state-dir=" + state_dir, *options, bus=kind),
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus.address,
                 "DBUS_SYSTEM_BUS_ADDRESS": bus.address},
            stdin=subprocess.DEVNULL, stdout=self.errors, stderr=self.errors)
        self.bus = bus
        if wait:
            self._wait()

    def _wait(self):
        seen = []
        connection = self.bus.connect()
        watch = Gio.bus_watch_name_on_connection(
            connection, NAME, Gio.BusNameWatcherFlags.NONE, lambda *_: seen.append(True), None)
        iterate_until(lambda: seen or self.process.poll() is not None, "the helper")
        Gio.bus_unwatch_name(watch)
        connection.close_sync(None)
        assert seen, self.said()

    def said(self):
        self.errors.flush()
        with open(self.errors.name, encoding="utf-8") as file:
            return file.read()

    def ends(self):
        """Waits for its end; returns its exit status."""
        return self.process.wait(harness.PATIENCE)

    def stop(self):
        """Asks it to end; returns its exit status."""
        self.process.terminate()
        return self.ends()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        alive = self.process.poll() is None
        status = self.stop() if alive else self.process.returncode
        said = self.said()
        self.errors.close()
        self.directory.cleanup()
        if kind is not None:
            print(said)
            return
        for word in "CRITICAL", "GLib", "Sanitizer", "runtime error":
            assert word not in said, said
        assert status == 0, f"the helper ended with {status}\n{said}"


def run_tests(tests):
    """Runs functions; prints which failed, and ends the program."""
    failed = 0
    for test in tests:
        name = test.__name__.replace("_", "-")
        begun = time.monotonic()
        try:
            test()
            print(f"ok {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        except Exception:  # pylint: disable=broad-except
            import traceback
            traceback.print_exc()
            print("not ok", name, flush=True)
            failed += 1
    raise SystemExit(1 if failed else 0)
