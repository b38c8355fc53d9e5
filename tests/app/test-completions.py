#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shells offer when a word of gnomon's command line is completed. See commands.py.

The environment names the folder of the completions: COMPLETIONS.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from commands import COMMANDS, UNREACHABLE, CommandsCase, run  # noqa: E402

FILES = os.environ["COMPLETIONS"]
BASH = os.path.join(FILES, "gnomon.bash")
SCRIPT = """source "$1"; shift
COMP_WORDS=(gnomon "$@"); COMP_CWORD=$#
_gnomon 2>&1
printf '%s\\n' "${COMPREPLY[@]}"
"""


class CompletionsTest(CommandsCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gnomon-")
        self.addCleanup(folder.cleanup)
        os.symlink(os.environ["GNOMON"], os.path.join(folder.name, "gnomon"))
        self.environment = {**os.environ, "GNOMON_BUS": "session",
                            "PATH": folder.name + os.pathsep + os.environ["PATH"]}

    def complete(self, *words, directory=None):
        """What bash offers for the last of the words."""
        done = subprocess.run(["bash", "--norc", "-c", SCRIPT, "bash", BASH, *words], env=self.environment,
                              cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              check=True)
        self.assertEqual(done.stderr, "")
        return sorted(line for line in done.stdout.splitlines() if line)

    @staticmethod
    def options(*arguments):
        """The options that the program itself tells."""
        return set(re.findall(r"^ .*?(--[a-z-]+)", run(*arguments, "--help").stdout, re.MULTILINE)) \
            - {"--help-all", "--help-gapplication"}

    def test_bash_knows_all_commands(self):
        self.assertEqual(self.complete(""), sorted(COMMANDS))
        self.assertEqual(self.complete("s"), ["server", "sources", "status", "sync"])
        self.assertEqual(self.complete("--json", "hi"), ["history"])

    def test_all_shells_know_all_options(self):
        with open(os.path.join(FILES, "_gnomon"), encoding="utf-8") as file:
            zsh = file.read()
        with open(os.path.join(FILES, "gnomon.fish"), encoding="utf-8") as file:
            fish = file.read()
        for command in ((), *((name,) for name in COMMANDS)):
            expected = self.options(*command)
            self.assertEqual({option.rstrip("=") for option in self.complete(*command, "--")}, expected, command)
            for option in expected:
                self.assertRegex(zsh, f"'{option}[=[]")
                self.assertRegex(fish, f"(?m)^complete -c gnomon .*-l {option[2:]}( |$)")
        for name in COMMANDS:
            self.assertRegex(zsh, f"(?m)^ +'{name}:")
            self.assertRegex(fish, f"(?m)^complete -c gnomon .* -a {name} ")

    def test_bash_knows_the_servers(self):
        self.start()
        hosts = ["nts.netnod.se", "ptbtime1.ptb.de", "ptbtime2.ptb.de"]
        for command in ("server", "remove", "diagnose"):
            self.assertEqual(self.complete(command, ""), hosts)
            self.assertEqual(self.complete(command, "--json", "p"), hosts[1:])
        self.assertEqual(self.complete("status", ""), [])
        self.assertEqual(self.fake.calls(), [])

    def test_bash_knows_values_and_files(self):
        self.assertEqual(self.complete("add", "--accept", "=", "k"), ["key"])
        self.assertEqual(self.complete("add", "--accept", "="), ["any", "issuer", "key"])
        self.assertEqual(self.complete("add", "--port", "="), [])
        with tempfile.TemporaryDirectory(prefix="gnomon-") as folder:
            for name in ("chrony.conf", "ntp.conf"):
                with open(os.path.join(folder, name), "w", encoding="utf-8"):
                    pass
            self.assertEqual(self.complete("import", "c", directory=folder), ["chrony.conf"])
            self.assertEqual(self.complete("add", "--ca", "=", "n", directory=folder), ["ntp.conf"])
            self.assertEqual(self.complete("import", "--root", "=", directory=folder), [])

    def test_no_service_is_started(self):
        """Where the bus could start one, and where there is none."""
        with tempfile.TemporaryDirectory(prefix="gnomon-") as folder:
            trace = os.path.join(folder, "started")
            os.makedirs(os.path.join(folder, "dbus-1/services"))
            with open(os.path.join(folder, "dbus-1/services/org.gnomon.Helper1.service"), "w",
                      encoding="utf-8") as file:
                file.write(f"[D-BUS Service]\nName=org.gnomon.Helper1\nExec=/bin/sh -c 'echo > {trace}; exit 1'\n")
            script = "gnomon sources --json --no-start; echo $?; gnomon sources --json; echo $?"
            done = subprocess.run(["dbus-run-session", "--", "sh", "-c", script],
                                  env={**self.environment, "XDG_DATA_DIRS": folder, "XDG_DATA_HOME": folder},
                                  capture_output=True, text=True, timeout=60, check=True)
            self.assertEqual(re.findall(r"(?m)^\d$", done.stdout), [str(UNREACHABLE)] * 2, done)
            self.assertTrue(os.path.exists(trace), "the bus starts nothing, so this shows nothing")
            os.unlink(trace)
            subprocess.run(["dbus-run-session", "--", "gnomon", "sources", "--no-start"],
                           env={**self.environment, "XDG_DATA_DIRS": folder, "XDG_DATA_HOME": folder},
                           capture_output=True, timeout=60, check=False)
            self.assertFalse(os.path.exists(trace))

    def check_syntax(self, shell, *arguments):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")
        subprocess.run([shell, *arguments], check=True, timeout=60)

    def test_syntax_of_bash(self):
        self.check_syntax("bash", "-n", BASH)

    def test_syntax_of_zsh(self):
        self.check_syntax("zsh", "-n", os.path.join(FILES, "_gnomon"))

    def test_syntax_of_fish(self):
        self.check_syntax("fish", "--no-execute", os.path.join(FILES, "gnomon.fish"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
