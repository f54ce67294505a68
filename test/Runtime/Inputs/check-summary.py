# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Computes the summary event of a log anew from its end and eval events."""
import json
import statistics
import sys

events = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
summary = events[-1]
ends = [event for event in events if event["event"] == "end"]
last = {event["seed"]: event for event in events if event["event"] == "eval"}
assert summary["event"] == "summary" and summary["seed"] == [event["seed"] for event in ends], summary
accuracies = [event["accuracy"] for event in ends]
assert abs(summary["mean"] - statistics.mean(accuracies)) < 1e-8, summary
assert abs(summary["deviation"] - statistics.stdev(accuracies)) < 1e-8, summary
for view, values in summary["views"].items():
    found = [last[seed]["views"][view] for seed in summary["seed"]]
    assert abs(values["mean"] - statistics.mean(found)) < 1e-8, summary
    assert abs(values["deviation"] - statistics.stdev(found)) < 1e-8, summary
print(f"summary of {summary['n']} is right")
