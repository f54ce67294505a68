# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""make ZOO_FOLDER FILE: a shallow network of products of many forms; compare START A B TOLERANCE: two
trainings went the same step from START, as far as the mean of each tensor's update."""
import sys

import numpy as np
import onnx
from onnx import numpy_helper


def make(folder, path):
    sys.path.insert(0, folder)
    from graph import Graph

    graph = Graph("products")
    x = graph.activation(graph.conv("x", "rgb", (3, 32), bias=True), "relu1")
    x = graph.activation(graph.conv(x, "wide", (32, 48), bias=True), "relu2")
    x = graph.max_pool(x, "pool1", 2)
    x = graph.activation(graph.conv(x, "strided", (48, 40), stride=2, bias=True), "relu3")
    x = graph.activation(graph.conv(x, "point", (40, 72), kernel=1, bias=True), "relu4")
    x = graph.activation(graph.conv(x, "valid", (72, 16), kernel=5, pad=0, bias=True), "relu5")
    x = graph.node("Flatten", "flatten", [x])
    x = graph.activation(graph.linear(x, "hidden", (16 * 4 * 4, 20)), "relu6")
    onnx.save(graph.model(graph.linear(x, "head", (20, 10)), 10), path)


def compare(start, a, b, tolerance):
    start, a, b = ({t.name: numpy_helper.to_array(t).astype(float) for t in onnx.load(path).graph.initializer} for path in (start, a, b))
    for name, before in start.items():
        update = np.abs(a[name] - before).mean()
        difference = np.abs(a[name] - b[name]).mean()
        assert 0 < update and difference < float(tolerance) * update, (name, update, difference)
    print(len(start), "tensors agree")


dict(make=make, compare=compare)[sys.argv[1]](*sys.argv[2:])
