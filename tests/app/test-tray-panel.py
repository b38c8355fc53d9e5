#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tray in a panel of the desktop's: test-tray-panel.py xfce|lxqt, on a display and a session bus of its own.

The icon is found where the picture of the screen changes when the state does; then it is clicked, and the menu is
used with the keyboard. The environment names TRAY, CONTRACT, ICONS and SCREENSHOTS; where there are no icons in ICONS
the panel must show the pixels, which have colours of their own. Exit 77 = no such panel, or no pixels were made.
"""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import desktop  # noqa: E402
import fake  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402
from window import wait_for  # noqa: E402

SKIP = 77
PANELS = {
    "xfce": [["xfwm4", "--compositor=off"], ["xfce4-panel", "--disable-wm-check"]],
    "lxqt": [["openbox"], ["lxqt-panel"]],
}
LXQT_CONFIGURATION = """panels=panel1

[panel1]
plugins=statusnotifier
position=Bottom
desktop=0

[statusnotifier]
alignment=Right
type=statusnotifier
"""
RIGHT, NOT_TRUSTED = "2ec27e", "ed333b"
# As large as an icon with what the panel draws around it may be, px.
LARGEST_ICON = 48


def write_configuration():
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "lxqt")
    os.makedirs(folder)
    with open(os.path.join(folder, "panel.conf"), "w", encoding="utf-8") as file:
        file.write(LXQT_CONFIGURATION)


class Screen:
    """The screen's picture, and a hand on pointer and keyboard."""

    def __init__(self, panel):
        self.panel = panel

    def shows_colour(self, colour, name):
        """Whether a point of the screen has it, nearly: where the edges are soft the panel mixes it."""
        shown = subprocess.run(["convert", self.picture(name), "-fuzz", "2%", "-fill", "white", "-opaque", "#" + colour,
                                "-fuzz", "0%", "-fill", "black", "+opaque", "white", "-format", "%[fx:maxima]", "info:"],
                               capture_output=True, text=True, check=True).stdout
        return float(shown) > 0

    def picture(self, name):
        path = os.path.join(os.environ["SCREENSHOTS"], f"tray-{self.panel}-{name}.png")
        subprocess.run(["import", "-window", "root", path], check=True)
        return path

    def difference(self, before, name):
        """Where the screen is not as before: x, y, width, height; None if it is."""
        after = self.picture(name)
        box = subprocess.run(
            ["convert", before, after, "-compose", "difference", "-composite", "-threshold", "10%", "-trim",
             "-format", "%w %h %X %Y", "info:"], capture_output=True, text=True, check=True).stdout.split()
        width, height, x, y = (int(number) for number in box)
        return (x, y, width, height) if x >= 0 else None

    @staticmethod
    def click(x, y, button):
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", str(button)], check=True)

    @staticmethod
    def press(*keys):
        subprocess.run(["xdotool", "key", "--delay", "100", *keys], check=True)


def registered(bus):
    """The items that the panel knows."""
    try:
        return bus.call_sync(
            desktop.WATCHER, desktop.WATCHER_PATH, desktop.PROPERTIES, "Get",
            GLib.Variant("(ss)", (desktop.WATCHER, "RegisteredStatusNotifierItems")), None,
            Gio.DBusCallFlags.NO_AUTO_START, -1).unpack()[0]
    except GLib.Error:
        return []


def find_icon(screen, helper):
    """The middle of the icon: what changes with the state and back again, beside a clock that may move."""
    def look():
        helper.tell("SetState", "synchronised")
        before = screen.picture("right")
        helper.tell("SetState", "off")
        return wait_for_difference(before)

    def wait_for_difference(before):
        for _ in range(20):
            box = screen.difference(before, "off")
            if box and box[2] <= LARGEST_ICON and box[3] <= LARGEST_ICON:
                return box
        return None

    x, y, width, height = wait_for(look, "the icon")
    helper.tell("SetState", "synchronised")
    return x + width // 2, y + height // 2


def main(panel):
    for command in PANELS[panel]:
        if not shutil.which(command[0]):
            print(command[0], "is not installed")
            return SKIP
    if panel == "lxqt":
        write_configuration()
    bare = not os.path.isdir(os.environ["ICONS"])
    if bare and not os.environ["PIXMAPS"]:
        print("rsvg-convert was not there when this was built")
        return SKIP
    environment = {**os.environ, "GNOMON_BUS": "session", "GNOMON_ICONS": os.environ["ICONS"], "LANGUAGE": "C"}
    screen = Screen(panel + ("-pixels" if bare else ""))
    window = desktop.application()
    with fake.Fake("synchronised") as helper:
        # The item is there before the panel.
        programs = [subprocess.Popen([os.environ["TRAY"]], env=environment)]
        try:
            for command in PANELS[panel]:
                programs.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL,
                                                 stdout=subprocess.DEVNULL))
            wait_for(lambda: any(item.endswith(desktop.ITEM_PATH) for item in registered(helper.bus)), "the item")
            x, y = find_icon(screen, helper)
            if bare:
                helper.tell("SetState", "disagree")
                wait_for(lambda: screen.shows_colour(NOT_TRUSTED, "disagree"), "the colour of distrust")
                helper.tell("SetState", "synchronised")
                wait_for(lambda: screen.shows_colour(RIGHT, "right"), "the colour of trust")

            screen.click(x, y, 1)
            window.wait_for("Activate")

            before = screen.picture("closed")
            screen.click(x, y, 3)
            wait_for(lambda: (screen.difference(before, "menu") or (0, 0, 0, 0))[3] > LARGEST_ICON, "the menu")
            screen.press("Down", "Down", "Return")
            wait_for(lambda: "SyncNow ({},)" in helper.calls(), "SyncNow")
        finally:
            tray, *others = programs
            tray.terminate()
            for program in others:  # not all of them end when they are asked to
                program.kill()
            status, *_ = [program.wait() for program in programs]
    window.close()
    assert status == 0, f"the tray ended with {status}"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
