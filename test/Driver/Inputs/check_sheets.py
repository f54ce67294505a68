# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_sheets.py RUN.csv LAYERS.csv: the one row of RUN is the sum of the rows by phase, layer and op."""
import csv
import sys

with open(sys.argv[1], encoding="utf-8") as run, open(sys.argv[2], encoding="utf-8") as layers:
    (row,), rows = list(csv.DictReader(run)), list(csv.DictReader(layers))


def total(column, *phases):
    return sum(int(layer[column]) for layer in rows if layer["phase"] in phases)


trained = {layer["phase"] for layer in rows} - {"evaluation", "monitoring"}
assert int(row["parameters"]) == total("parameters", *trained)
assert int(row["operations"]) == total("operations", *trained)
assert int(row["complexity"]) == int(row["parameters"]) + int(row["operations"])
for phase in ("forward", "loss", "backward", "optimizer"):
    assert int(row[phase]) == total("operations", phase), phase
print("the rows of layers add up to the row of the run")
