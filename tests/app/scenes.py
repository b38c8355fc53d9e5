# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the application can show, one scene after the other, against the fake helper.

A scene is a function that brings something onto the screen, has it photographed and takes it away again. Words
are looked for through the translation that the application uses; what can be reached without words is: actions
are activated over D-Bus.
"""

import subprocess

from gi.repository import GLib
from window import wait_for

HOST = "ptbtime1.ptb.de"
# As high as it takes to see all of the main page, px.
TALL = 1040
# Those without a last step come last, or else each of the others would show one.
STATES = ["synchronised", "holdover", "disagree", "off", "needs-decision", "conflict", "portal", "offline", "empty",
          "one", "long", "starting", "nobody", "slow"]
SCROLLED_BY = 60


class Stage:
    """The window, the helper behind it and the camera."""

    def __init__(self, shown, fake, camera, translate):
        self.shown, self.fake, self.camera, self._ = shown, fake, camera, translate

    def activate(self, action, *parameters, window=True):
        """An action of the window or of the application."""
        self.shown.activate(("win." if window else "app.") + action, *parameters)

    def go(self, state):
        self.fake.tell("SetState", state)

    def picture(self, name, height=None):
        """Of the window in front. height: that the main window shall have before, px."""
        self.camera.take(name, height)

    def scroll(self):
        """To the end, with the wheel over the middle of the window in front."""
        _, x, y, width, height = self.camera.in_front()
        subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "--delay", "8",
                        "--repeat", str(SCROLLED_BY), "5", "mousemove", "0", "0"], check=True)
        self.camera.settle()

    def wait(self, text):
        self.shown.wait_for_text(self._(text))

    def close(self):
        """The window in front, by its key."""
        window = self.camera.in_front()[0]
        subprocess.run(["xdotool", "windowfocus", "--sync", window, "key", "Escape"], check=True)
        wait_for(lambda: self.camera.in_front()[0] != window, "the window to close")

    def press(self, name, awaited, title=None):
        """Clicks in the middle of it until what it is there for has come: it may still have been on its way.
        title: of its window; None = the main one, whose title is the same in all languages"""
        title = self._(title) if title else "Gnomon"

        def pressed():
            # A button may be called as the window is.
            node, outer = (wait_for(lambda wanted=wanted: self.shown.find(wanted, within=title), wanted)
                           for wanted in (self._(name), title))
            _, x, y, width, height = self.camera.in_front()
            # The places are told from the inner edge of the shadow around the window.
            x += (width - outer.width) // 2 + node.x + node.width // 2
            y += (height - outer.height) // 2 + node.y + node.height // 2
            subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True)
            try:
                self.shown.wait_for_text(self._(awaited), 2)
            except AssertionError:
                return False
            return True

        wait_for(pressed, f"“{awaited}”")


def states(stage):
    for state in STATES:
        stage.go(state)
        stage.picture(state, TALL)


def helper_missing(stage):
    stage.fake.stop()
    stage.wait("The Time Service Is Not Running")
    stage.picture("helper-missing")
    stage.fake.start("synchronised")


def sync(stage):
    stage.go("slow")
    stage.activate("sync-now", window=False)
    wait_for(lambda: any("SyncNow" in call for call in stage.fake.calls()), "the call of SyncNow")
    stage.fake.tell("Progress", "keys", 4, 4)
    stage.fake.tell("Progress", "measuring", 17, 32)
    stage.picture("syncing", TALL)
    stage.fake.tell("Answer", "corrected")
    stage.wait("Corrected")
    stage.picture("synced", TALL)
    stage.activate("dismiss-result")


def failed(stage):
    stage.go("disagree")
    stage.activate("sync-now", window=False)
    wait_for(lambda: stage.fake.calls()[-1].startswith("SyncNow"), "the call of SyncNow")
    stage.fake.tell("Answer", "NoQuorum")
    stage.wait("Nothing was changed")
    stage.picture("failed", TALL)
    stage.activate("dismiss-result")
    stage.go("synchronised")


def ranges(stage):
    for label, name in (("7\u00a0d", "range-7-days"), ("24\u00a0h", "range-24-hours"), ("10\u00a0min", "range-10-minutes"),
                        ("1\u00a0h", None)):
        stage.shown.click(stage._(label))
        if name:
            stage.picture(name)


def numbers(stage):
    """Last of those with the main page: the row stays open."""
    stage.scroll()
    stage.press("All Numbers", "Frequency")
    stage.scroll()
    stage.picture("numbers")


def server(stage):
    stage.activate("show-server", GLib.Variant("s", HOST), window=False)
    stage.picture("server")
    stage.scroll()
    stage.picture("server-end")
    stage.activate("back")


def history(stage):
    stage.go("synchronised")
    stage.activate("history")
    stage.picture("history")
    stage.scroll()
    stage.picture("history-end")
    stage.activate("back")


def diagnose(stage):
    for name, reason, steps in (("running", "", 2), ("works", "", 7), ("failed", "no-reply", 7),
                                ("certificate", "certificate-expired", 7)):
        stage.fake.tell("Diagnose", reason)
        stage.fake.tell("DiagnoseTo", steps)
        stage.activate("diagnose", GLib.Variant("s", HOST))
        stage.picture(f"diagnose-{name}")
        if steps < 7:
            stage.fake.tell("DiagnoseTo", 7)
        stage.close()
    stage.fake.tell("Diagnose", "")


def choose(stage):
    stage.activate("add-server", window=False)
    stage.picture("choose")
    stage.shown.click(stage._("Test All"))
    wait_for(lambda: stage.shown.find(stage._("Test All"), "push button"), "the end of the tests")
    stage.picture("choose-tested")
    stage.scroll()
    stage.picture("choose-end")
    stage.shown.type_into(stage._("Search servers"), "no such server")
    stage.wait("No server matches")
    stage.picture("choose-nothing")
    stage.scroll()
    stage.press("Import", "Taken as They Are", "Add Servers")
    stage.picture("import")
    stage.close()
    stage.close()


def preferences(stage):
    stage.activate("preferences", window=False)
    stage.picture("preferences")
    for page, name in (("Clock", "clock"), ("Records", "records")):
        tab = wait_for(lambda page=page: stage.shown.find(stage._(page), within=stage._("Preferences")), page)
        tab.act("click")
        stage.picture(f"preferences-{name}")
    stage.close()


def help_window(stage):
    stage.activate("help", window=False)
    stage.picture("help")
    stage.scroll()
    stage.picture("help-end")
    stage.close()


def remove(stage):
    stage.activate("remove-server", GLib.Variant("s", HOST))
    stage.picture("remove")
    stage.close()


def shortcuts(stage):
    stage.activate("shortcuts", window=False)
    stage.picture("shortcuts")
    stage.close()


def about(stage):
    stage.activate("about", window=False)
    stage.picture("about")
    stage.close()


# In this order, since the last one leaves something open.
SCENES = [states, sync, failed, ranges, server, remove, history, diagnose, choose, preferences, help_window, about,
          shortcuts, helper_missing, numbers]
