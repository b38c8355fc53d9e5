# SPDX-License-Identifier: GPL-3.0-or-later
"""The helper as a daemon, with what it says on the bus followed live."""

from bus import Caller, Helper, iterate_until

# Sixteen polls a second, so that hours of life pass in seconds.
FAST = "MinimumPoll=-4\nMaximumPoll=-4"


class Daemon:
    def __init__(self, bus, configuration, *options, **more):
        """options, more: of the helper."""
        self.helper = Helper(bus, configuration, *options, **more)
        self.process = self.helper.process
        self.caller = Caller(bus)
        self.properties = self.caller.get_all()

    def stop(self):
        self.caller.close()
        self.helper.__exit__(None)

    def get(self, name):
        """As the changes told tell it: nothing is asked for."""
        for change in self.caller.changes:
            self.properties.update(change)
        self.caller.changes.clear()
        return self.properties[name]

    def server(self, host):
        return next(server for server in self.get("Servers") if server["host"] == host)

    def wait(self, test, what):
        iterate_until(lambda: self.process.poll() is not None or test(), what)
        assert self.process.poll() is None, self.helper.said()
