# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the losses of a trainer's log with PyTorch's stored ones: compare_losses.py LOG.jsonl STORED.json

Bounds (relative): step 1 within 1e-4 (f64: 1e-9); the last step within max(1e-3, 5 x PyTorch's own spread between 1 and 2 threads).
"""
import json
import pathlib
import sys

log, stored = sys.argv[1:]
events = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
losses = [event["loss"] for event in events if event["event"] == "step"]
peer = json.loads(pathlib.Path(stored).read_text())
expected = peer["losses"]
if len(losses) != len(expected):
    sys.exit(f"{len(losses)} steps in the log, {len(expected)} stored")
distances = [abs(ours - theirs) / abs(theirs) for ours, theirs in zip(losses, expected)]
bounds = {0: 1e-9 if peer["dtype"] == "torch.float64" else 1e-4, len(losses) - 1: max(1e-3, 5 * peer["spread"])}
for step, bound in bounds.items():
    print(f"step {step + 1}: loss {losses[step]:.9g}, PyTorch {expected[step]:.9g}, relative difference {distances[step]:.2g} (bound {bound:.2g})")
sys.exit(any(distances[step] > bound for step, bound in bounds.items()))
