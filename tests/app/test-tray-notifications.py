#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tray tells, on a desktop and beside a helper that are made up: see tray_case.py."""

import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import desktop  # noqa: E402
from gi.repository import GLib  # noqa: E402
from tray_case import TrayCase  # noqa: E402
from window import wait_for  # noqa: E402


class NotificationsTest(TrayCase):
    def start(self, state="synchronised"):
        self.start_notifications()
        super().start(state)

    def add_event(self, kind, **values):
        event = {"time": GLib.Variant("x", int(time.time() * 1e6)), "kind": GLib.Variant("s", kind)}
        for key, value in values.items():
            event[key] = GLib.Variant("d" if isinstance(value, float) else "s", value)
        self.fake.tell("AddEvent", event)

    def wait_until_asked(self):
        """Until the tray has read the events once, so that what comes is news."""
        wait_for(lambda: any(call.startswith("GetEvents") for call in self.fake.tell("Calls").unpack()[0]), "GetEvents")
        wait_for(lambda: os.path.exists(os.path.join(self.home, "gnomon/told")), "the memory")

    def act(self, number, action, token=None):
        if token:
            self.notifications.emit("ActivationToken", GLib.Variant("(us)", (number, token)))
        self.notifications.emit("ActionInvoked", GLib.Variant("(us)", (number, action)))

    def test_result_of_a_sync_is_told(self):
        self.start()
        self.watcher.choose("Sync Securely Now")
        self.wait_for_label("Synchronising…")
        self.fake.tell("Answer", "corrected")
        _, _, icon, title, body, actions, hints, _ = self.notifications.wait_for("Notify")
        self.assertEqual(title, "Your clock was set forward by 2.501\u00a0s")
        self.assertEqual(body, "4 of 4 servers vouch for it")
        self.assertEqual(icon, "org.gnomon.Gnomon")
        self.assertEqual(hints["desktop-entry"], "org.gnomon.Gnomon")
        self.assertEqual(actions[0], "default")
        self.watcher.choose("Sync Securely Now")
        self.wait_for_label("Synchronising…")
        self.fake.tell("Answer", "NoQuorum")
        # In the place of the first one.
        self.assertEqual(self.notifications.wait_for("Notify", 2)[1], 1)
        self.assertEqual(self.notifications.titles()[1], "Nothing was changed")

    def test_decision_is_told_once_and_withdrawn(self):
        window = desktop.application()
        self.addCleanup(window.close)
        self.start("needs-decision")
        _, _, _, title, body, actions, hints, timeout = self.notifications.wait_for("Notify")
        self.assertEqual(title, "Your clock needs a decision")
        self.assertIn("2\u00a0h\u00a003\u00a0min", body)
        self.assertEqual(actions[2:], ["open", "Decide…"])
        self.assertEqual((hints["urgency"], timeout), (2, 0))
        self.act(1, "open", "token-2")
        self.assertEqual(window.wait_for("Activate")[0]["activation-token"], "token-2")

        self.stop_tray()
        self.start_tray()
        self.watcher.wait_for("RegisterStatusNotifierItem", 2)
        self.wait_for_tooltip(lambda title: "jump" in title)
        self.assertEqual(self.notifications.count("Notify"), 1)

        self.fake.tell("SetState", "synchronised")
        self.wait_for_tooltip(lambda title: "right" in title)
        self.fake.tell("SetState", "needs-decision")
        self.notifications.wait_for("Notify", 2)
        self.fake.tell("SetState", "synchronised")
        self.assertEqual(self.notifications.wait_for("CloseNotification"), (2,))

    def test_disagreement_offers_a_sync(self):
        self.start("disagree")
        _, _, _, title, _, actions, _, _ = self.notifications.wait_for("Notify")
        self.assertEqual(title, "The servers disagree about the time")
        self.assertEqual(actions[2:], ["sync-now", "Sync Securely Now"])
        self.act(1, "sync-now")
        wait_for(lambda: "SyncNow ({},)" in self.fake.calls(), "SyncNow")

    def test_change_of_the_clock_is_told(self):
        self.start()
        self.wait_until_asked()
        self.add_event("stepped", amount=-3.5)
        self.fake.tell("Set", "LastStep", GLib.Variant("x", int(time.time() * 1e6)))
        _, _, _, title, body, actions, _, _ = self.notifications.wait_for("Notify")
        self.assertEqual(title, "Your clock was changed by 3.500\u00a0s")
        self.assertEqual(body, "It was fast and has been set back.")
        self.assertEqual(actions[2:], ["open", "Open"])
        # A change of the offset that is a jump makes it look as well.
        self.add_event("foreign-step", amount=7200.0, who="date")
        self.fake.tell("Set", "Offset", GLib.Variant("d", -7200.0))
        self.assertEqual(self.notifications.wait_for("Notify", 2)[4], "Another program has set it forward.")

    def test_new_issuer_shows_the_server(self):
        window = desktop.application()
        self.addCleanup(window.close)
        self.start()
        self.wait_until_asked()
        self.add_event("new-issuer", host="nts.netnod.se")
        self.fake.tell("SetServer", "nts.netnod.se", {"certificate-sha256": GLib.Variant("s", "ab" * 32)})
        _, _, _, title, _, actions, _, _ = self.notifications.wait_for("Notify")
        self.assertEqual(title, "The certificate of nts.netnod.se is from another issuer")
        self.assertEqual(actions[2:], ["show-server", "Show Server"])
        self.act(1, "show-server", "token-3")
        action, parameters, data = window.wait_for("ActivateAction")
        self.assertEqual((action, parameters, data["activation-token"]), ("show-server", ["nts.netnod.se"], "token-3"))

    def test_muted_tray_says_nothing(self):
        self.set_switch("notifications", "false")
        self.start("disagree")
        self.watcher.choose("Sync Securely Now")
        self.wait_for_label("Synchronising…")
        self.fake.tell("Answer", "right")
        self.wait_for_label("Sync Securely Now")
        self.assertEqual(self.notifications.calls, [])
        # It is not made up for.
        self.set_switch("notifications", "true")
        self.fake.tell("SetState", "needs-decision")
        self.notifications.wait_for("Notify")
        self.assertEqual(self.notifications.titles(), ["Your clock needs a decision"])

    def test_sandbox_uses_the_portal(self):
        self.environment["GTK_USE_PORTAL"] = "1"
        portal = desktop.portal()
        self.addCleanup(portal.close)
        self.start("disagree")
        name, values = portal.wait_for("AddNotification")
        self.assertEqual(values["title"], "The servers disagree about the time")
        self.assertEqual(values["buttons"], [{"label": "Sync Securely Now", "action": "sync-now"}])
        portal.emit("ActionInvoked", GLib.Variant("(ssav)", (name, "sync-now", [])))
        wait_for(lambda: "SyncNow ({},)" in self.fake.calls(), "SyncNow")
        self.fake.tell("Answer", "right")
        portal.wait_for("AddNotification", 2)
        self.fake.tell("SetState", "synchronised")
        self.assertEqual(portal.wait_for("RemoveNotification"), (name,))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main(verbosity=2)
