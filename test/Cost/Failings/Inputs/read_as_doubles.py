# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads a report as JavaScript would, every number as a double, and prints its totals: read_as_doubles.py REPORT.json"""
import json
import pathlib
import sys


def numbers(value):
    """The numbers that are not written as text, at any depth."""
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


report = json.loads(pathlib.Path(sys.argv[1]).read_text(), parse_int=float)
print("complexity", report["complexity"])
print("operations", report["operations"]["total"])
for layer in report["layers"]:
    print("layer", layer["name"], layer["operations"])
lost = [number for number in numbers(report) if number > 2**53]
print("lost:" if lost else "no number above 2^53 that is not text", *lost)
