# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_forms.py FORMS.json COUNTS.json: a form of `tally cost --symbolic` gives each count of `tally cost --vary`."""
import json
import sys

forms = {row["number"]: row["form"] for row in json.load(open(sys.argv[1]))}
counts = json.load(open(sys.argv[2]))
for row in counts:
    values = {key: int(row[key]) for key in ("epochs", "image_size")}
    for number in ("parameters", "forward", "loss", "backward", "optimizer", "operations", "complexity"):
        value = eval(forms[number].replace(",", "").replace("^", "**"), values)
        assert value == int(row[number]), f"{number} = {forms[number]} gives {value} for {values}, not {row[number]}"
print(f"{len(counts)} counts are those of the form")
