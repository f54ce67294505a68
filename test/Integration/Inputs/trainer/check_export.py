# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Evaluates what a trainer exports with ONNX Runtime (in f64, which it lacks, with onnx's own evaluator) and compares the
accuracies and losses with the trainer's: check_export.py TRAINER RECIPE DATA FOLDER [--first-batch]
With --first-batch the loss of step 1 is computed, too, from the exported initial weights and the order list."""
import json
import math
import pathlib
import subprocess
import sys

import dataset
import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

trainer, recipe, data, folder, *options = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)
recipe = json.loads(pathlib.Path(recipe).read_text())
train, test = dataset.load(data, recipe)
loss = recipe["loss"] if isinstance(recipe["loss"], dict) else {}
double = recipe.get("precision") == "f64"
tolerance = 1e-12 if double else 1e-5


class Gelu(OpRun):
    """As the standard says; the evaluator's own has constants in f32."""

    def _run(self, x, approximate=None):
        return (x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,)


def run(*options):
    result = subprocess.run([trainer, "--data", data, "--progress", "none", *map(str, options)], check=False, capture_output=True, text=True)
    assert result.returncode in (0, 1), (options, result)
    return result.stdout


def network(path):
    """The exported network as a function of normalized images."""
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.load(path)
    name, wanted = model.graph.input[0].name, np.float64 if double else np.float32
    if double:
        run = ReferenceEvaluator(model, new_ops=[Gelu]).run
    else:
        run = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run

    def logits(images):
        parts = [images[i : i + 1000] for i in range(0, len(images), 1000)]
        return np.concatenate([run(None, {name: part.astype(wanted)})[0] for part in parts]).astype(np.float64)

    return logits


def mean_loss(logits, labels):
    return dataset.cross_entropy(logits, labels, loss.get("label_smoothing", 0))[0].mean()


def assert_close(found, expected, what):
    assert abs(found - expected) <= tolerance * abs(expected), f"{what}: {found}, expected {expected}"


if "--first-batch" in options:
    run("--max-steps", "0", "--export", folder / "initial.onnx")
    run("--max-steps", "1", "--log", folder / "first.log", "--dump-order", folder / "first.csv")
    _, _, _, record, flip, dy, dx = np.loadtxt(folder / "first.csv", delimiter=",", dtype=np.int64, skiprows=1).T
    crop = next(step["crop"] for step in recipe["data"]["augment"] if "crop" in step)
    images = dataset.crop(dataset.flip(train.images(record), flip), dy, dx, crop["pad"], crop.get("mode"))
    expected = mean_loss(network(folder / "initial.onnx")(images), train.labels[record])
    found = json.loads((folder / "first.log").read_text().splitlines()[1])["loss"]
    assert_close(found, expected, "the loss of step 1")
    print(f"step 1: loss {found:.7g} agrees")

run("--log", folder / "log", "--export", folder / "trained.onnx")
events = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
last = next(event for event in reversed(events) if event["event"] == "eval")
logits, images = network(folder / "trained.onnx"), test.images(np.arange(len(test.labels)))
expected = {view: dataset.view(view, logits, images) for view in last["views"]}
for view, accuracy in last["views"].items():
    found = (expected[view].argmax(axis=1) == test.labels).mean()
    assert_close(accuracy, found, f"accuracy of {view}")
view = recipe.get("evaluate", {}).get("views", ["plain"])[-1]
assert last["accuracy"] == last["views"][view] == events[-1]["accuracy"], (last, events[-1])
assert_close(last["loss"], mean_loss(expected[view], test.labels), "loss of the evaluation")
print(f"export: {', '.join(f'{view} {100 * accuracy:.2f} %' for view, accuracy in last['views'].items())}, loss {last['loss']:.7g} agree")

printed = run("--evaluate", folder / "trained.onnx", "--log", folder / "evaluated.log")
again = json.loads((folder / "evaluated.log").read_text())
assert {key: again[key] for key in ("loss", "accuracy", "views")} == {key: last[key] for key in ("loss", "accuracy", "views")}, (again, last)
assert f"accuracy {100 * last['accuracy']:.2f} %" in printed, printed
print("--evaluate: the same")
