# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command whose stderr is a terminal and prints what came there, one drawing a line."""
import os
import pty
import subprocess
import sys
import termios

ours, theirs = pty.openpty()
termios.tcsetwinsize(theirs, (24, 120))
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=theirs)
os.close(theirs)
text = b""
try:
    while chunk := os.read(ours, 4096):
        text += chunk
except OSError:  # how a terminal says that its other end was closed
    pass
assert process.wait() == 0
print(text.decode().replace("\r", "\n").replace("\x1b[K", ""))
