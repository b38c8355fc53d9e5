# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests of the window share: the window in a state of the fake helper, with its words and its names."""

import os
import unittest

import fake
import window
from window import FOCUSED, wait_for

NBSP = "\u00a0"

# Sentence and line of each state of the fake helper.
STATES = {
    "synchronised": ("Your clock is right to within 1.3 ms", "3 of 3 servers, run by 2 operators, vouch for it."),
    "starting": ("Asking for the time…", "1 of 3 servers has answered."),
    "holdover": ("Your clock should be right to within 8.9 ms", "No server has answered for 2 hours."),
    "disagree": ("The servers disagree about the time",
                 "Nothing was changed. 3 servers must agree, and only 1 can be believed."),
    "nobody": ("Nobody vouches for your clock", "No server has given a proven answer yet."),
    "off": ("Automatic correction is off", "Your clock was last checked"),
    "needs-decision": ("Your clock would jump by 2 h 03 min",
                       "Nothing was changed. 3 of 3 servers, run by 2 operators, agree on another time."),
    "one": ("Your clock is right to within 1.3 ms", "The only server vouches for it. Nobody would outvote it."),
    "conflict": ("Another Program Keeps the Clock", "systemd-timesyncd also sets this computer’s clock"),
    "portal": ("Sign In to the Network First", "Your clock was last checked 2 hours ago"),
    "offline": ("No Network", "should be right to within 8.9 ms. Gnomon checks it again"),
    "empty": ("Choose Who Tells You the Time", "Gnomon asks several servers"),
}


class WindowTest(unittest.TestCase):
    """What all of them need."""

    def start(self, state="synchronised", **environment):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)
        shown = window.Window(**environment)
        self.addCleanup(self.check_end, shown)
        if state in STATES:
            self.wait_for_state(shown, state)
        return shown

    def check_end(self, shown):
        # Ended by our signal, and by no other.
        self.assertIn(shown.close(), (0, -15))

    def wait_for_state(self, shown, state):
        for text in STATES[state]:
            shown.wait_for_text(text.replace(" ms", NBSP + "ms").replace(" h ", NBSP + "h" + NBSP)
                                .replace(" min", NBSP + "min"))

    @staticmethod
    def picture(shown, name, title="Gnomon"):
        if os.environ.get("SCREENSHOTS"):
            shown.screenshot(os.path.join(os.environ["SCREENSHOTS"], name + ".png"), title)

    @staticmethod
    def is_focused(shown, name):
        node = shown.find(name, "push button")
        return node and node.has(FOCUSED)

    def wait_for_call(self, call):
        wait_for(lambda: any(call in made for made in self.fake.calls()), f"the call {call}")

    def check_names(self, shown):
        """What can be acted on has a name, said once, without the marks of mnemonics or of types."""
        for node in shown.walk():
            if not node.is_button() and node.role not in ("check box", "text", "level bar", "status bar"):
                continue
            name = node.name
            half = name[:len(name) // 2].strip()
            problem = (not name or name.startswith(("Gtk", "Adw", "Gnomon")) or "_" in name
                       or name == f"{half} {half}")
            self.assertFalse(problem, f"{node} has no proper name")
