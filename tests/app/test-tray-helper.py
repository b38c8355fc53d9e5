#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tray beside the real helper, whose clock is virtual, and servers of its own: what its menu does and what it
tells."""

import contextlib
import os
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), folder) for folder in (".", "../helper")]

import harness  # noqa: E402
from bus import Bus, Caller, Helper, run_tests  # noqa: E402


@contextlib.contextmanager
def world(clock, slow_by):
    """All of it: (servers, caller, watcher, notifications, tray)."""
    with tempfile.TemporaryDirectory(prefix="gnomon-") as home, harness.Servers() as servers, Bus() as bus:
        os.environ.update(DBUS_SESSION_BUS_ADDRESS=bus.address, GNOMON_BUS="session", LANGUAGE="C", HOME=home,
                          XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, GSETTINGS_BACKEND="memory", GTK_USE_PORTAL="0")
        import desktop
        watcher, notifications = desktop.Watcher(), desktop.Notifications()
        with Helper(bus, servers.configuration(clock=clock), "--clock=virtual", f"--virtual-offset={slow_by}"):
            tray = subprocess.Popen([os.environ["TRAY"]])
            try:
                watcher.wait_for_item()
                yield servers, Caller(bus), watcher, notifications, tray
            finally:
                if tray.poll() is None:
                    tray.terminate()
                assert tray.wait(harness.PATIENCE) == 0
                watcher.close()
                notifications.close()


def wait_for_label(watcher, start):
    from window import wait_for
    wait_for(lambda: any((label or "").startswith(start) for label in watcher.labels()), f"“{start}…”")


def one_click_sets_the_clock_and_tells_once():
    with world("Automatic=false", 2.5) as (_, caller, watcher, notifications, _):
        wait_for_label(watcher, "Automatic correction is off")
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


def a_sync_is_cancelled_and_changes_nothing():
    with world("Automatic=false", 2.5) as (servers, caller, watcher, notifications, _):
        wait_for_label(watcher, "Automatic correction is off")
        servers.tell("*", "sabotage", "silent")
        watcher.choose("Sync Securely Now")
        wait_for_label(watcher, "Synchronising…")
        watcher.choose("Cancel")
        wait_for_label(watcher, "Sync Securely Now")
        assert caller.get("LastStep") == 0 and notifications.titles() == []


def a_decision_is_asked_for_until_it_has_been_made():
    from window import wait_for
    with world("Automatic=true", 7200) as (_, caller, watcher, notifications, tray):
        _, _, _, title, body, *_ = notifications.wait_for("Notify")
        assert title == "Your clock needs a decision" and "2\u00a0h" in body, (title, body)
        wait_for_label(watcher, "A decision is needed…")
        assert watcher.properties()["Status"] == "NeedsAttention"
        caller.call("RejectTime")
        assert notifications.wait_for("CloseNotification") == (1,)
        wait_for(lambda: watcher.properties()["Status"] == "Active", "the end of it")
        assert caller.get("LastStep") == 0
        watcher.choose("Quit")
        assert tray.wait(harness.PATIENCE) == 0


if __name__ == "__main__":
    run_tests([one_click_sets_the_clock_and_tells_once, a_sync_is_cancelled_and_changes_nothing,
               a_decision_is_asked_for_until_it_has_been_made])
