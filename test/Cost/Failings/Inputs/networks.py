# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a small network for images of 3x8x8: networks.py SOURCE NAME FILE.onnx"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper

sys.path.insert(0, str(pathlib.Path(sys.argv[1]) / "tools/zoo"))
from graph import Graph  # noqa: E402


def head(graph, x, channels):
    return graph.linear(graph.global_pool(x, "pool"), "head", (channels, 10))


def chain(graph):
    """Two convolutions: nothing needs the gradient of the images."""
    x = graph.activation(graph.conv("x", "first", (3, 4)), "relu")
    return head(graph, graph.conv(x, "second", (4, 6)), 6)


def wasteful(graph):
    """The same with a branch that nothing uses and an activation that is computed twice."""
    x = graph.conv("x", "first", (3, 4))
    graph.activation(graph.conv(x, "unused", (4, 8)), "unused.relu")
    x = graph.node("Add", "sum", [graph.activation(x, "relu"), graph.activation(x, "again")])
    return head(graph, graph.conv(x, "second", (4, 6)), 6)


def masked(graph):
    """One convolution with half of its 108 weights masked out."""
    mask = np.arange(108).reshape(4, 3, 3, 3) % 2 == 0
    graph.initializers.append(numpy_helper.from_array(mask, "mask"))
    weight = graph.uniform("conv.weight", (4, 3, 3, 3))
    weight = graph.node("Mul", "masked", [weight, graph.node("Cast", "cast", ["mask"], to=onnx.TensorProto.FLOAT)])
    return head(graph, graph.node("Conv", "conv", ["x", weight], pads=[1] * 4), 4)


def plain(graph):
    """The same without a mask."""
    return head(graph, graph.conv("x", "conv", (3, 4)), 4)


name = sys.argv[2]
graph = Graph(name)
onnx.save(graph.model({"chain": chain, "wasteful": wasteful, "masked": masked, "plain": plain}[name](graph), 10, size=8), sys.argv[3])
