# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_report.py RUN.json EPOCH.json STEP.json: every split of a report adds up to its total, and run, epoch and step to each other.

The recipe has to do the same in every epoch, and in every step but the last of an epoch.
"""
import json
import sys

run, epoch, step = (json.load(open(file)) for file in sys.argv[1:])
beside = ("evaluation", "monitoring")

for report in (run, epoch, step):
    total = int(report["operations"]["total"])
    layers = [layer for layer in report["layers"] if layer["phase"] not in beside]
    splits = {
        "phases": sum(int(n) for key, n in report["operations"].items() if key != "total"),
        "by_op": sum(int(n) for n in report["by_op"].values()),
        "by_kind": sum(int(n) for n in report["by_kind"].values()),
        "by_type": sum(int(n) for n in report["by_type"].values()),
        "layers": sum(int(layer["operations"]) for layer in layers),
        "kinds of layers": sum(int(n) for layer in layers for n in layer["by_kind"].values()),
        "types of layers": sum(int(n) for layer in layers for n in layer["by_type"].values()),
    }
    for name, number in splits.items():
        assert number == total, f"{report['reported']}: {name}: {number} is not {total}"
    assert sum(int(layer["bytes_moved"]) for layer in report["layers"]) == int(report["bytes_moved"])
    groups = report["parameter_groups"]
    assert sum(int(group["elements"]) for group in groups) == int(report["parameters"]["total"])
    assert sum(int(group["frozen"]) for group in groups) == int(report["parameters"]["frozen"])

epochs = run["steps"] // epoch["reported"]["steps"]
assert run["steps"] == epochs * epoch["reported"]["steps"]
for key in ("data", "forward", "loss", "backward", "optimizer", "averaging"):
    assert int(run["operations"][key]) == epochs * int(epoch["operations"][key]), key
assert int(run["evaluation"]) == epochs * int(epoch["evaluation"]) and int(epoch["evaluation"]) > 0
for key in ("forward", "loss", "backward", "optimizer"):
    last = next(segment for segment in run["segments"] if segment["steps"] == 1)["per_step"]
    assert int(epoch["operations"][key]) == (epoch["reported"]["steps"] - 1) * int(step["operations"][key]) + int(last[key]), key
print(f"{len(run['layers'])} rows add up")
