#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tray beside the real helper, whose clock is virtual, and servers of its own: what one click does and tells."""

import os
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), folder) for folder in (".", "../helper")]

import harness  # noqa: E402
from bus import Bus, Caller, Helper  # noqa: E402

SLOW_BY = 2.5


def main(home):
    with harness.Servers() as servers, Bus() as bus:
        os.environ.update(DBUS_SESSION_BUS_ADDRESS=bus.address, GNOMON_BUS="session", LANGUAGE="C", HOME=home,
                          XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, GSETTINGS_BACKEND="memory", GTK_USE_PORTAL="0")
        import desktop
        from window import wait_for
        watcher, notifications = desktop.Watcher(), desktop.Notifications()
        with Helper(bus, servers.configuration(clock="Automatic=false"), "--clock=virtual",
                    f"--virtual-offset={SLOW_BY}"):
            caller = Caller(bus)
            tray = subprocess.Popen([os.environ["TRAY"]])
            try:
                watcher.wait_for_item()
                wait_for(lambda: "Automatic correction is off" in watcher.labels(), "the state")
                watcher.choose("Sync Securely Now")
                title = notifications.wait_for("Notify")[3]
                assert title.startswith("Your clock was set forward by 2."), title
                # The event has come by now, and is no news: this person asked for it.
                events = caller.call("GetEvents", "(xu)", 0, 0).unpack()[0]
                steps = [event for event in events if event["kind"] == "stepped"]
                assert len(steps) == 1 and steps[0]["amount"] > 1 and steps[0]["who"], events
                # Until it must have heard of the step, and have asked for the events.
                for _ in range(20):
                    caller.get_all()
                    watcher.properties()
                assert notifications.titles() == [title], notifications.titles()
            finally:
                tray.terminate()
                assert tray.wait(harness.PATIENCE) == 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        main(directory)
