#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""in-terminal.py ANSWER COMMAND…: runs a command in a terminal of its own and types ANSWER where a password is asked
for, "^C" being the key. Prints what the terminal showed, and ends as the command does. No more than 30 seconds.
"""

import os
import pty
import select
import sys
import termios
import time

PATIENCE = 30


def is_hidden(terminal):
    """Whether what is typed is not shown."""
    return not termios.tcgetattr(terminal)[3] & termios.ECHO


def main(answer, command):
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(command[0], command)
    keys = b"\x03" if answer == "^C" else answer.encode() + b"\n"
    shown, typed, deadline = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # The letters are hidden a moment after the question, and what is typed before that would be thrown away.
        if not typed and b"Password: " in shown and is_hidden(terminal):
            os.write(terminal, keys)
            typed = True
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # nobody has it open any more
            break
    else:
        os.kill(process, 9)
    sys.stdout.write(shown.decode().replace("\r\n", "\n"))
    if is_hidden(terminal):
        print("the terminal was left without echo")
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


sys.exit(main(sys.argv[1], sys.argv[2:]))
