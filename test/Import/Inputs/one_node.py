# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a model of one node whose result has the shape of its input, and a matrix product behind it, so that a new op's test
needs no other file: one_node.py FILE OP [--opset N] [--shape C H W] [--weights NAME=SIZE ...]
[--attributes JSON] [--classes N]."""
import argparse
import json
import math

import onnx
from models import Net


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("op")
    parser.add_argument("--opset", type=int, default=20)
    parser.add_argument("--shape", type=int, nargs="+", default=[4, 5, 3])
    parser.add_argument("--weights", nargs="*", default=[])
    parser.add_argument("--attributes", type=json.loads, default={})
    parser.add_argument("--classes", type=int, default=3)
    arguments = parser.parse_args()
    net = Net(shape=("N", *arguments.shape), opset=arguments.opset)
    weights = [net.weight(name, int(size)) for name, size in (weight.split("=") for weight in arguments.weights)]
    x = net.node(arguments.op, "node", ["x", *weights], **arguments.attributes)
    logits = net.head(x, math.prod(arguments.shape), arguments.classes)
    onnx.save(net.build(logits, arguments.classes), arguments.file)


main()
