# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a trainer and sends it SIGTERM a second after its start; exits as a shell would say it: terminate.py TRAINER [ARGUMENT...]"""
import subprocess
import sys
import time

process = subprocess.Popen(sys.argv[1:])
time.sleep(1)
process.terminate()
status = process.wait()
sys.exit(status if status >= 0 else 128 - status)
