# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what two trainings of one description came to."""
import numpy as np

BOUND = 1e-9  # relative; of a tensor to the largest number by which training has moved it
# The same of graphs that may hold a GELU or HardSwish written out, with numbers like sqrt(2) as f32: the op that it is put together to has them exactly.
WRITTEN_OUT, ROUNDED_BOUND = {"Erf", "Tanh", "HardSigmoid", "Clip"}, 1e-6
LEAST_MOVE = 1e-6  # relative to the largest number of a tensor: below it the roundings of its numbers show


def relative(a, b):
    if a is None or b is None:
        return 0.0 if a is b else np.inf
    difference = abs(a - b) / max(abs(b), 1e-3)
    return difference if np.isfinite(difference) else np.inf


def bound_of(description):
    return ROUNDED_BOUND if WRITTEN_OUT & {node["op"] for node in description["nodes"]} else BOUND


def compare(ours, theirs, bound):
    """[(what, difference)] of what differs by more than the bound, the first to go wrong first."""
    rows = [(f"loss of step {step}", relative(a, b)) for step, (a, b) in enumerate(zip(ours["losses"], theirs["losses"], strict=True), 1)]
    for name, (initial, trained) in theirs["tensors"].items():
        found = ours["tensors"][name][1]
        if found.shape != trained.shape:
            rows.append((f"shape of {name}", np.inf))
            continue
        scale = max(np.abs(trained - initial).max(initial=0), LEAST_MOVE * max(np.abs(trained).max(initial=0), 1e-3))
        difference = np.abs(found - trained).max(initial=0) / scale
        rows.append((f"trained {name}", difference if np.isfinite(difference) else np.inf))
    if theirs["evaluation"] is not None:
        rows.append(("evaluation", relative(ours["evaluation"], theirs["evaluation"])))
    return [row for row in rows if not row[1] <= bound]


def summarize(figures):
    """The figures as little as they can be stored: of a tensor the sum of its moves, each times a number of its own, and the largest."""
    tensors = {}
    for name, (initial, trained) in figures["tensors"].items():
        moves = (trained - initial).ravel()
        scale = max(np.abs(moves).max(initial=0), LEAST_MOVE * max(np.abs(trained).max(initial=0), 1e-3))
        tensors[name] = [float(moves @ np.cos(np.arange(moves.size))), float(scale)]
    return {"losses": figures["losses"], "evaluation": figures["evaluation"], "tensors": tensors}


def compare_summaries(ours, theirs, bound):
    """The same of summaries."""
    rows = [(f"loss of step {step}", relative(a, b)) for step, (a, b) in enumerate(zip(ours["losses"], theirs["losses"], strict=True), 1)]
    rows += [(f"trained {name}", abs(ours["tensors"][name][0] - total) / scale) for name, (total, scale) in theirs["tensors"].items()]
    if theirs["evaluation"] is not None:
        rows.append(("evaluation", relative(ours["evaluation"], theirs["evaluation"])))
    return [row for row in rows if not row[1] <= bound]
