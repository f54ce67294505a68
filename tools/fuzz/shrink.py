# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a description that fails smaller, as long as it fails in the same way."""
import copy
import math

import torch
from description import images_and_labels, prune
from torch_side import Network, normalized

# Keys of a description, and of its recipe, that are simpler otherwise.
SIMPLER = {"constants": "initializer", "batch_form": "symbolic", "type": "double", "opset": 21, "batch": 2}
SIMPLEST_OPTIMIZER = {"name": "sgd", "lr": 0.1}


def shapes_of(description):
    """Shapes of all values, without the batch; None where they are not of floats or have no batch."""
    network = Network(description)
    shapes = {}
    record = network.disturb

    def recording(result):
        order.append(result)
        return record(result)

    order, network.disturb = [], recording
    images, _ = images_and_labels(description, "train")
    batch = description["batch"]
    with torch.no_grad():
        network(normalized(images[:batch]))
    results = iter(order)
    for node in description["nodes"]:
        if node["op"] == "BatchNormalization" and len(node["out"]) == 1:
            shapes[node["out"][0]] = list(next(results).shape[1:])
            continue
        for name in node["out"]:
            result = next(results)
            usable = result.is_floating_point() and result.dim() > 0 and len(result) == batch
            shapes[name] = list(result.shape[1:]) if usable else None
    return shapes


def replaced(description, old, new):
    """All that reads `old` reads `new`."""
    changed = copy.deepcopy(description)
    changed["nodes"] = [node for node in changed["nodes"] if old not in node["out"] or len(node["out"]) > 1]
    for node in changed["nodes"]:
        node["in"] = [new if name == old else name for name in node["in"]]
    return prune(changed)


def ended(description, name, shape):
    """The graph up to a value, and a product that makes logits of it."""
    changed = copy.deepcopy(description)
    last = next(i for i, node in enumerate(changed["nodes"]) if name in node["out"])
    size, classes = math.prod(shape), description["classes"]
    changed["params"]["head"] = {"shape": [classes, size], "low": -1.0, "high": 1.0}
    changed["params"]["head_bias"] = {"shape": [classes], "low": -1.0, "high": 1.0}
    changed["nodes"] = changed["nodes"][: last + 1] + [
        {"op": "Reshape", "in": [name], "out": ["flat"], "a": {"shape": [-1, size]}},
        {"op": "Gemm", "in": ["flat", "head", "head_bias"], "out": ["logits"], "a": {"transB": 1}}]
    return prune(changed)


def begun(description, name, shape):
    """A value computed from the images by a product, instead of what was before it."""
    changed = copy.deepcopy(description)
    index = next(i for i, node in enumerate(changed["nodes"]) if name in node["out"])
    if len(changed["nodes"][index]["out"]) > 1:
        return None
    size, pixels = math.prod(shape), math.prod(description["shape"])
    bound = (3 / pixels) ** 0.5
    changed["params"][f"{name}_from"] = {"shape": [pixels, size], "low": -bound, "high": bound}
    changed["nodes"][index: index + 1] = [
        {"op": "Flatten", "in": ["x"], "out": [f"{name}_flat"], "a": {}},
        {"op": "MatMul", "in": [f"{name}_flat", f"{name}_from"], "out": [f"{name}_product"], "a": {}},
        {"op": "Reshape", "in": [f"{name}_product"], "out": [name], "a": {"shape": [-1, *shape]}}]
    return prune(changed)


def candidates(description):
    """Smaller descriptions, the boldest first."""
    shapes = shapes_of(description)
    size = len(description["nodes"])
    for node in description["nodes"][:-2]:
        for name in node["out"]:
            if shapes.get(name) is not None:
                yield ended(description, name, shapes[name])
    for node in reversed(description["nodes"]):
        name = node["out"][0]
        if shapes.get(name) and (changed := begun(description, name, shapes[name])) and len(changed["nodes"]) < size:
            yield changed
    shapes["x"] = description["shape"]
    for node in description["nodes"]:
        for output in node["out"]:
            for name in (*node["in"], "x"):
                if output != "logits" and shapes.get(output) is not None and shapes.get(name) == shapes[output]:
                    yield replaced(description, output, name)
    yield from simpler(description)


def simpler(description):
    """The same nodes with less to each."""
    for key, value in SIMPLER.items():
        if description[key] != value:
            yield {**description, key: value}
    recipe = description["recipe"]
    for key in [key for key in recipe if key != "optimizer"]:
        yield {**description, "recipe": {other: value for other, value in recipe.items() if other != key}}
    if recipe["optimizer"] != SIMPLEST_OPTIMIZER:
        yield {**description, "recipe": {**recipe, "optimizer": SIMPLEST_OPTIMIZER}}
    for index, node in enumerate(description["nodes"]):
        for key in node["a"]:
            changed = copy.deepcopy(description)
            del changed["nodes"][index]["a"][key]
            yield changed
        if len(node["in"]) == 3 and node["op"] in ("Conv", "ConvTranspose", "Gemm", "LayerNormalization"):
            changed = copy.deepcopy(description)
            changed["nodes"][index]["in"].pop()
            yield prune(changed)


def weight(description):
    """What shrinking makes less of: nodes, attributes, inputs, and what is not the simplest."""
    nodes = description["nodes"]
    unusual = sum(description[key] != value for key, value in SIMPLER.items()) + len(description["recipe"])
    unusual += description["recipe"]["optimizer"] != SIMPLEST_OPTIMIZER
    return (len(nodes), sum(len(node["a"]) + len(node["in"]) for node in nodes), unusual)


def shrink(description, fails, say=lambda text: None):
    """The smallest description for which fails(description) stays true."""
    tried = set()
    progress = True
    while progress:
        progress = False
        for candidate in candidates(description):
            key = repr(candidate)
            if key in tried or weight(candidate) >= weight(description):
                continue
            tried.add(key)
            if fails(candidate):
                description, progress = candidate, True
                say(f"{len(description['nodes'])} nodes")
                break
    return description
