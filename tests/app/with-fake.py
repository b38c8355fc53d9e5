#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program beside the fake helper, on a session bus of its own: with-fake.py STATE PROGRAM…

The environment names the contract: CONTRACT.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import fake  # noqa: E402

if __name__ == "__main__":
    with fake.Fake(sys.argv[1]):
        sys.exit(subprocess.run(sys.argv[2:], check=False).returncode)
