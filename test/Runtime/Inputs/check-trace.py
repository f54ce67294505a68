# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads a trace as Perfetto and chrome://tracing do, and the table in it: check-trace.py TRACE
Prints the number of slices of each category, and whether slices nest, times add up and rows are sorted."""
import collections
import json
import pathlib
import sys

trace = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
tracks, names, last = collections.defaultdict(list), set(), -1.0
counts, times, kernels = collections.Counter(), collections.Counter(), collections.Counter()
for event in trace["traceEvents"]:
    assert isinstance(event["name"], str) and event["name"] and isinstance(event["pid"], int) and isinstance(event["tid"], int), event
    if event["ph"] == "M":
        names.add(event["name"])
        assert event["args"]["name"], event
        continue
    assert event["ph"] == "X" and event["ts"] >= last and event["dur"] >= 0, event
    last = event["ts"]
    # A slice lies inside of what is open on its track, or begins after it.
    track = tracks[event["pid"], event["tid"]]
    begin, end = round(1000 * event["ts"]), round(1000 * (event["ts"] + event["dur"]))
    while track and track[-1][1] <= begin:
        track.pop()
    assert not track or end <= track[-1][1], event
    inside = [category for category, _ in track]
    category = event["cat"]
    assert inside in ([], ["step"]) if category == "function" else inside[-1:] == (["function"] if category == "kernel" else []), event
    track.append((category, end))
    counts[category] += 1
    times[category, inside[0] if inside else ""] += event["dur"]
    if category == "kernel":
        assert event["args"].keys() == {"phase", "layer", "operations", "bytes"}, event
        kernels[event["name"]] += event["dur"]
assert names == {"process_name", "thread_name"}, names
print(" ".join(f"{category} {counts[category]}" for category in ("step", "function", "kernel")))

assert times["kernel", "step"] <= times["function", "step"] <= times["step", ""], times
rows = trace["kernels"]
assert sum(row["calls"] for row in rows) == counts["kernel"]
assert all(row["share"] >= 0 for row in rows)
assert sum(row["share"] for row in rows if row["part"] == "steps") <= 1
table = collections.Counter()
for row in rows:
    table[row["kernel"]] += 1000 * row["milliseconds"]
    for rate, amount in (("gflops", row["operations"]), ("gigabytes_per_second", row["bytes_read"] + row["bytes_written"])):
        assert abs(row[rate] * row["milliseconds"] * 1e6 - amount * row["calls"]) <= 1e-6 * amount * row["calls"], row
assert all(abs(table[name] - kernels[name]) < 1 for name in table | kernels), "the table and the trace differ"
parts = ["steps", "initialization", "evaluation"]
assert rows == sorted(rows, key=lambda row: (parts.index(row["part"]), -row["milliseconds"])), "not sorted"
print("slices nest, times add up, rows are sorted")
