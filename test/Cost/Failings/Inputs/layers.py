# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the rows of a report that compute something, then what backward pass and update of each layer cost by its forward pass: layers.py < REPORT.csv"""
import collections
import csv
import sys

layers = collections.defaultdict(collections.Counter)
for row in csv.DictReader(sys.stdin):
    number = int(row["operations"])
    layers[row["layer"]][row["phase"]] += number
    if number:
        print(row["phase"], row["layer"], row["op"], number)
for name, phases in layers.items():
    if phases["forward"]:
        print(f"{name}: backward {phases['backward'] / phases['forward']:.2f}, with update {(phases['backward'] + phases['optimizer']) / phases['forward']:.2f}")
