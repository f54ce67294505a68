# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a small network of a family, for images of 3x32x32: small_networks.py inverted|dense|vit FILE.onnx"""
import pathlib
import sys

import numpy as np
import onnx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools/zoo"))
import zoo  # noqa: E402
from graph import Graph  # noqa: E402

CLASSES = 10


def inverted():
    """MobileNetV2 with two of its stages."""
    zoo.MOBILENET_STAGES = ((1, 8, 1, 2), (6, 12, 2, 2))
    return zoo.mobilenet_v2("inverted", CLASSES, "relu6", "default")


def dense():
    """DenseNet-BC with two blocks of two layers."""
    return zoo.densenet(4, (2, 2), stem=8)("dense", CLASSES, "relu", "default")


def vit(width=16, heads=2, tokens=64):
    """A vision transformer: patches of 4x4 pixels, positions, one block of attention and two linear layers, the mean of the tokens."""
    graph = Graph("vit")

    def whole(name, values):
        graph.initializers.append(onnx.numpy_helper.from_array(np.array(values, dtype=np.int64), name))
        return name

    def layer_norm(x, name):
        return graph.node("LayerNormalization", name, [x, graph.tensor(f"{name}.scale", np.ones(width)), graph.tensor(f"{name}.bias", np.zeros(width))])

    def linear(x, name, features):
        product = graph.node("MatMul", f"{name}.product", [x, graph.uniform(f"{name}.weight", features)])
        return graph.node("Add", name, [product, graph.tensor(f"{name}.bias", np.zeros(features[1]))])

    def head(x, name, order):
        parts = graph.node("Reshape", f"{name}.parts", [linear(x, name, (width, width)), "split"])
        return graph.node("Transpose", f"{name}.heads", [parts], perm=order)

    whole("split", [0, tokens, heads, width // heads])
    x = graph.conv("x", "patches", (3, width), kernel=4, stride=4, pad=0, bias=True)
    x = graph.node("Reshape", "flat", [x, whole("flat.shape", [0, width, tokens])])
    x = graph.node("Transpose", "tokens", [x], perm=[0, 2, 1])
    x = graph.node("Add", "placed", [x, graph.uniform("position", (tokens, width))])
    y = layer_norm(x, "norm1")
    query, key, value = head(y, "query", [0, 2, 1, 3]), head(y, "key", [0, 2, 3, 1]), head(y, "value", [0, 2, 1, 3])
    scores = graph.node("Mul", "scaled", [graph.node("MatMul", "scores", [query, key]), graph.tensor("scale", (width // heads) ** -0.5)])
    y = graph.node("MatMul", "mixed", [graph.node("Softmax", "attention", [scores], axis=-1), value])
    y = graph.node("Transpose", "back", [y], perm=[0, 2, 1, 3])
    y = linear(graph.node("Reshape", "joined", [y, whole("joined.shape", [0, tokens, width])]), "projection", (width, width))
    x = graph.node("Add", "attended", [x, y])
    y = graph.activation(linear(layer_norm(x, "norm2"), "wide", (width, 2 * width)), "gelu", "Gelu")
    x = layer_norm(graph.node("Add", "changed", [x, linear(y, "narrow", (2 * width, width))]), "norm3")
    x = graph.node("ReduceMean", "pool", [x, whole("pool.axes", [1])], keepdims=0)
    return graph.model(graph.linear(x, "head", (width, CLASSES)), CLASSES)


if __name__ == "__main__":
    onnx.save({"inverted": inverted, "dense": dense, "vit": vit}[sys.argv[1]](), sys.argv[2])
