# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the window with the real helper share, and with real servers on loopback. The helper has a virtual
clock. Run by with-display.py; the environment is that of the helper's tests and of test-window.py."""

import os

import harness
import window
from bus import Caller, Helper
from gi.repository import Gio
from window import wait_for
from window_case import WindowTest

BY_REQUEST = "Automatic=false"


class SessionBus:
    """The bus that this test runs on, which the window must share with the helper."""

    def __init__(self):
        self.address = os.environ["DBUS_SESSION_BUS_ADDRESS"]

    def connect(self):
        return Gio.DBusConnection.new_for_address_sync(
            self.address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


class RealTest(WindowTest):
    """What all of them need."""

    def start_servers(self, clock=BY_REQUEST, *options, hosts=None):
        """And the helper. hosts: those that it begins with; all four if not given."""
        self.servers = harness.Servers()
        self.addCleanup(self.servers.stop)
        self.configuration = self.servers.configuration(hosts, clock) if hosts != [] else f"[Clock]\n{clock}\n"
        self.bus = SessionBus()
        self.helper = self.start_helper(*options)
        self.caller = Caller(self.bus)
        self.addCleanup(self.caller.close)

    def start(self, *arguments, **keywords):
        """All of it."""
        self.start_servers(*arguments, **keywords)
        shown = window.Window()
        self.addCleanup(self.check_end, shown)
        return shown

    def start_helper(self, *options):
        helper = Helper(self.bus, self.configuration, *options)
        self.addCleanup(lambda: helper.process.returncode is None and helper.__exit__(None))
        return helper

    def get(self, name):
        return self.caller.get(name)

    def server(self, host):
        return next(server for server in self.get("Servers") if server["host"] == host)

    def events(self, *kinds):
        events, = self.caller.call("GetEvents", "(xu)", 0, 0).unpack()
        return [event for event in events if event["kind"] in kinds]

    def sync(self, shown):
        shown.click("Sync Securely Now")
        wait_for(lambda: shown.find("Corrected"), "the result")

    def choose_file(self, shown, title, path):
        """Answers the question for a file by its path."""
        wait_for(lambda: shown.x_window(title), "the question for a file")
        # A slash opens an entry for the path, whose list of what begins so takes the first Return.
        shown.press("slash", title=title)
        shown.type_into("GtkFileChooserEntry", path)
        self.picture(shown, "real-file", title)
        shown.press("Return", title=title)
        wait_for(lambda: not shown.x_window(title), "the answer")
