# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains a description with Tally: writes model, recipe and data, builds the program, runs it and reads what it came to."""
import json
import subprocess

import numpy as np
import onnx
import onnx_form
from description import images_and_labels, initial_value, recipe_text
from onnx import numpy_helper


class Refused(Exception):
    """Tally says that it does not support the model (status 1 of tally check)."""


class Broken(Exception):
    """A program ended as it should not."""


def write(description, folder, spoil=False):
    """model.onnx, recipe.yaml and data of a description. spoil: a number of the weight nearest to the logits is wrong by 1e-6."""
    folder.mkdir(parents=True, exist_ok=True)
    spoiled = next(name for node in reversed(description["nodes"]) for name in node["in"] if name in description["params"])

    def value_of(name):
        value = initial_value(description, name)
        if spoil and name == spoiled:
            value.flat[0] *= 1 + 1e-6
        return value

    if description.get("exporter") == "torch":
        import torch_export
        torch_export.write(description, folder / "model.onnx")
    else:
        onnx_form.write(description, folder / "model.onnx", value_of)
    (folder / "recipe.yaml").write_text(recipe_text(description))
    for half in ("train", "test"):
        images, labels = images_and_labels(description, half)
        np.save(folder / f"{half}_images.npy", images)
        np.save(folder / f"{half}_labels.npy", labels)


def call(*command, refusing=False):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode == 1 and refusing:
        raise Refused(done.stderr.strip())
    if done.returncode:
        raise Broken(f"{command[0]} ended with status {done.returncode}: {done.stderr.strip()[-2000:]}")


def train(description, folder, level="O0", spoil=False):
    """The figures, as those of torch_side.train."""
    write(description, folder, spoil)
    (folder / "trained.onnx").unlink(missing_ok=True)
    call("tally", "build", folder / "model.onnx", "--recipe", folder / "recipe.yaml", "-o", folder / "trainer", f"-{level}",
         "--progress", "none", refusing=True)
    call(folder / "trainer", "--data", folder, "--progress", "none", "--threads", 1, "--overwrite", "--log", folder / "log.jsonl",
         "--export", folder / "trained.onnx")
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    trained = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(folder / "trained.onnx").graph.initializer}
    tensors = {name: (initial_value(description, name), trained[name].astype(np.float64)) for name in description["params"]}
    return {"losses": [event["loss"] for event in events if event["event"] == "step"],
            "evaluation": next(event["loss"] for event in events if event["event"] == "eval"), "tensors": tensors}
