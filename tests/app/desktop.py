# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop that is made up: the panel's tray, the notifications and the window, each on a connection of its own
to the session bus, so that each can come and go. They only note what the tray asks of them."""

from gi.repository import Gio, GLib

from window import wait_for

WATCHER, WATCHER_PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
ITEM, ITEM_PATH = "org.kde.StatusNotifierItem", "/StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"

WATCHER_XML = """<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>"""

NOTIFICATIONS_XML = """<node><interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface></node>"""

PORTAL_XML = """<node><interface name="org.freedesktop.portal.Notification">
  <method name="AddNotification"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
  <method name="RemoveNotification"><arg type="s" direction="in"/></method>
</interface></node>"""

APPLICATION_XML = """<node><interface name="org.freedesktop.Application">
  <method name="Activate"><arg type="a{sv}" direction="in"/></method>
  <method name="ActivateAction">
    <arg type="s" direction="in"/><arg type="av" direction="in"/><arg type="a{sv}" direction="in"/>
  </method>
</interface></node>"""


def connect():
    address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION, None)
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
        None, None)


class Service:
    """Owns a name and notes the calls to one object as (method, arguments)."""

    def __init__(self, name, path, xml):
        self.name, self.path = name, path
        self.calls = []
        self.senders = []
        self.connection = connect()
        self.interface = Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]
        self.connection.register_object(path, self.interface, self._on_call, None, None)
        self.connection.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                  GLib.Variant("(su)", (name, 4)), None, Gio.DBusCallFlags.NONE, -1)

    def _on_call(self, _connection, sender, _path, _interface, method, parameters, invocation):
        self.calls.append((method, parameters.unpack()))
        self.senders.append(sender)
        invocation.return_value(self.answer(method, parameters))

    def answer(self, _method, _parameters):
        return None

    def emit(self, signal, parameters=None):
        self.connection.emit_signal(None, self.path, self.interface.name, signal, parameters)
        self.connection.flush_sync(None)

    def wait_for(self, method, n=1):
        """The arguments of the nth call of that method, as soon as it has come."""
        def found():
            return [arguments for name, arguments in self.calls if name == method][n - 1:n]

        return wait_for(found, f"{method} number {n}, after {self.calls}")[0]

    def count(self, method):
        return sum(name == method for name, _ in self.calls)

    def close(self):
        if not self.connection.is_closed():
            self.connection.close_sync(None)


class Notifications(Service):
    def __init__(self):
        super().__init__("org.freedesktop.Notifications", "/org/freedesktop/Notifications", NOTIFICATIONS_XML)
        self.last = 0

    def answer(self, method, parameters):
        if method != "Notify":
            return None
        self.last += 1
        return GLib.Variant("(u)", (parameters.unpack()[1] or self.last,))

    def titles(self):
        return [arguments[3] for method, arguments in self.calls if method == "Notify"]


class Watcher(Service):
    """The panel: what it is told of the item that has registered last, and what it does with it."""

    def __init__(self):
        super().__init__(WATCHER, WATCHER_PATH, WATCHER_XML)
        self.signals = []  # (name, arguments) of item and menu

    def wait_for_item(self):
        path, = self.wait_for("RegisterStatusNotifierItem", self.count("RegisterStatusNotifierItem") or 1)
        assert path == ITEM_PATH, path
        for interface in ITEM, MENU:
            self.connection.signal_subscribe(self.senders[-1], interface, None, None, None,
                                             Gio.DBusSignalFlags.NONE, self._on_signal)
        return self.senders[-1]

    def _on_signal(self, *arguments):
        self.signals.append((arguments[4], arguments[5].unpack()))

    def call(self, path, interface, method, parameters=None):
        reply = self.connection.call_sync(self.senders[-1], path, interface, method, parameters, None,
                                          Gio.DBusCallFlags.NONE, -1)
        return reply.unpack()

    def properties(self, path=ITEM_PATH, interface=ITEM):
        return self.call(path, PROPERTIES, "GetAll", GLib.Variant("(s)", (interface,)))[0]

    def item(self, method, signature, *arguments):
        return self.call(ITEM_PATH, ITEM, method, GLib.Variant(signature, arguments))

    def menu(self, method, signature, *arguments):
        return self.call(self.properties()["Menu"], MENU, method, GLib.Variant(signature, arguments))

    def entries(self):
        """The visible items, top to bottom: (id, label), a line being None."""
        _, (_, _, children) = self.menu("GetLayout", "(iias)", 0, -1, [])
        return [(number, None if values.get("type") == "separator" else values["label"])
                for number, values, _ in children if values.get("visible", True)]

    def labels(self):
        return [label for _, label in self.entries()]

    def choose(self, label):
        number = next(number for number, text in self.entries() if text == label)
        self.menu("Event", "(isvu)", number, "clicked", GLib.Variant("i", 0), 0)


def application():
    return Service("org.gnomon.Gnomon", "/org/gnomon/Gnomon", APPLICATION_XML)


def portal():
    return Service("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", PORTAL_XML)
