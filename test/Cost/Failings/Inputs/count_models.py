# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts the models of a folder that are written in the text form of ONNX, one call of each: count_models.py FOLDER

Prints "NAME: N operations: ..." for each NAME.txt, then its layers, as tally-opt does where the loops count the same; or, with its status, what the import refuses.
"""
import pathlib
import subprocess
import sys

import onnx.parser


def main():
    for text in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")):
        model = text.with_suffix(".onnx")
        onnx.save(onnx.parser.parse_model(text.read_text()), model)
        imported = subprocess.run(["tally-translate", "--import-onnx", "--locations", model], capture_output=True, text=True)
        if imported.returncode:
            print(f"{text.stem}: status {imported.returncode}\n{imported.stderr}", end="")
            continue
        passes = ["--simplify-graph", "--check-counts", "--count-cost=format=layers", "-o", "/dev/null"]
        counted = subprocess.run(["tally-opt", *passes], input=imported.stdout, capture_output=True, text=True, check=True)
        print(counted.stdout.replace("@main", text.stem), end="")


main()
