# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the small models of the import tests. Values come from a fixed seed."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

MODELS = {}


def model(function):
    MODELS[function.__name__] = function
    return function


class Net:
    """A graph with input x; methods add nodes and return the name of their result."""

    def __init__(self, shape=("N", 4, 6, 6), opset=20):
        self.random = np.random.default_rng(0)
        self.shape, self.opset = shape, opset
        self.nodes, self.initializers, self.inputs = [], [], []

    def tensor(self, name, values, kind=np.float32):
        self.initializers.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def weight(self, name, *shape):
        return self.tensor(name, self.random.standard_normal(shape))

    def integers(self, name, values):
        return self.tensor(name, values, np.int64)

    def node(self, op, name, inputs, outputs=None, **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs or [name], name=name, **attributes))
        return name

    def head(self, x, features, classes=3):
        """Flattens x to `features` and multiplies with a matrix."""
        return self.node("Gemm", "head", [self.node("Flatten", "flatten", [x]), self.weight("head.weight", classes, features)], transB=1)

    def build(self, y, classes=3, domain="", others=(), **options):
        """`others` are outputs beside y."""
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)
        out = helper.make_tensor_value_info(y, TensorProto.FLOAT, [self.shape[0], classes])
        others = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in others]
        graph = helper.make_graph(self.nodes, "net", [x, *self.inputs], [out, *others], self.initializers)
        opsets = [helper.make_opsetid("", self.opset)] + ([helper.make_opsetid(domain, 1)] if domain else [])
        return helper.make_model(graph, opset_imports=opsets, ir_version=options.get("ir_version", 10))
