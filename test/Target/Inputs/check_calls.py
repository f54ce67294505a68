# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the operations of a trainer's calls of kernels, times their executions, with the report: check_calls.py TRAINER REPORT.json [LOWERED.mlir]
What passes declared (surplus, avoided) is in the report, for -O3, or in the module that tally-opt lowered."""
import collections
import json
import pathlib
import re
import sys

content = pathlib.Path(sys.argv[1]).read_bytes()
manifest, _ = json.JSONDecoder().raw_decode(content[content.index(b'{"arena_bytes":'):].decode("utf-8", "replace"))
report = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))

trips = collections.Counter(manifest["initialize"])
for row in manifest["segments"]:
    for body in row["bodies"]:
        trips[body["function"]] += row["steps"] * body["times"]
for event in manifest["events"]:
    trips[event["function"]] += event["trips"]

outside = {"evaluation", "monitoring"}
executed, layers = 0, set()
for call in manifest["calls"]:
    origins = {(origin["phase"], origin["layer"]) for origin in call["layers"]}
    phases = {phase for phase, _ in origins}
    assert origins and len(origins) == len(call["layers"]), call
    assert not phases & outside or len(phases) == 1, call
    if call["operations"]:
        layers |= origins
    if not phases & outside:
        executed += call["operations"] * trips[call["function"]]

# All layers that the report charges, and no others.
charged = {(row["phase"], row["name"]) for row in report["layers"] if int(row["operations"])}
print("layers agree" if charged == layers else f"layers differ: {sorted(charged ^ layers)}")

if len(sys.argv) > 3:
    calls = collections.Counter((call["kernel"], call["function"]) for call in manifest["calls"])
    text = re.search(r"tally\.count_changes = \[(.*?\})\]", pathlib.Path(sys.argv[3]).read_text(encoding="utf-8")).group(1)
    changes = 0
    for change in re.findall(r"\{.*?\}", text):
        value = dict(re.findall(r'(\w+) = "(.*?)"', change))
        times = trips[value["body"]] + sum(number * trips[function] for (kernel, function), number in calls.items() if kernel == value["body"])
        if value["phase"] not in outside:
            changes += times * sum(int(number) for number in re.findall(r" (\d+)", value.get("surplus", "")))
            changes -= times * sum(int(number) for number in re.findall(r" (\d+)", value.get("avoided", "")))
else:
    changes = int(report["surplus"]["total"]) - int(report["avoided"]["total"])
expected = int(report["operations"]["total"]) + changes
print(f"operations agree: {changes:+} beside those of the report" if executed == expected else f"executed {executed}, expected {expected}")
