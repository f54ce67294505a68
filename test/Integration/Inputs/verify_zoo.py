# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `tally cost --verify` for every network of the zoo with its recipe: verify_zoo.py FOLDER"""
import json
import pathlib
import subprocess
import sys

RECIPES = {"a16": "R0", "a32": "R1", "a64": "R2", "a256": "a256", "resnet20": "resnet20", "resnet9": "resnet9", "resnet18": "resnet18"}
folder = pathlib.Path(sys.argv[1])
failed = False
for network, recipe in RECIPES.items():
    model = folder / f"{network}.onnx"
    subprocess.run(["tally", "zoo", network, "-o", model], check=True)
    result = subprocess.run(["tally", "cost", model, "--recipe", recipe, "--format", "json", "--verify"], capture_output=True, text=True)
    if result.returncode:
        print(f"{network} {recipe}: status {result.returncode}\n{result.stderr}")
        failed = True
        continue
    report = json.loads(result.stdout)
    print(f"{network} {recipe}: equal, {report['parameters']['total']} parameters, {report['operations']['total']} operations")
sys.exit(failed)
