# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts fake-helper.py and tells it what to do. The environment names the contract: CONTRACT."""

import os
import subprocess
import sys

from gi.repository import Gio, GLib

NAME, PATH = "org.gnomon.Helper1", "/org/gnomon/Helper1"
HERE = os.path.dirname(os.path.abspath(__file__))


class Fake:
    def __init__(self, state="synchronised"):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.process = None
        self.start(state)

    def start(self, state):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "fake-helper.py"), os.environ["CONTRACT"], state],
            stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", "the fake helper did not start"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def _call(self, interface, method, parameters):
        return self.bus.call_sync(NAME, PATH, interface, method, parameters, None, Gio.DBusCallFlags.NONE, -1)

    def tell(self, method, *arguments):
        signatures = {"SetState": "(s)", "Set": "(sv)", "SetServer": "(sa{sv})", "Progress": "(suu)",
                      "Refuse": "(s)", "Answer": "(s)", "AddEvent": "(a{sv})", "Diagnose": "(s)", "DiagnoseTo": "(u)"}
        parameters = GLib.Variant(signatures[method], arguments) if arguments else None
        return self._call("org.gnomon.Fake", method, parameters)

    def calls(self):
        """What has been called, as "SyncNow ({},)"; readings left out."""
        calls = self.tell("Calls").unpack()[0]
        return [call for call in calls if not call.startswith("Get")]

    def readings(self):
        """What has been read, as "Get State" or "GetEvents (0, 0)"."""
        return [call for call in self.tell("Calls").unpack()[0] if call.startswith("Get")]

    def get(self, name):
        return self._call("org.freedesktop.DBus.Properties", "Get",
                          GLib.Variant("(ss)", (NAME, name))).unpack()[0]
