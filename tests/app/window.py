# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the application's window as a screen reader does, and with keys and the pointer where GTK 4.8 offers the
screen reader no action. Needs a display and a session bus of its own; see with-display.py.

The environment names the program: GNOMON. The accessibility bus is spoken to directly: what is on the screen is
read anew for each look, level by level and all questions of a level at once, which takes a fraction of the time
that one question after the other would.
"""

import os
import subprocess
import time

from gi.repository import Gio, GLib

PATIENCE = float(os.environ.get("PATIENCE", "30"))
# How often a condition is looked at again.
AGAIN_MS = 50

ACCESSIBLE, ACTION, COMPONENT = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Action", "Component"))
TEXT = "org.a11y.atspi.Text"
ROOT = "/org/a11y/atspi/accessible/root"
IN_WINDOW = 1
# On the session bus.
NAME, PATH = "org.gnomon.Gnomon", "/org/gnomon/Gnomon"
# Bits of GetState.
CHECKED, FOCUSED, SENSITIVE = 4, 12, 24

# Of AtspiRole, those that are looked for.
ROLES = {7: "check box", 16: "dialog", 23: "frame", 32: "list item", 35: "menu item", 43: "push button",
         54: "status bar", 61: "text", 62: "toggle button", 69: "window", 103: "level bar"}
# How wide the border is that a window has for its shadow when there is no compositor, px.
SHADOW = 5
# How far right in an entry with an icon its text has begun, px.
BEGIN_OF_TEXT = 60
BUTTONS = ("push button", "toggle button", "menu item")
WINDOWS = ("frame", "dialog", "window")


def wait_for(test, what, patience=PATIENCE):
    """What test() returns once it is true; runs the main loop meanwhile."""
    context = GLib.MainContext.default()
    deadline = time.monotonic() + patience
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        woken = []
        GLib.timeout_add(AGAIN_MS, lambda: woken.append(True) or GLib.SOURCE_REMOVE)
        while not woken:
            context.iteration(True)


class Node:
    """One thing in the window as it was when it was looked at."""

    def __init__(self, bus, path):
        self.bus = bus
        self.path = path
        self.name = self.role = ""
        self.x = self.y = self.width = self.height = None  # None: it has no place of its own
        self.states = 0
        self.children = []

    def __str__(self):
        return f"{self.role} “{self.name}”"

    def call(self, interface, method, parameters=None):
        return self.bus.connection.call_sync(self.bus.name, self.path, interface, method, parameters, None,
                                             Gio.DBusCallFlags.NONE, -1).unpack()

    def has(self, state):
        return bool(self.states >> state & 1)

    def is_shown(self):
        return self.width is None or (self.width > 0 and self.height > 0)

    def is_button(self):
        return self.role in BUTTONS

    def actions(self):
        n = self.call("org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (ACTION, "NActions")))[0]
        return [self.call(ACTION, "GetName", GLib.Variant("(i)", (i,)))[0] for i in range(n)]

    def act(self, action):
        """Does what the application offers under that name."""
        names = self.actions()
        assert action in names, f"{self} has no action {action}, only {names}"
        done = self.call(ACTION, "DoAction", GLib.Variant("(i)", (names.index(action),)))[0]
        assert done, f"{self} does not {action}"


class AccessibilityBus:
    """The application's side of the accessibility bus."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                    Gio.DBusCallFlags.NONE, -1).unpack()[0]
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.name = None

    def find_process(self, pid):
        """Finds the application of that process; False while it is not there."""
        children = self.connection.call_sync(
            "org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren", None, None, Gio.DBusCallFlags.NONE,
            -1).unpack()[0]
        for name, _ in children:
            owner = self.connection.call_sync(
                "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                GLib.Variant("(s)", (name,)), None, Gio.DBusCallFlags.NONE, -1).unpack()[0]
            if owner == pid:
                self.name = name
                return True
        return False

    def _ask(self, questions):
        """questions: (path, interface, method, parameters, what to do with the answer). All at once."""
        waiting = [len(questions)]

        def answered(connection, result, use):
            waiting[0] -= 1
            try:
                use(connection.call_finish(result).unpack())
            except GLib.GError:  # it has gone meanwhile, or has no such interface
                pass

        for path, interface, method, parameters, use in questions:
            self.connection.call(self.name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE,
                                 -1, None, answered, use)
        while waiting[0] > 0:
            GLib.MainContext.default().iteration(True)

    @staticmethod
    def _questions(node):
        def place(answer):
            node.x, node.y, node.width, node.height = answer[0]

        def children(answer):
            node.children = [Node(node.bus, path) for _, path in answer[0]]

        return [
            (node.path, "org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (ACCESSIBLE, "Name")),
             lambda answer: setattr(node, "name", answer[0])),
            (node.path, ACCESSIBLE, "GetRole", None,
             lambda answer: setattr(node, "role", ROLES.get(answer[0], "other"))),
            (node.path, ACCESSIBLE, "GetState", None, lambda answer: setattr(node, "states", answer[0][0])),
            (node.path, COMPONENT, "GetExtents", GLib.Variant("(u)", (IN_WINDOW,)), place),
            (node.path, ACCESSIBLE, "GetChildren", None, children),
        ]

    def look(self, hidden):
        """All that the application tells of now: its root. What is in something hidden is left out, unless hidden."""
        root = Node(self, ROOT)
        self._ask([question for question in self._questions(root) if question[2] == "GetChildren"])
        level = root.children
        while level:
            self._ask([question for node in level for question in self._questions(node)])
            level = [child for node in level if hidden or node.role in WINDOWS or node.is_shown()
                     for child in node.children]
        return root


class Window:
    """The application, from its start to its end."""

    def __init__(self, *arguments, **environment):
        self.bus = AccessibilityBus()
        self.process = subprocess.Popen(
            [os.environ["GNOMON"], *arguments],
            env={**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C", "GTK_A11Y": "atspi", **environment})
        try:
            wait_for(self._is_there, "the window")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the application; its exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def _is_there(self):
        self._check_alive()
        return self.bus.find_process(self.process.pid) and any(self.walk())

    def _check_alive(self):
        assert self.process.poll() is None, f"the application ended with {self.process.returncode}"

    # ---- Looking ----

    def walk(self, hidden=False, within=None):
        """All that is on the screen, in the order of the tree; hidden: the rest as well; within: the title of a
        window, of which alone it shall be."""
        self._check_alive()

        def flatten(node):
            for child in node.children:
                if hidden or child.role in WINDOWS or child.is_shown():
                    yield child
                    yield from flatten(child)

        root = self.bus.look(hidden)
        if within:
            root.children = [child for child in root.children if child.name == within]
        return flatten(root)

    def find(self, name, role=None, within=None):
        """The first thing on the screen of that name; None if there is none."""
        for node in self.walk(within=within):
            if node.name == name and role in (None, node.role):
                return node
        return None

    def texts(self):
        """All names on the screen."""
        return [node.name for node in self.walk() if node.name]

    def shows(self, text):
        return any(text in node.name for node in self.walk())

    def wait_for_text(self, text, patience=PATIENCE):
        try:
            wait_for(lambda: self.shows(text), f"“{text}”", patience)
        except AssertionError:
            raise AssertionError(f"“{text}” never came; there is {self.texts()}") from None

    def wait_until_gone(self, text):
        wait_for(lambda: not self.shows(text), f"“{text}” to go")

    # ---- Acting ----

    def _act(self, name, action, roles, within):
        # GTK 4.8 says the name of a button with a mnemonic twice, which all buttons of a message dialog have.
        names = (name, f"{name} {name}")

        def act():
            nodes = [node for node in self.walk(within=within)
                     if node.name in names and node.role in roles and node.has(SENSITIVE)]
            # A button around a button, as that of a menu, has the name and no action.
            node = next((node for node in nodes if len(nodes) == 1 or action in node.actions()), None)
            if node:
                node.act(action)
            return node

        wait_for(act, f"something to {action} called “{name}”")

    def click(self, name, within=None):
        """Presses a button, as soon as there is one that can be pressed; within: the title of a window."""
        self._act(name, "click", BUTTONS, within)

    def toggle(self, name, within=None):
        """Turns a switch or ticks a box."""
        self._act(name, "toggle", ("check box", "toggle button"), within)

    def type_into(self, name, text):
        """Replaces what stands in an entry."""
        def write():
            for node in self.walk():
                if node.name == name:
                    try:
                        return node.call("org.a11y.atspi.EditableText", "SetTextContents",
                                         GLib.Variant("(s)", (text,)))[0]
                    except GLib.GError:  # the row around the entry has the same name
                        pass
            return False

        wait_for(write, f"the entry “{name}”")

    def entry_text(self, name):
        """What stands in an entry."""
        for node in self.walk():
            if node.name == name:
                try:
                    n = node.call("org.freedesktop.DBus.Properties", "Get", GLib.Variant(
                        "(ss)", (TEXT, "CharacterCount")))[0]
                    return node.call(TEXT, "GetText", GLib.Variant("(ii)", (0, n)))[0]
                except GLib.GError:
                    pass
        raise AssertionError(f"no entry “{name}”")

    def control(self, name, within=None):
        """What has a number of that name, which is its value; None if there is none."""
        for node in self.walk(within=within):
            if node.name == name:
                try:
                    node.value = node.call("org.freedesktop.DBus.Properties", "Get", GLib.Variant(
                        "(ss)", ("org.a11y.atspi.Value", "CurrentValue")))[0]
                    return node
                except GLib.GError:
                    pass
        return None

    def set_value(self, name, *values, within=None):
        """Sets a number to each of them in turn, as quickly as one clicks."""
        node = wait_for(lambda: self.control(name, within), f"the number {name}")
        for value in values:
            node.call("org.freedesktop.DBus.Properties", "Set", GLib.Variant(
                "(ssv)", ("org.a11y.atspi.Value", "CurrentValue", GLib.Variant("d", value))))

    def activate(self, action, *parameters):
        """What a name such as app.sync-now or win.history stands for, over the bus."""
        group, name = action.split(".", 1)
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        path = wait_for(lambda: self._find_group(session), "the window on the bus") if group == "win" else PATH
        session.call_sync(NAME, path, "org.gtk.Actions", "Activate", GLib.Variant("(sava{sv})", (name, list(parameters), {})),
                          None, Gio.DBusCallFlags.NONE, -1)

    @staticmethod
    def _find_group(session):
        xml = session.call_sync(NAME, PATH + "/window", "org.freedesktop.DBus.Introspectable", "Introspect", None,
                                None, Gio.DBusCallFlags.NONE, -1).unpack()[0]
        nodes = Gio.DBusNodeInfo.new_for_xml(xml).nodes
        return f"{PATH}/window/{nodes[0].path}" if nodes else None

    @staticmethod
    def x_window(title):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                               capture_output=True, text=True, check=False).stdout.split()
        return found[-1] if found else None

    def _geometry(self, title):
        window = wait_for(lambda: self.x_window(title), f"the window “{title}”")
        lines = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window],
                               capture_output=True, text=True, check=True).stdout.split()
        values = dict(line.split("=") for line in lines)
        return [int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")]

    def press(self, *keys, title="Gnomon"):
        """Presses keys, "ctrl+n", in the window of that title."""
        window = wait_for(lambda: self.x_window(title), f"the window “{title}”")
        subprocess.run(["xdotool", "windowfocus", "--sync", window, "key", *keys], check=True)

    def point_at(self, name, title="Gnomon"):
        """Clicks with the pointer in the middle of what has that name."""
        self.point_at_node(wait_for(lambda: self.find(name), f"“{name}”"), title)

    def point_at_row(self, start, title="Gnomon"):
        """The same with the row whose name starts so: the rest may change at any time."""
        seen = []

        def find():
            row = next((node for node in self.walk() if node.role == "list item" and node.name.startswith(start)), None)
            seen.append((row.x, row.y) if row else None)
            return row if len(seen) > 1 and seen[-1] == seen[-2] else None

        self.point_at_node(wait_for(find, f"the row “{start}…”, where it stays"), title)

    def _middle(self, node, title):
        """Where on the screen that is."""
        x, y, width, height = self._geometry(title)
        outer = self.find(title, within=title)
        # The places are told from the inner edge of the shadow around the window.
        return (x + (width - outer.width) // 2 + node.x + node.width // 2,
                y + (height - outer.height) // 2 + node.y + node.height // 2)

    def point_at_node(self, node, title="Gnomon"):
        x, y = self._middle(node, title)
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True)

    def drag(self, entry, target, title="Gnomon"):
        """Selects all that stands in an entry and drops it in the middle of something else."""
        node = wait_for(lambda: self.find(entry, within=title), f"“{entry}”")
        x, y = self._middle(node, title)
        to_x, to_y = self._middle(wait_for(lambda: self.find(target, within=title), f"“{target}”"), title)
        begin = x - node.width // 2 + BEGIN_OF_TEXT  # far enough from the first click not to make it a double one
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1", "key", "ctrl+a", "mousemove", "--sync",
                        str(begin), str(y), "mousedown", "1"], check=True)
        for i in range(1, 5):
            subprocess.run(["xdotool", "mousemove", "--sync", str(begin + (to_x - begin) * i // 4),
                            str(y + (to_y - y) * i // 4)], check=True)
            # Until it has heard of that, and what lies below has said whether it takes it.
            self.walk()
        subprocess.run(["xdotool", "mouseup", "1"], check=True)

    def resize(self, width, height, title="Gnomon"):
        window = wait_for(lambda: self.x_window(title), f"the window “{title}”")
        subprocess.run(["xdotool", "windowmove", window, "0", "0", "windowsize", "--sync", window, str(width),
                        str(height)], check=True)

    def colour_at(self, x, y, title="Gnomon"):
        """Of one pixel of a window, as "srgb(…)"; x, y: from the inner edge of its shadow."""
        left, top, _, _ = self._geometry(title)
        pixel = f"1x1+{left + SHADOW + x}+{top + SHADOW + y}"
        dump = subprocess.run(["import", "-window", "root", "-crop", pixel, "txt:-"], capture_output=True, text=True,
                              check=True).stdout
        return dump.split()[-1]

    def screenshot(self, path, title="Gnomon"):
        """A picture of the window of that title, without its shadow."""
        x, y, width, height = self._geometry(title)
        part = f"{width - 2 * SHADOW}x{height - 2 * SHADOW}+{x + SHADOW}+{y + SHADOW}"
        subprocess.run(["import", "-window", "root", "-crop", part, "+repage", path], check=True)
