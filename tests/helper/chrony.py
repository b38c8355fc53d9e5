# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's chronyd, unpacked into the build directory (CACHE): never installed, and never with
control of a clock."""

import glob
import os
import re
import subprocess
import tempfile

import harness

CACHE = os.environ.get("CACHE", tempfile.gettempdir())

LIBRARIES = {"libgnutls": "libgnutls30", "libnettle": "libnettle8", "libhogweed": "libhogweed6",
             "libseccomp": "libseccomp2", "libedit": "libedit2", "libcap": "libcap2"}


def download(package, directory):
    """Unpacks a Debian package below directory/root; installs nothing."""
    try:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=directory, check=True,
                       timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        harness.skip(f"the package {package} cannot be downloaded")
    for archive in glob.glob(os.path.join(directory, package + "_*.deb")):
        subprocess.run(["dpkg", "-x", archive, os.path.join(directory, "root")], check=True)


def missing_libraries(program, environment):
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, env=environment,
                            check=True)
    return re.findall(r"(\S+) => not found", listed.stdout)


def find_chronyd():
    """The program, and an environment in which it finds its libraries."""
    directory = os.path.join(CACHE, "chrony")
    program = os.path.join(directory, "root/usr/sbin/chronyd")
    os.makedirs(directory, exist_ok=True)
    if not os.path.exists(program):
        download("chrony", directory)
    libraries = glob.glob(os.path.join(directory, "root/usr/lib/*-linux-gnu"))
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(libraries)}
    for library in missing_libraries(program, environment):
        package = LIBRARIES.get(library.split(".")[0])
        if package is None:
            harness.skip(f"chronyd needs {library}")
        download(package, directory)
    return program, environment
