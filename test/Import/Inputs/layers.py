# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Costs of nested-*.onnx in the current folder, as NAME.onnx.json and NAME.onnx.messages; compares them, and lists the layers."""
import json
import pathlib
import subprocess

first, *others = sorted(pathlib.Path().glob("nested-*.onnx"), key=lambda path: (path.stem != "nested-dynamo-train-raw", path.stem))
for path in (first, *others):
    with open(f"{path}.messages", "w") as messages:
        subprocess.run(["tally", "cost", path, "--recipe", "recipe.yaml", "--format", "json", "-o", f"{path}.json"], stderr=messages, check=True)
for path in others:
    if path.stem != "nested-legacy-eval-opt":
        subprocess.run(["tally", "compare", f"{first}.json", f"{path}.json"], check=True)
print("names:", *sorted({layer["name"] for layer in json.loads(pathlib.Path(f"{first}.json").read_text())["layers"]}))
