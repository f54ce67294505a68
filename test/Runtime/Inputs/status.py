# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command and fails unless it exits with the given status: status.py STATUS COMMAND..."""
import subprocess
import sys

result = subprocess.run(sys.argv[2:], check=False)
if result.returncode != int(sys.argv[1]):
    sys.exit(f"expected status {sys.argv[1]}, got {result.returncode}: {' '.join(sys.argv[2:])}")
