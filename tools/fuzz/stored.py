# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains stored descriptions with Tally and compares with the stored figures of PyTorch: stored.py FILE FOLDER [OPTIONS]

Needs no PyTorch; fuzz.py store has made FILE. Status 1: something differs."""
import argparse
import json
import pathlib
import sys

import figures
import tally_side


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--level", default="O0", choices=["O0", "O3"])
    parser.add_argument("--first", type=int, help="only so many of them")
    parser.add_argument("--spoil", action="store_true", help="one number of each model is off by 1e-6, to see that this is found")
    options = parser.parse_args()
    rows = json.loads(options.file.read_text())[: options.first]
    agree = 0
    for row in rows:
        description = row["description"]
        try:
            ours = tally_side.train(description, options.folder, options.level, options.spoil)
            wrong = figures.compare_summaries(figures.summarize(ours), row["figures"], figures.bound_of(row["description"]))
        except (tally_side.Refused, tally_side.Broken) as error:
            wrong = [(str(error), 0.0)]
        agree += not wrong
        for what, difference in wrong[:3]:
            print(f"seed {description['seed']}: {what}: difference {difference:.2g}")
    print(f"{agree} of {len(rows)} graphs agree with PyTorch's figures")
    sys.exit(agree != len(rows))


main()
