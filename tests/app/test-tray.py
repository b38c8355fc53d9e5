#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tray on a desktop and beside a helper that are made up. Needs a session bus of its own and no display.

The environment names TRAY, GNOMON and CONTRACT, and GSETTINGS_SCHEMA_DIR.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import desktop  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402
from tray_case import TrayCase  # noqa: E402
from window import PATIENCE, wait_for  # noqa: E402

# Every property of the protocol; panels complain of those that are missing.
PROPERTIES = {
    "Category": str, "Id": str, "Title": str, "Status": str, "WindowId": int, "IconThemePath": str, "Menu": str,
    "ItemIsMenu": bool, "IconName": str, "IconPixmap": list, "OverlayIconName": str, "OverlayIconPixmap": list,
    "AttentionIconName": str, "AttentionIconPixmap": list, "AttentionMovieName": str, "ToolTip": tuple,
    "XAyatanaLabel": str, "XAyatanaLabelGuide": str,
}
NAME = "org.gnomon.Gnomon.Tray"


class ItemTest(TrayCase):
    def test_item_has_all_properties(self):
        self.start()
        properties = self.watcher.properties()
        self.assertEqual(set(properties), set(PROPERTIES))
        for name, kind in PROPERTIES.items():
            self.assertIsInstance(properties[name], kind, name)
        self.assertEqual(properties["Category"], "SystemServices")
        self.assertEqual(properties["Status"], "Active")
        self.assertEqual(properties["IconName"], "gnomon-right-symbolic")
        self.assertEqual(properties["IconThemePath"], "/icons")
        self.assertEqual(properties["ToolTip"], (
            "gnomon-right-symbolic", [], "Your clock is right to within 1.3\u00a0ms",
            "3 of 3 servers, run by 2 operators, vouch for it."))

    def test_panel_is_told_where_the_icons_are_when_it_does_not_look_there(self):
        datadir = os.environ["DATADIR"]
        del self.environment["GNOMON_ICONS"]
        for folders, path in (("/nowhere", datadir + "/icons"), ("/nowhere:" + datadir, "")):
            with self.subTest(folders=folders):
                self.environment["XDG_DATA_DIRS"] = folders
                self.start()
                self.assertEqual(self.watcher.properties()["IconThemePath"], path)
                self.stop_tray()
                self.watcher.close()
                self.fake.stop()

    @unittest.skipUnless(shutil.which("rsvg-convert") and os.environ.get("PIXMAPS"),
                         "rsvg-convert was not there when this was built")
    def test_panel_without_the_icons_gets_pixels(self):
        self.start()
        for state, icon, colour in (("synchronised", "right", "2ec27e"), ("off", "off", "9a9996"),
                                    ("disagree", "not-trusted", "ed333b"), ("needs-decision", "warning", "e5a50a")):
            with self.subTest(state=state):
                self.fake.tell("SetState", state)
                properties = wait_for(lambda: (found := self.watcher.properties())["IconName"]
                                      == f"gnomon-{icon}-symbolic" and found, icon)
                self.check_pixels(properties["IconPixmap"], icon, colour)
                wanted = properties["IconPixmap"] if state == "needs-decision" else []
                self.assertEqual(properties["AttentionIconPixmap"], wanted)

    def check_pixels(self, pixmaps, icon, colour):
        """What they show is what another program makes of the same file: 24 bits of colour behind an octet of opacity."""
        self.assertEqual([(width, height) for width, height, _ in pixmaps], [(22, 22), (44, 44)])
        file = os.path.join(os.environ["ICONS"], f"hicolor/symbolic/apps/gnomon-{icon}-symbolic.svg")
        for width, height, pixels in pixmaps:
            self.assertEqual(len(pixels), 4 * width * height)
            self.assertEqual({bytes(pixels[i + 1:i + 4]) for i in range(0, len(pixels), 4)}, {bytes.fromhex(colour)})
            shape = subprocess.run(["rsvg-convert", "-w", str(width), "-h", str(height), file], capture_output=True,
                                   check=True).stdout
            alpha = subprocess.run(["convert", "png:-", "-alpha", "extract", "-depth", "8", "gray:-"], input=shape,
                                   capture_output=True, check=True).stdout
            self.assertEqual(bytes(pixels[::4]), alpha)

    def test_icon_and_tooltip_follow_the_state(self):
        self.start()
        for state, icon, title in (
                ("starting", "synchronising", "Asking for the time…"),
                ("holdover", "warning", "Your clock should be right to within 8.9\u00a0ms"),
                ("disagree", "not-trusted", "The servers disagree about the time"),
                ("off", "off", "Automatic correction is off"),
                ("needs-decision", "warning", "Your clock would jump by 2\u00a0h\u00a003\u00a0min")):
            with self.subTest(state=state):
                del self.watcher.signals[:]
                self.fake.tell("SetState", state)
                wait_for(lambda: {"NewIcon", "NewToolTip"} <= {name for name, _ in self.watcher.signals} or
                         (icon == "warning" and "NewToolTip" in {name for name, _ in self.watcher.signals}),
                         "the signals")
                properties = self.watcher.properties()
                self.assertEqual(properties["IconName"], f"gnomon-{icon}-symbolic")
                self.assertEqual(properties["ToolTip"][2], title)
        self.assertIn(("NewStatus", ("NeedsAttention",)), self.watcher.signals)
        self.assertEqual(properties["AttentionIconName"], "gnomon-warning-symbolic")

    def test_missing_helper_is_told(self):
        self.start_watcher()
        self.start_tray()
        self.watcher.wait_for_item()
        properties = self.wait_for_tooltip(lambda title: title == "The time service is not running")
        self.assertEqual(properties["IconName"], "gnomon-warning-symbolic")
        self.start_fake()
        self.wait_for_tooltip(lambda title: title.startswith("Your clock is right"))
        self.fake.stop()
        self.wait_for_tooltip(lambda title: title == "The time service is not running")
        sync = next(number for number, label in self.watcher.entries() if label == "Sync Securely Now")
        self.assertEqual(self.watcher.menu("GetProperty", "(is)", sync, "enabled"), (False,))

    def test_item_registers_with_each_watcher(self):
        self.start_fake()
        self.start_tray()  # before there is one
        self.start_watcher()
        item = self.watcher.wait_for_item()
        self.watcher.emit("StatusNotifierHostRegistered")
        self.watcher.wait_for("RegisterStatusNotifierItem", 2)
        self.watcher.close()
        self.start_watcher()
        self.watcher.wait_for("RegisterStatusNotifierItem")
        self.assertEqual(self.watcher.wait_for_item(), item)

    def test_item_goes_and_comes_with_the_setting(self):
        self.start()
        first = self.watcher.senders[-1]
        gone = []
        Gio.bus_watch_name_on_connection(self.watcher.connection, first, Gio.BusNameWatcherFlags.NONE, None,
                                         lambda *_: gone.append(True))
        self.set_switch("tray", "false")
        wait_for(lambda: gone, "the item to go")
        self.assertIsNone(self.tray.poll())
        self.set_switch("tray", "true")
        self.watcher.wait_for("RegisterStatusNotifierItem", 2)
        self.assertNotEqual(self.watcher.senders[-1], first)
        self.assertEqual(self.watcher.properties()["IconName"], "gnomon-right-symbolic")

    def test_nothing_wanted_is_the_end(self):
        self.start()
        self.set_switch("notifications", "false")
        self.set_switch("tray", "false")
        self.wait_for_end()
        again = subprocess.run([os.environ["TRAY"]], env=self.environment, timeout=PATIENCE, check=False)
        self.assertEqual(again.returncode, 0)

    def test_there_is_one_tray(self):
        self.start()
        second = subprocess.run([os.environ["TRAY"]], env=self.environment, timeout=PATIENCE, check=False)
        self.assertEqual(second.returncode, 0)
        self.assertIsNone(self.tray.poll())
        self.assertEqual(self.watcher.count("RegisterStatusNotifierItem"), 1)

    def test_background_is_the_tray(self):
        self.start_watcher()
        environment = {**self.environment, "GNOMON_LIBEXECDIR": os.path.dirname(os.environ["TRAY"])}
        with subprocess.Popen([os.environ["GNOMON"], "--background"], env=environment) as self.tray:
            self.watcher.wait_for_item()
            owner = self.watcher.connection.call_sync(
                "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                GLib.Variant("(s)", (NAME,)), None, Gio.DBusCallFlags.NONE, -1).unpack()[0]
            self.assertEqual(owner, self.tray.pid)
            with open(f"/proc/{owner}/maps", encoding="utf-8") as maps:
                self.assertNotIn("libgtk", maps.read())
            self.tray.terminate()
            self.assertEqual(self.tray.wait(PATIENCE), 0)

    def test_wrong_command_lines_are_refused(self):
        for argument in "--frobnicate", "now", "--bus=moon":
            done = subprocess.run([os.environ["TRAY"], argument], env=self.environment, capture_output=True,
                                  timeout=PATIENCE, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertNotEqual(done.stderr, b"")
        done = subprocess.run([os.environ["TRAY"]], capture_output=True, timeout=PATIENCE, check=False,
                              env={**self.environment, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
        self.assertEqual(done.returncode, 1)

    def test_quiet_tray_asks_nothing(self):
        self.start()
        before = self.fake.tell("Calls").unpack()[0]
        # Whatever it had in mind it has done by the time that it answers.
        for _ in range(3):
            self.watcher.properties()
            time.sleep(0.1)
        self.assertEqual(self.fake.tell("Calls").unpack()[0], before)


class MenuTest(TrayCase):
    def test_menu_is_complete(self):
        self.start()
        labels = self.watcher.labels()
        self.assertTrue(labels[3].startswith("Last sync "), labels)
        del labels[3]
        self.assertEqual(labels, [
            "Right to within 1.3\u00a0ms", "3 of 3 servers vouch for it", "Offset +0.31\u00a0ms", None,
            "Sync Securely Now", None, "Open Gnomon", "Preferences", None, "Quit"])

    def test_menu_answers_all_methods(self):
        self.start()
        revision, (root, properties, children) = self.watcher.menu("GetLayout", "(iias)", 0, 0, [])
        self.assertEqual((root, properties, children), (0, {"children-display": "submenu"}, []))
        entries = self.watcher.entries()
        number, label = entries[0]
        _, (found, properties, _) = self.watcher.menu("GetLayout", "(iias)", number, -1, ["label"])
        self.assertEqual((found, properties), (number, {"label": label}))
        self.assertEqual(self.watcher.menu("GetGroupProperties", "(aias)", [number, 999], ["label", "visible"]),
                         ([(number, {"label": label, "visible": True})],))
        self.assertGreater(len(self.watcher.menu("GetGroupProperties", "(aias)", [], [])[0]), len(entries))
        self.assertEqual(self.watcher.menu("AboutToShow", "(i)", 0), (False,))
        self.assertEqual(self.watcher.menu("AboutToShowGroup", "(ai)", [0, 999]), ([], [999]))
        self.assertEqual(self.watcher.menu(
            "EventGroup", "(a(isvu))", [(999, "clicked", GLib.Variant("i", 0), 0),
                                        (number, "hovered", GLib.Variant("i", 0), 0)]), ([999],))
        for method, signature, arguments in (("GetLayout", "(iias)", (999, -1, [])), ("AboutToShow", "(i)", (-1,)),
                                             ("GetProperty", "(is)", (number, "colour")),
                                             ("Event", "(isvu)", (999, "clicked", GLib.Variant("i", 0), 0))):
            with self.assertRaises(GLib.Error):
                self.watcher.menu(method, signature, *arguments)
        self.assertEqual(self.watcher.menu("GetLayout", "(iias)", 0, -1, [])[0], revision)
        properties = self.watcher.properties(self.watcher.properties()["Menu"], desktop.MENU)
        self.assertEqual(properties, {"Version": 3, "TextDirection": "ltr", "Status": "normal", "IconThemePath": []})

    def test_sync_runs_and_can_be_cancelled(self):
        self.start_notifications()
        self.start()
        self.watcher.choose("Sync Securely Now")
        self.wait_for_label("Synchronising…")
        self.assertEqual(self.fake.calls(), ["SyncNow ({},)"])
        self.assertEqual(self.watcher.properties()["IconName"], "gnomon-synchronising-symbolic")
        self.watcher.choose("Synchronising…")  # cannot be chosen
        self.watcher.choose("Cancel")
        self.wait_for_label("Sync Securely Now")
        self.assertEqual(self.fake.calls(), ["SyncNow ({},)", "CancelSync ()"])
        self.assertNotIn("Cancel", self.watcher.labels())
        self.assertEqual(self.notifications.calls, [])

    def test_changes_are_signalled(self):
        self.start()
        revision = self.watcher.menu("GetLayout", "(iias)", 0, 0, [])[0]
        self.forget_signals()
        self.fake.tell("Set", "Offset", GLib.Variant("d", 0.002))
        self.wait_for_label("Offset +2.0\u00a0ms")
        wait_for(lambda: any("Offset +2.0\u00a0ms" in [values.get("label") for _, values in arguments[0]]
                             for name, arguments in self.watcher.signals if name == "ItemsPropertiesUpdated"),
                 "ItemsPropertiesUpdated")
        self.assertNotIn("LayoutUpdated", [name for name, _ in self.watcher.signals])

        self.fake.tell("SetState", "needs-decision")
        self.wait_for_label("A decision is needed…")
        self.assertEqual(self.watcher.labels()[0], "A decision is needed…")
        wait_for(lambda: ("LayoutUpdated", (revision + 1, 0)) in self.watcher.signals, "LayoutUpdated")

    def test_opened_menu_is_of_the_present(self):
        self.start()
        reads = self.fake.tell("Calls").unpack()[0].count("Get Uncertainty")
        self.watcher.menu("AboutToShow", "(i)", 0)
        wait_for(lambda: self.fake.tell("Calls").unpack()[0].count("Get Uncertainty") > reads, "a reading")

    def test_window_is_asked(self):
        window = desktop.application()
        self.addCleanup(window.close)
        self.start("needs-decision")
        token = {"desktop-startup-id": "token-1", "activation-token": "token-1"}
        self.watcher.item("ProvideXdgActivationToken", "(s)", "token-1")
        self.watcher.item("Activate", "(ii)", 10, 10)
        self.assertEqual(window.wait_for("Activate"), (token,))
        # A token is good for once.
        self.watcher.item("ContextMenu", "(ii)", 10, 10)
        self.assertEqual(window.wait_for("Activate", 2), ({},))
        for n, label in enumerate(("A decision is needed…", "Your clock would jump by 2\u00a0h\u00a003\u00a0min", "Open Gnomon")):
            self.watcher.choose(label)
            window.wait_for("Activate", n + 3)
        self.watcher.item("ProvideXdgActivationToken", "(s)", "token-1")
        self.watcher.choose("Preferences")
        self.assertEqual(window.wait_for("ActivateAction"), ("preferences", [], token))

    def test_quit_ends_both(self):
        window = desktop.application()
        self.addCleanup(window.close)
        self.start()
        self.watcher.choose("Quit")
        self.assertEqual(window.wait_for("ActivateAction"), ("quit", [], {}))
        self.wait_for_end()

    def test_quit_without_a_window_starts_none(self):
        self.start()
        self.watcher.choose("Quit")
        self.wait_for_end()
        self.assertEqual(self.said(), "")


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main(verbosity=2)
