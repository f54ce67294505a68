# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares trainers of the linear network with numpy: every event, every draw, the weights before and after.
check_linear.py DATA FOLDER -O3|-O0 [RECIPE...]"""
import json
import pathlib
import subprocess
import sys

import networks
import numpy as np
import onnx
import recipes
from linear_run import LinearRun
from onnx import numpy_helper

data, folder, level, *names = sys.argv[1:]
folder = pathlib.Path(folder)


def run(command, **options):
    result = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True, **options)
    assert result.returncode == 0, (command, result)
    return result.stdout


def weights(path):
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}


def assert_close(found, expected, what, tolerance=1e-9):
    scale = np.abs(expected).max()
    assert found.shape == expected.shape and found.dtype == np.float64, (what, found.shape, found.dtype)
    assert np.abs(found - expected).max() <= tolerance * scale, f"{what}: {np.abs(found - expected).max()} of {scale}"


def check(name, recipe):
    classes = {"cifar10": 10, "cifar100": 20 if recipe["data"].get("labels") == "coarse" else 100}[recipe["data"].get("name", "cifar10")]
    place = folder / f"{name}{level}"
    place.mkdir(parents=True)
    model, trainer = place / "model.onnx", place / "trainer"
    onnx.save(networks.linear(classes), model)
    (place / "recipe.yaml").write_text(json.dumps(recipe))
    run(["tally", "build", model, "--recipe", place / "recipe.yaml", "-o", trainer, level])
    common = [trainer, "--data", data, "--progress", "none"]
    run([*common, "--max-steps", "0", "--export", place / "initial.onnx"])
    run([*common, "--log", place / "log", "--export", place / "trained.onnx", "--dump-order", place / "order.csv"])

    start = weights(model)
    expected = LinearRun(recipe, data, start["head.weight"], start["head.bias"])
    initial, trained = weights(place / "initial.onnx"), weights(place / "trained.onnx")
    for tensor in expected.values:
        assert_close(initial[tensor], expected.initial[tensor], f"{name}: initial {tensor}", 1e-15)
        assert_close(trained[tensor], expected.average[tensor], f"{name}: trained {tensor}")
    order = np.loadtxt(place / "order.csv", delimiter=",", dtype=np.int64, skiprows=1)
    assert np.array_equal(order, np.array(expected.order)), f"{name}: the order lists differ"
    events = [json.loads(line) for line in (place / "log").read_text().splitlines()]
    assert events[0]["event"] == "start" and events[-1]["event"] == "end", name
    assert len(events) == len(expected.events) + 2, (name, len(events), len(expected.events))
    worst = 0
    for found, wanted in zip(events[1:], expected.events):
        for key, value in wanted.items():
            if key in ("loss", "lr"):
                difference = abs(found[key] - value) / abs(value)
                worst = max(worst, difference)
                assert difference <= 1e-9, (name, found, wanted)
            else:
                assert found[key] == value, (name, found, wanted)
    assert events[-1]["accuracy"] == expected.events[-1]["accuracy"] and events[-1]["step"] == expected.steps, events[-1]
    print(f"{name} {level}: {len(expected.events)} events, {len(order)} draws, {len(trained)} tensors agree; worst {worst:.1e}")


for name in names or recipes.LINEAR:
    check(name, recipes.LINEAR[name])
