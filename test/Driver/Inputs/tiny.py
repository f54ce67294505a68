# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the network of the worked example of the counting rules: tiny.py ZOO_FOLDER FILE.onnx"""
import sys

import onnx

sys.path.insert(0, sys.argv[1])
from graph import Graph  # noqa: E402

graph = Graph("tiny")
x = graph.activation(graph.norm(graph.conv("x", "conv", (3, 4)), "norm", 4), "relu")
x = graph.node("Flatten", "flatten", [graph.node("GlobalAveragePool", "pool", [x])])
onnx.save(graph.model(graph.linear(x, "head", (4, 10)), 10), sys.argv[2])
