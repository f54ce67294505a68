# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network of some 500 parameters with one of each kind, for comparisons of recipes: tiny.py OUTPUT.onnx"""
import pathlib
import sys

import onnx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools/zoo"))
from graph import Graph

graph = Graph("tiny", seed=11)
x = graph.conv("x", "stem", (3, 4), stride=2, bias=True)
x = graph.max_pool(graph.norm(graph.activation(x, "stem.activation", "Gelu"), "stem.norm", 4), "pool1", 2)
x = graph.conv(x, "body", (4, 6))
x = graph.max_pool(graph.activation(graph.norm(x, "body.norm", 6, epsilon=1e-3, keep=0.8), "body.activation"), "pool2", 2)
x = graph.node("Mul", "scaled", [x, graph.tensor("gains", graph.random.uniform(0.5, 1.5, (6, 1, 1)))])
x = graph.node("Flatten", "features", [graph.node("GlobalAveragePool", "mean", [x])])
onnx.save(graph.model(graph.linear(x, "head", (6, 10)), classes=10), sys.argv[1])
