# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says whether a trainer was made from the model and recipe of a report: same_source.py REPORT.json ABOUT"""
import json
import pathlib
import sys

report = json.loads(pathlib.Path(sys.argv[1]).read_text())
about = dict(line.split(":", 1) for line in pathlib.Path(sys.argv[2]).read_text().splitlines())
for key in ("model", "recipe"):
    print(key, "agrees" if about[key].strip() == report[f"{key}_sha256"] else "differs")
