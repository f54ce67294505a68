# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the small networks that the tests of trainers compile: networks.py NAME OUTPUT.onnx [CLASSES]"""
import pathlib
import sys

import numpy as np
import onnx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools/zoo"))
from graph import Graph


def linear(classes):
    """The logits are linear in the pixels, so that a few lines of numpy can train it, too."""
    net = Graph("linear", seed=3)
    return net.model(net.linear(net.node("Flatten", "flat", ["x"], axis=1), "head", (3072, classes)), classes)


def plain(classes):
    """Convolutions whose training form and inference form are the same: no normalization, no dropout."""
    net = Graph("plain", seed=4)
    x = net.activation(net.conv("x", "conv1", (3, 8), stride=2, bias=True), "relu1")
    x = net.max_pool(x, "pool", 2)
    x = net.activation(net.conv(x, "conv2", (8, 12), bias=True), "relu2")
    x = net.node("Flatten", "flat", [net.node("GlobalAveragePool", "mean", [x])], axis=1)
    return net.model(net.linear(x, "head", (12, classes)), classes)


def stateful(classes):
    """Every kind of state that a run carries along: statistics, dropout, a whitening layer."""
    net = Graph("stateful", seed=5)
    x = net.activation(net.conv("x", "whiten", (3, 24), kernel=2, stride=2, pad=0, bias=True), "gelu", "Gelu")
    x = net.max_pool(x, "pool", 2)
    x = net.conv(x, "conv", (24, 8))
    x = net.activation(net.norm(x, "norm", 8), "relu")
    x = net.node("Flatten", "flat", [net.node("GlobalAveragePool", "mean", [x])], axis=1)
    x = net.node("Dropout", "dropout", [x, net.tensor("ratio", 0.25)])
    return net.model(net.linear(x, "head", (8, classes)), classes)


RECURRENT = """
<ir_version: 10, opset_import: ["": 20, "local": 1]>
recurrent (float[N,3,32,32] x) => (float[N,{classes}] logits)
<int64 steps = {{3}}, bool yes = {{1}}>
{{
  [pool] pooled = AveragePool <kernel_shape = [8, 8], strides = [8, 8]> (x)
  [flat] flat = Flatten (pooled)
  [first] a = local.block <slope = 0.1> (flat, first_weight, zeros)
  [second] b = local.block <slope = 0.2> (a, second_weight, zeros)
  [loop] c = Loop (steps, yes, b) <body = step (int64 i, bool go, float[N,12] h) => (bool more, float[N,12] next) {{
      more = Identity (go)
      [product] product = MatMul (h, loop_weight)
      [bias] biased = Add (product, zeros)
      [tanh] next = Tanh (biased)
    }} >
  [head] logits = Gemm (c, head_weight, head_bias)
}}
<domain: "local", opset_import: ["": 18]>
block <slope> (x, weight, bias) => (y)
{{
  [product] product = Gemm (x, weight, bias)
  [relu] y = LeakyRelu <alpha: float = @slope> (product)
}}
"""


def recurrent(classes):
    """Weights that a function is given at its calls, and those around a loop that each of its steps reads; all share their zeros as biases."""
    model, random = onnx.parser.parse_model(RECURRENT.format(classes=classes)), np.random.default_rng(6)
    for name, shape in {"first_weight": (48, 12), "second_weight": (12, 12), "loop_weight": (12, 12), "head_weight": (12, classes)}.items():
        values = random.uniform(-1, 1, shape) / shape[0]**0.5
        model.graph.initializer.append(onnx.numpy_helper.from_array(values.astype(np.float32), name))
    for name, size in {"zeros": 12, "head_bias": classes}.items():
        model.graph.initializer.append(onnx.numpy_helper.from_array(np.zeros(size, np.float32), name))
    return model


if __name__ == "__main__":
    onnx.save(globals()[sys.argv[1]](int(sys.argv[3]) if len(sys.argv) > 3 else 10), sys.argv[2])
