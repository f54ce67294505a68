# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A small network in which every supported ONNX op takes part: every_op.py OUTPUT.onnx"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper

random = np.random.default_rng(7)
nodes, initializers = [], []


def tensor(name, values, dtype=np.float32):
    initializers.append(numpy_helper.from_array(np.asarray(values, dtype=dtype), name))
    return name


def weight(name, *shape):
    return tensor(name, random.normal(0, 1 / np.sqrt(np.prod(shape[1:]) or 1), shape))


def node(op, *inputs, name=None, **attributes):
    name = name or f"{op.lower()}_{len(nodes)}"
    nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
    return name


def norm(x, name, channels):
    return node("BatchNormalization", x, tensor(f"{name}.scale", random.uniform(0.5, 1.5, channels)),
                tensor(f"{name}.bias", random.uniform(-0.5, 0.5, channels)), tensor(f"{name}.mean", np.zeros(channels)),
                tensor(f"{name}.var", np.ones(channels)), name=name)


# Convolutions: strides, groups, dilation, asymmetric pads, auto_pad; each with another activation.
x = node("Conv", "x", weight("stem.weight", 8, 3, 3, 3), tensor("stem.bias", random.uniform(-0.1, 0.1, 8)), name="stem",
         auto_pad="SAME_UPPER", strides=[2, 2])
x = node("Relu", norm(x, "norm1", 8))
a = node("Tanh", node("Conv", x, weight("grouped.weight", 8, 4, 3, 3), name="grouped", group=2, pads=[1, 0, 1, 2]))
b = node("Gelu", norm(node("Conv", x, weight("dilated.weight", 8, 8, 3, 3), name="dilated", dilations=[2, 2], pads=[2, 2, 2, 2]), "norm2", 8))
x = node("Concat", a, b, axis=1)
x = node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
x = node("Swish", norm(node("Conv", x, weight("pointwise.weight", 12, 16, 1, 1), name="pointwise"), "norm3", 12))
x = node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2], count_include_pad=1)
x = node("Dropout", x, tensor("ratio", 0.0))
x = node("Identity", node("Clip", x, tensor("low", -1.5), tensor("high", 1.5)))
# Attention-like: over the 16 positions of each image, shapes computed from the input's.
batch = node("Gather", node("Shape", x), tensor("zero", 0, np.int64), axis=0)
shape = node("Concat", node("Unsqueeze", batch, tensor("axis0", [0], np.int64)), tensor("rest", [12, 16], np.int64), axis=0)
rows = node("Transpose", node("Reshape", x, shape), perm=[0, 2, 1])
keys = node("MatMul", rows, weight("keys.weight", 12, 12))
scores = node("Div", node("MatMul", keys, node("Transpose", rows, perm=[0, 2, 1])), tensor("scale", 4.0))
mixed = node("MatMul", node("Softmax", scores, axis=-1), rows)
maps = node("Reshape", node("Transpose", mixed, perm=[0, 2, 1]), tensor("maps", [0, 12, 4, 4], np.int64))
offset = node("Expand", tensor("offset.weight", random.normal(0, 0.1, (12, 1, 4))), tensor("square", [12, 4, 4], np.int64))
maps = node("Add", maps, node("Cast", node("CastLike", offset, maps), to=TensorProto.FLOAT))
# Pooled features, each through another op.
average = node("Flatten", node("GlobalAveragePool", maps))
largest = node("Sigmoid", node("Flatten", node("GlobalMaxPool", maps)))
mean = node("Squeeze", node("ReduceMean", maps, tensor("axes23", [2, 3], np.int64), keepdims=1), tensor("squeezed", [2, 3], np.int64))
total = node("ReduceSum", maps, tensor("axes23b", [2, 3], np.int64), keepdims=0)
peak = node("ReduceMax", maps, tensor("axes23c", [2, 3], np.int64), keepdims=0)
x = node("Add", node("Mul", average, largest), node("Sub", node("Erf", mean), node("LeakyRelu", node("Mul", total, tensor("small", 0.1)), alpha=0.2)))
x = node("Add", x, peak)
x = node("Concat", x, node("LogSoftmax", x, axis=1), axis=1)
x = node("Gemm", x, weight("head.weight", 10, 24), tensor("head.bias", np.zeros(10)), name="head", transB=1)
one = node("Constant", value=numpy_helper.from_array(np.float32(0.5)))
x = node("Mul", x, one, name="logits")

graph = helper.make_graph(nodes, "every_op", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 32, 32])],
                          [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["N", 10])], initializers)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)], ir_version=10)
checker.check_model(model, full_check=True)
onnx.save(model, sys.argv[1])
