# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints what the backward pass and the update of each layer cost by its forward pass: ratios.py < REPORT.csv"""
import collections
import csv
import sys

layers = collections.defaultdict(collections.Counter)
for row in csv.DictReader(sys.stdin):
    layers[row["layer"]][row["phase"]] += int(row["operations"])
for name, phases in layers.items():
    if phases["forward"]:
        print(f"{name}: backward {phases['backward'] / phases['forward']:.2f}, with update {(phases['backward'] + phases['optimizer']) / phases['forward']:.2f}")
