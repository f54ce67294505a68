# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One wish to stop that arrives twice, as from `timeout`, still saves; a second wish ends the process at once.
two-signals.py TRAINER DATA FOLDER"""
import os
import pathlib
import signal
import subprocess
import sys
import time

trainer, data, folder = sys.argv[1:]


def stop(pause, step_seconds):
    """Exit status, and whether a checkpoint came of it, when SIGTERM comes twice during a step."""
    place = pathlib.Path(folder) / f"{pause}"
    process = subprocess.Popen([trainer, "--data", data, "--log", place.with_suffix(".log"), "--checkpoint", place, "--progress", "none"],
                               env={**os.environ, "TALLY_FAKE_STEP_US": str(int(step_seconds * 1e6))}, stderr=subprocess.DEVNULL)
    while not (place.with_suffix(".log").exists() and '"start"' in place.with_suffix(".log").read_text()):
        time.sleep(0.01)
    time.sleep(0.4)  # now the first step runs
    begin = time.monotonic()
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(pause)
    status = process.wait()
    return status, (place / "checkpoint.seed1.safetensors").exists(), time.monotonic() - begin


status, saved, _ = stop(0.05, 2)
assert status == 128 + signal.SIGTERM and saved, (status, saved)
status, saved, seconds = stop(1.2, 30)
assert status == 128 + signal.SIGTERM and not saved and seconds < 20, (status, saved, seconds)
print("twice at once: saved; again after a second: ended")
