# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes networks whose shapes fit neither blocks nor vectors: odd_networks.py mlp|odd FILE"""
import pathlib
import sys

import onnx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools/zoo"))
from graph import Graph  # noqa: E402


def mlp(graph):
    """Large matrices only: sums over the batch beside elementwise results."""
    x = graph.activation(graph.linear(graph.node("Flatten", "flatten", ["x"]), "hidden", (3072, 512)), "relu")
    return graph.linear(x, "head", (512, 10))


def odd(graph):
    """17 and 34 channels, groups, depthwise, dilation, stride 2, overlapping and rounded-up pooling, a residual sum."""
    x = graph.activation(graph.norm(graph.conv("x", "stem", (3, 17)), "stem.norm", 17), "stem.gelu", "Gelu")
    x = graph.node("MaxPool", "overlap", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    y = graph.node("Conv", "depthwise", [x, graph.uniform("depthwise.weight", (17, 1, 3, 3))], group=17, pads=[2] * 4, dilations=[2, 2])
    y = graph.activation(graph.norm(y, "depthwise.norm", 17), "depthwise.relu")
    x = graph.node("Add", "add", [x, y])
    x = graph.activation(graph.conv(x, "wide", (17, 34), stride=2, bias=True), "wide.relu")
    x = graph.node("MaxPool", "rounded", [x], kernel_shape=[3, 2], strides=[3, 3], ceil_mode=1)
    x = graph.node("Conv", "grouped", [x, graph.uniform("grouped.weight", (6, 17, 2, 2))], group=2)
    x = graph.node("GlobalAveragePool", "pool", [graph.norm(x, "grouped.norm", 6)])
    return graph.linear(graph.node("Flatten", "flatten", [x]), "head", (6, 10))


graph = Graph(sys.argv[1])
onnx.save(graph.model({"mlp": mlp, "odd": odd}[sys.argv[1]](graph), 10), sys.argv[2])
