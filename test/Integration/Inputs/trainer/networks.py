# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the small networks that the tests of trainers compile: networks.py NAME OUTPUT.onnx [CLASSES]"""
import pathlib
import sys

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


if __name__ == "__main__":
    onnx.save(globals()[sys.argv[1]](int(sys.argv[3]) if len(sys.argv) > 3 else 10), sys.argv[2])
