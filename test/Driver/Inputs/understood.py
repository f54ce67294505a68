# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a network with Dropout and a constant, one that ends in Softmax, and a module: understood.py ZOO_FOLDER FOLDER"""
import pathlib
import sys

import numpy as np
import onnx

sys.path.insert(0, sys.argv[1])
from graph import Graph  # noqa: E402

folder = pathlib.Path(sys.argv[2])


def network(name, dropout, softmax):
    graph = Graph(name)
    x = graph.activation(graph.norm(graph.conv("x", "conv", (3, 4)), "norm", 4), "relu")
    x = graph.node("Flatten", "flatten", [graph.node("GlobalAveragePool", "pool", [x])])
    if dropout:
        x = graph.node("Dropout", "dropout", [graph.node("Mul", "scaled", [x, graph.tensor("half", np.float32(0.5))]), graph.tensor("ratio", np.float32(0.3))])
    x = graph.linear(x, "head", (4, 10))
    onnx.save(graph.model(graph.node("Softmax", "softmax", [x]) if softmax else x, 10), folder / f"{name}.onnx")


network("plain", dropout=True, softmax=False)
network("softmax", dropout=False, softmax=True)
(folder / "module.mlir").write_text("module {}\n")
