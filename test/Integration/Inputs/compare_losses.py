# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the losses of steps and evaluations of two logs, to 0.1 %: compare_losses.py A B"""
import json
import sys


def losses(path):
    return [event["loss"] for event in map(json.loads, open(path)) if event["event"] in ("step", "eval")]


a, b = map(losses, sys.argv[1:])
assert a and len(a) == len(b), (len(a), len(b))
for one, other in zip(a, b):
    assert abs(one - other) <= 1e-3 * abs(other), (one, other)
print(f"{len(a)} losses agree")
