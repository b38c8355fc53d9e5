# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands of the terminal against a helper that is made up. Needs a session bus of its own and no display.

The environment names GNOMON and CONTRACT.
"""

import os
import subprocess
import time
import unittest

import fake

COMMANDS = ("status", "sync", "wait", "sources", "server", "add", "remove", "diagnose", "history", "accept", "reject",
            "import")
OK, FAILED, USAGE, UNREACHABLE, NOT_ALLOWED = range(5)


def spawn(*arguments, directory=None, **environment):
    """A command without a display, running."""
    env = {**os.environ, "GNOMON_BUS": "session", "LANGUAGE": "C", **environment}
    env.pop("DISPLAY", None)
    env.pop("WAYLAND_DISPLAY", None)
    return subprocess.Popen([os.environ["GNOMON"], *arguments], env=env, cwd=directory, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*arguments, **environment):
    """The same to its end; its status, output and errors."""
    command = spawn(*arguments, **environment)
    try:
        output, errors = command.communicate(timeout=60)
    finally:
        command.kill()
    return subprocess.CompletedProcess(arguments, command.returncode, output, errors)


def wait_until(test, command):
    """Until test() is true, which command shall live to see."""
    deadline = time.monotonic() + 60
    while not test():
        assert command.poll() is None, command.communicate()
        assert time.monotonic() < deadline, "waited in vain"


class CommandsCase(unittest.TestCase):
    def start(self, state="synchronised"):
        self.fake = fake.Fake(state)
        self.addCleanup(self.fake.stop)
