#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-install.py BUILD PREFIX: installs into an empty folder and looks for all in its place."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile

EXPECTED = """
    bin/gnomon 755
    lib/systemd/ntp-units.d/30-gnomon.list 644
    lib/systemd/system/gnomon-helper.service 644
    lib/sysusers.d/gnomon.conf 644
    libexec/gnomon-tray 755
    sbin/gnomon-helper 755
    share/applications/org.gnomon.Gnomon.desktop 644
    share/bash-completion/completions/gnomon 644
    share/dbus-1/interfaces/org.gnomon.Helper1.xml 644
    share/dbus-1/services/org.gnomon.Gnomon.Tray.service 644
    share/dbus-1/services/org.gnomon.Gnomon.service 644
    share/dbus-1/system-services/org.gnomon.Helper1.service 644
    share/dbus-1/system.d/org.gnomon.Helper1.conf 644
    share/doc/gnomon/examples/gnomon.conf 644
    share/doc/gnomon/servers.LICENSE 644
    share/fish/vendor_completions.d/gnomon.fish 644
    share/glib-2.0/schemas/org.gnomon.Gnomon.gschema.xml 644
    share/gnome-shell/search-providers/org.gnomon.Gnomon.search-provider.ini 644
    share/icons/hicolor/scalable/apps/org.gnomon.Gnomon.svg 644
    share/icons/hicolor/symbolic/apps/gnomon-off-symbolic.svg 644
    share/icons/hicolor/symbolic/apps/gnomon-right-symbolic.svg 644
    share/icons/hicolor/symbolic/apps/org.gnomon.Gnomon-symbolic.svg 644
    share/man/man1/gnomon.1 644
    share/man/man5/gnomon.conf.5 644
    share/man/man8/gnomon-helper.8 644
    share/metainfo/org.gnomon.Gnomon.metainfo.xml 644
    share/polkit-1/actions/org.gnomon.helper.policy 644
    share/zsh/site-functions/_gnomon 644
"""


def main(build, prefix):
    if shutil.which("meson") is None:
        print("meson is not in the path")
        sys.exit(77)
    faults = []
    with tempfile.TemporaryDirectory() as destination:
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet",
                        "--destdir", destination], check=True)
        root = destination + prefix
        for name, mode in (line.split() for line in EXPECTED.strip().splitlines()):
            path = os.path.join(root, name)
            if not os.path.isfile(path):
                faults.append(f"{name} is missing")
            elif f"{stat.S_IMODE(os.stat(path).st_mode):o}" != mode:
                faults.append(f"{name} has the mode {stat.S_IMODE(os.stat(path).st_mode):o}")
        for folder, _folders, files in os.walk(destination):
            for name in files:
                if name.endswith((".a", ".h", ".in", ".pc")):
                    faults.append(f"{name} should not be installed")
        with open(os.path.join(root, "lib/systemd/system/gnomon-helper.service"),
                  encoding="utf-8") as unit:
            if f"ExecStart={prefix}/sbin/gnomon-helper " not in unit.read():
                faults.append("the unit starts another helper than the one installed")
    if faults:
        sys.exit("FAILED: " + "\n".join(faults))


if __name__ == "__main__":
    main(*sys.argv[1:])
