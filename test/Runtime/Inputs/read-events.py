# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads event files with PyPI's tensorboard and compares them with the log of the same run: read-events.py LOG DIR [SEED...]"""
import json
import math
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

log, folder, *seeds = sys.argv[1:]
events = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
compared = 0
for seed in map(int, seeds or ["1"]):
    board = EventAccumulator(f"{folder}/seed{seed}", size_guidance={"scalars": 0}).Reload()
    expected = {}
    for event in events:
        if event.get("seed") != seed or event["event"] not in ("step", "eval"):
            continue
        scalars = {"train/loss": event["loss"], "train/lr": event.get("lr")} if event["event"] == "step" else {
            "eval/loss": event["loss"], **{f"eval/accuracy/{view}": value for view, value in event["views"].items()}}
        for tag, value in scalars.items():
            expected.setdefault(tag, []).append((event["step"], value))
    assert set(board.Tags()["scalars"]) == {*expected, "train/images_per_second"}, board.Tags()
    for tag, points in expected.items():
        found = [(point.step, point.value) for point in board.Scalars(tag)]
        assert [step for step, _ in found] == [step for step, _ in points], (tag, found, points)
        assert all(math.isclose(a, b, rel_tol=1e-6) for (_, a), (_, b) in zip(found, points)), (tag, found, points)
        compared += len(points)
assert compared
print(f"{compared} points agree")
