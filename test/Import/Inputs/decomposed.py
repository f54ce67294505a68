# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says of each model in a folder what a step of training costs, and requires that it computes what ONNX Runtime computes in inference:
decomposed.py FOLDER RECIPE."""
import json
import pathlib
import subprocess
import sys


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout


folder, recipe = map(pathlib.Path, sys.argv[1:])
values = pathlib.Path(__file__).with_name("compare_values.py")
for model in sorted(folder.glob("*.onnx")):
    report = json.loads(run("tally", "cost", model, "--recipe", recipe, "--format", "json"))
    graph = model.with_suffix(".mlir")
    graph.write_text(run(sys.executable, values, model))
    run("tally-check-op", graph)
    parameters, operations = report["parameters"]["trained"], report["segments"][0]["per_step"]["total"]
    print(f"{model.stem}: {parameters} parameters, {operations} operations, values agree")
