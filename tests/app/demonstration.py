# SPDX-License-Identifier: GPL-3.0-or-later
"""Four time servers of our own, a helper with a virtual clock, and the window, on a private bus.

Called by tests/demonstration, which sets the environment. Without a display the button is clicked
through the accessibility bus, as a screen reader would.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

import harness  # noqa: E402

# Names below .localhost lead to this computer. Host, who runs it, delay of the path in ms.
SERVERS = [
    ("quartz.localhost", "Harbour Observatory", 14),
    ("caesium.localhost", "Institute of Standards", 19),
    ("rubidium.localhost", "Institute of Standards", 21),
    ("hydrogen.localhost", "Northern University", 28),
]
JITTER_S = 0.0004

NAME, PATH = "org.gnomon.Helper1", "/org/gnomon/Helper1"


def configuration(servers):
    text = "[Clock]\nAutomatic=false\nMinimumPoll=2\nMaximumPoll=4\n"
    for host, operator, _ in SERVERS:
        text += (f"[Server {host}]\nPort={servers.ke_ports[host]}\nCA={servers.ca}\n"
                 f"Operator={operator}\nCountry=Demonstration\n")
    return text


def wait_for(test, what, seconds=30):
    """Runs the main loop until test() is true; it is asked whenever something has happened."""
    context = GLib.MainContext.default()
    late = []
    source = GLib.timeout_add_seconds(seconds, lambda: late.append(True) or GLib.SOURCE_REMOVE)
    try:
        while not test():
            if late:
                sys.exit(f"the demonstration waited in vain for {what}")
            context.iteration(True)
    finally:
        if not late:
            GLib.source_remove(source)


def start_helper(directory, servers):
    path = os.path.join(directory, "gnomon.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(configuration(servers))
    owned = []
    Gio.bus_watch_name(Gio.BusType.SESSION, NAME, Gio.BusNameWatcherFlags.NONE,
                       lambda *_: owned.append(True), None)
    helper = subprocess.Popen(harness.helper_command(
        path, "--state-dir=" + os.path.join(directory, "state"), bus="session"))
    wait_for(lambda: owned, "the helper")
    return helper


def start_display():
    """A virtual display, for as long as its process lives."""
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1000x1180x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as file:
        os.environ["DISPLAY"] = ":" + file.readline().strip()
    os.environ.update(GDK_BACKEND="x11", GSK_RENDERER="cairo", GDK_DEBUG="gl-disable",
                      GSETTINGS_BACKEND="memory")
    os.environ.pop("WAYLAND_DISPLAY", None)
    return display


def run_headless(screenshot):
    """Clicks the button in the window and looks at what comes of it."""
    import window  # drives the window; needs the display that has just been started

    with window.Window() as shown:
        helper = Gio.DBusProxy.new_for_bus_sync(
            Gio.BusType.SESSION, Gio.DBusProxyFlags.NONE, None, NAME, PATH, NAME, None)
        shown.click("Sync Securely Now")
        shown.wait_for_text("Corrected")
        shown.screenshot(screenshot.replace(".png", "-corrected.png"))
        print_status("Clicked Sync Securely Now:")

        shown.click("Done")
        shown.toggle("Keep the Clock Right")
        wait_for(lambda: helper.get_cached_property("State").unpack() == "synchronised",
                 "the clock to be right")
        samples = helper.get_cached_property("LastSync").unpack() + 8 * 1000000
        wait_for(lambda: helper.get_cached_property("LastSync").unpack() > samples, "more samples")
        shown.screenshot(screenshot)
        print_status("Keeping the clock right:")
    print(f"The window: {screenshot}")


def print_status(title):
    print("\n" + title)
    subprocess.run([os.environ["GNOMON"], "status"], check=False)
    subprocess.run([os.environ["GNOMON"], "sources"], check=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--screenshot", default="build/demonstration.png")
    arguments = parser.parse_args()
    headless = arguments.headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    started = []
    with tempfile.TemporaryDirectory(prefix="gnomon-") as directory:
        try:
            with harness.Servers([host for host, _, _ in SERVERS]) as servers:
                for host, _, delay in SERVERS:
                    servers.tell(host, "delay", delay)
                    servers.tell(host, "jitter", JITTER_S)
                if headless:
                    started.append(start_display())
                started.append(start_helper(directory, servers))
                print("Four time servers run on this computer, and a clock that is 2.5 s slow.")
                if headless:
                    run_headless(arguments.screenshot)
                else:
                    subprocess.run([os.environ["GNOMON"]], check=False)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()


main()
