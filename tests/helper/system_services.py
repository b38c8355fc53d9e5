# SPDX-License-Identifier: GPL-3.0-or-later
"""What the helper meets on a system bus, as far as it asks them: systemd, logind, NetworkManager and
UPower, on a private bus and saying what the test says."""

import os

from bus import iterate_until
from gi.repository import Gio, GLib


class Service:
    """A name on the bus, and objects with properties that can be changed."""

    def __init__(self, bus, name):
        self.connection = bus.connect()
        self.name = name
        self.values = {}  # (path, interface, property) → variant

    def own(self):
        self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            GLib.Variant("(su)", (self.name, 4)), None, Gio.DBusCallFlags.NONE, -1, None)

    def stop(self):
        """Leaves the bus; again does no harm."""
        if not self.connection.is_closed():
            self.connection.close_sync(None)

    def export(self, path, interface, members, on_call=None):
        """members: the XML within the interface."""
        node = Gio.DBusNodeInfo.new_for_xml(
            f'<node><interface name="{interface}">{members}</interface></node>')
        self.connection.register_object(
            path, node.interfaces[0], on_call,
            lambda _c, _s, where, what, name: self.values[where, what, name], None)

    def offer(self, path, interface, **properties):
        """An object with properties; their values are variants."""
        for name, value in properties.items():
            self.values[path, interface, name] = value
        self.export(path, interface, "".join(
            f'<property name="{name}" type="{value.get_type_string()}" access="read"/>'
            for name, value in properties.items()))

    def change(self, path, interface, name, value):
        self.values[path, interface, name] = value
        self.emit(path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                  GLib.Variant("(sa{sv}as)", (interface, {name: value}, [])))

    def emit(self, path, interface, signal, parameters):
        self.connection.emit_signal(None, path, interface, signal, parameters)
        self.connection.flush_sync(None)


class Systemd(Service):
    """Has two units. silent: calls are not answered before answer()."""

    UNIT = "org.freedesktop.systemd1.Unit"

    def __init__(self, bus, *active, silent=False):
        super().__init__(bus, "org.freedesktop.systemd1")
        self.subscribers = set()
        self.context = GLib.MainContext() if silent else GLib.MainContext.default()
        self.context.push_thread_default()
        self.export("/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
                    '<method name="Subscribe"/>', self._on_call)
        for unit in "systemd-timesyncd.service", "chrony.service":
            state = "active" if unit in active else "inactive"
            self.offer(self._path(unit), self.UNIT, ActiveState=GLib.Variant("s", state))
        self.context.pop_thread_default()
        self.own()

    @staticmethod
    def _path(unit):
        return ("/org/freedesktop/systemd1/unit/"
                + unit.replace("-", "_2d").replace(".", "_2e"))

    def _on_call(self, _connection, sender, _path, _interface, _method, _parameters, invocation):
        self.subscribers.add(sender)
        invocation.return_value(None)

    def answer(self):
        while self.context.iteration(False):
            pass

    def set(self, unit, state):
        assert self.subscribers, "to whom systemd is to tell it"
        self.change(self._path(unit), self.UNIT, "ActiveState", GLib.Variant("s", state))


class Logind(Service):
    """Its locks are pipes, as in life, and released when their other end is closed."""

    PATH = "/org/freedesktop/login1"
    MANAGER = "org.freedesktop.login1.Manager"

    def __init__(self, bus):
        super().__init__(bus, "org.freedesktop.login1")
        self.locks = []  # our ends
        self.asked = []
        strings = '<arg type="s" direction="in"/>' * 4
        self.export(self.PATH, self.MANAGER,
                    f'<method name="Inhibit">{strings}<arg type="h" direction="out"/></method>',
                    self._on_call)
        self.own()

    def _on_call(self, _connection, _sender, _path, _interface, _method, parameters, invocation):
        self.asked.append(parameters.unpack())
        ours, theirs = os.pipe()
        fds = Gio.UnixFDList.new()
        fds.append(theirs)
        os.close(theirs)
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)
        self.locks.append(ours)

    def prepare(self, begins):
        self.emit(self.PATH, self.MANAGER, "PrepareForSleep", GLib.Variant("(b)", (begins,)))

    def wait_for_release(self, on_release):
        """Calls on_release at the moment at which the last lock is closed."""
        seen = []

        def on_end(_fd, _condition):
            on_release()
            seen.append(True)
            return False

        GLib.unix_fd_add_full(GLib.PRIORITY_HIGH, self.locks[-1], GLib.IOCondition.HUP, on_end)
        iterate_until(lambda: seen, "the lock to be released")

    def stop(self):
        while self.locks:
            os.close(self.locks.pop())
        super().stop()


class NetworkManager(Service):
    PATH = "/org/freedesktop/NetworkManager"
    NAME = "org.freedesktop.NetworkManager"
    NONE, PORTAL, LIMITED, FULL = 1, 2, 3, 4
    METERED, NOT_METERED, PROBABLY_METERED = 1, 2, 3

    def __init__(self, bus, connectivity=FULL):
        super().__init__(bus, self.NAME)
        self.offer(self.PATH, self.NAME, Connectivity=GLib.Variant("u", connectivity),
                   Metered=GLib.Variant("u", self.NOT_METERED))
        self.own()

    def set(self, name, value):
        self.change(self.PATH, self.NAME, name, GLib.Variant("u", value))


class UPower(Service):
    PATH = "/org/freedesktop/UPower"
    NAME = "org.freedesktop.UPower"

    def __init__(self, bus, on_battery):
        """on_battery: a variant."""
        super().__init__(bus, self.NAME)
        self.offer(self.PATH, self.NAME, OnBattery=on_battery)
        self.own()

    def set(self, on_battery):
        self.change(self.PATH, self.NAME, "OnBattery", on_battery)
