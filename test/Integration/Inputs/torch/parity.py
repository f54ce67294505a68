# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains a network with a recipe of this folder and compares with PyTorch's stored figures: parity.py NETWORK RECIPE FOLDER [BUILD OPTIONS]

tools/scripts/compare-torch makes the figures. Bounds (relative): the loss of step 1 within 1e-4, of the last step within
max(1e-3, 5 x PyTorch's own spread between 1 and 2 threads). In f64 every loss, the evaluation and the trained weights within 1e-9.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from onnx import numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
EXACT = 1e-9


def call(*arguments):
    subprocess.run([str(argument) for argument in arguments], check=True)


def make_model(network, path):
    """A network of the zoo, or one that a script of this folder makes."""
    if (HERE / f"{network}.py").exists():
        call(sys.executable, HERE / f"{network}.py", path)
    else:
        call("tally", "zoo", network, "-o", path)


def train(network, recipe, folder, *options):
    """Builds and runs; leaves initial.onnx, trained.onnx, order.csv and log.jsonl in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    call(sys.executable, ROOT / "tools/scripts/make-synthetic-cifar", folder, "--train", 160, "--test", 40)
    make_model(network, folder / "model.onnx")
    call("tally", "build", folder / "model.onnx", "--recipe", HERE / f"recipes/{recipe}.yaml", "-o", folder / "trainer", *options)
    trainer = [folder / "trainer", "--data", folder, "--progress", "none"]
    call(*trainer, "--max-steps", 0, "--export", folder / "initial.onnx")
    call(*trainer, "--log", folder / "log.jsonl", "--dump-order", folder / "order.csv", "--export", folder / "trained.onnx")


def difference(ours, theirs):
    """The largest difference, relative to the largest of their values."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    assert ours.shape == theirs.shape, f"{ours.shape} values, {theirs.shape} are stored"
    return float(np.abs(ours - theirs).max() / (np.abs(theirs).max() or 1))


def compare(folder, peer):
    """Rows (what, difference, bound) of a run of train() and PyTorch's figures."""
    events = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    losses = [event["loss"] for event in events if event["event"] == "step"]
    steps = [difference([a], [b]) for a, b in zip(losses, peer["losses"], strict=True)]
    if peer["dtype"] == "torch.float32":
        return [("loss of step 1", steps[0], 1e-4), (f"loss of step {len(steps)}", steps[-1], max(1e-3, 5 * peer["spread"]))]
    rows = [(f"loss of step {step}", value, EXACT) for step, value in enumerate(steps, start=1)]
    evaluation = next(event for event in reversed(events) if event["event"] == "eval")
    views = peer["views"]
    rows += [(f"accuracy of {view}", abs(value - views[view]["accuracy"]), EXACT) for view, value in evaluation["views"].items()]
    rows.append(("loss of the evaluation", difference([evaluation["loss"]], [views[list(evaluation["views"])[-1]]["loss"]]), EXACT))
    trained = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(folder / "trained.onnx").graph.initializer}
    return rows + [(f"trained {name}", difference(trained[name].flatten(), values), EXACT) for name, values in peer.get("weights", {}).items()]


def main():
    network, recipe, folder, *options = sys.argv[1:]
    folder = pathlib.Path(folder)
    train(network, recipe, folder, *options)
    rows = compare(folder, json.loads((HERE / f"figures/{network}-{recipe}.json").read_text()))
    wrong = [f"{what}: difference {value:.2g}, bound {bound:.2g}" for what, value, bound in rows if not value <= bound]
    worst = max(rows, key=lambda row: row[1])
    print(f"{network} {recipe}: {len(rows)} figures, the largest difference is {worst[1]:.2g} ({worst[0]})")
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
