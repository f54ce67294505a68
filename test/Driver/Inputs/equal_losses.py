# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails unless the losses of all steps and evaluations of several logs agree: equal_losses.py TOLERANCE LOG LOG..."""
import json
import pathlib
import sys

tolerance = float(sys.argv[1])
logs = [[json.loads(line) for line in pathlib.Path(path).read_text().splitlines()] for path in sys.argv[2:]]
losses = [[event["loss"] for event in log if event["event"] in ("step", "eval")] for log in logs]
assert len(logs) > 1 and losses[0] and all(len(other) == len(losses[0]) for other in losses), "different numbers of steps, or none"
for other in losses[1:]:
    worst = max(abs(a - b) / abs(a) for a, b in zip(losses[0], other))
    assert worst <= tolerance, f"losses differ by {worst}"
