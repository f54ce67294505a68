# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A training graph as plain data: what it computes, its initial values, its images and its recipe; no PyTorch here.

A description is a dictionary that JSON can hold:
  seed, opset; batch, shape [C, H, W], classes; type: double or float, the element type of the ONNX file
  constants: initializer or node, how the file holds numbers; batch_form: symbolic or static, how it says the batch size
  exporter: torch, where torch.onnx.export writes the file; opset and the two keys above say nothing then
  params:  name -> {shape, low, high, statistic?}: values drawn from [low, high), rounded to f32; `statistic`: running ones, not trained
  numbers: name -> a number of one element that is not trained
  nodes:   [{op, in, out, a}] in order: an ONNX op with the attributes of its newest form, where what ONNX takes as an input but is known
           (axes, shape, pads, ...) is an attribute, and `_...` what only PyTorch is told; the graph's input is `x`, its output `logits`
  recipe:  keys of a recipe that are not the same for all: optimizer, running_variance, partial (the last batch has an image less)
"""
import json
import zlib

import numpy as np

STEPS = 3


def generator(description, name):
    """Random numbers of one tensor: the same whatever else the graph has."""
    return np.random.default_rng([description["seed"], zlib.crc32(name.encode())])


def initial_value(description, name):
    """f64 array of f32 values."""
    param = description["params"][name]
    drawn = generator(description, name).uniform(param["low"], param["high"], param["shape"])
    return drawn.astype(np.float32).astype(np.float64)


def train_images(description):
    return STEPS * description["batch"] - description["recipe"].get("partial", 0)


def images_and_labels(description, half):
    """Images [N, C, H, W] of bytes and their labels [N]; the test images do not fill their last batch."""
    count = train_images(description) if half == "train" else 2 * description["batch"] - 1
    random = generator(description, f"{half} images")
    return random.integers(0, 256, (count, *description["shape"]), np.uint8), random.integers(0, description["classes"], count)


def recipe_text(description):
    """The recipe as YAML (JSON is YAML)."""
    channels = description["shape"][0]
    given = description["recipe"]
    recipe = {"loss": {"name": "cross_entropy", "label_smoothing": given.get("label_smoothing", 0)}, "optimizer": given["optimizer"],
              "steps": STEPS, "batch_size": description["batch"], "shuffle": False,
              "precision": "model" if description["type"] == "double" else "f64",
              "data": {"shape": description["shape"], "classes": description["classes"], "format": "npy",
                       "train_images": train_images(description), "test_images": 2 * description["batch"] - 1,
                       "normalize": {"mean": [0.5] * channels, "std": [0.25] * channels}}}
    if "running_variance" in given:
        recipe["batch_norm"] = {"running_variance": given["running_variance"]}
    return json.dumps(recipe) + "\n"


def prune(description):
    """Without the nodes, parameters and numbers that the logits do not need."""
    needed, nodes = {"logits"}, []
    for node in reversed(description["nodes"]):
        if needed.intersection(node["out"]):
            needed.update(node["in"])
            nodes.append(node)
    return {**description, "nodes": nodes[::-1],
            **{key: {name: value for name, value in description[key].items() if name in needed} for key in ("params", "numbers")}}


def dump(description, path):
    """One node a line, for readers."""
    lines = []
    for key, value in description.items():
        if isinstance(value, (list, dict)) and key in ("nodes", "params"):
            items = [json.dumps(item) for item in value] if isinstance(value, list) else \
                [f"{json.dumps(name)}: {json.dumps(item)}" for name, item in value.items()]
            opening, closing = "[]" if isinstance(value, list) else "{}"
            lines.append(f'"{key}": {opening}' + ",".join(f"\n  {item}" for item in items) + closing)
        else:
            lines.append(f'"{key}": {json.dumps(value)}')
    path.write_text("{" + ",\n ".join(lines) + "}\n")
