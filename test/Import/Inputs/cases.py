# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models of one node, with every form of the attributes and inputs of each op."""
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NEWEST = onnx.defs.onnx_opset_version()
CASES = []


@dataclass
class Case:
    op: str
    shape: tuple  # of the input x; dimension 0 is the batch
    inputs: list  # "x", None, an array (an initializer), or a list of one array (a constant)
    attributes: dict = field(default_factory=dict)
    since: int = 7
    until: int = NEWEST
    outputs: int = 1
    low: float = -2.0
    batch: str | None = None  # its name, if it is symbolic
    result: int = 0  # the output that is compared


def case(op, shape, *inputs, since=7, until=NEWEST, outputs=1, low=-2.0, batch=None, result=0, **attributes):
    CASES.append(Case(op, shape, list(inputs) or ["x"], attributes, since, until, outputs, low, batch, result))


@cache
def versions(op):
    return sorted({max(schema.since_version, 7) for schema in onnx.defs.get_all_schemas_with_history()
                   if schema.domain == "" and schema.name == op})


def opsets_of(case):
    """The newest opset that the case is for; the first case of an op in one form stands for all versions of that."""
    if case is next(other for other in CASES if other.op == case.op and other.until == case.until):
        return sorted({max(case.since, version) for version in versions(case.op) if version <= case.until} | {case.until})
    return [case.until]


def build(case, opset):
    """The model, and an input for it. The result is flattened to [batch, rest]."""
    random = np.random.default_rng(0)
    initializers, nodes, names = [], [], []
    for position, given in enumerate(case.inputs):
        name = f"input{position}"
        if given is None:
            name = ""
        elif isinstance(given, str):
            name = given
        elif isinstance(given, list):
            nodes.append(helper.make_node("Constant", [], [name], name=name, value=numpy_helper.from_array(given[0])))
        else:
            initializers.append(numpy_helper.from_array(given, name))
        names.append(name)
    outputs = ["y", *(f"output{number}" for number in range(1, case.outputs))]
    nodes.append(helper.make_node(case.op, names, outputs, name="node", **case.attributes))
    nodes.append(helper.make_node("Cast", [outputs[case.result]], ["float"], name="cast", to=TensorProto.FLOAT))
    nodes.append(helper.make_node("Flatten", ["float"], ["flat"], name="flatten"))
    shape = [case.batch or case.shape[0], *case.shape[1:]]
    graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("flat", TensorProto.FLOAT, None)], initializers)
    x = (case.low + (2.0 - case.low) * random.random(case.shape)).astype(np.float32)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10), x


def weights(*shape):
    return np.random.default_rng(1).standard_normal(shape).astype(np.float32)


def f32(*values):
    return np.array(values, np.float32).reshape(()) if len(values) == 1 else np.array(values, np.float32)


def i64(*values):
    return np.array(values, np.int64)


# Convolution
IMAGE = (2, 4, 7, 6)
for pads in ([0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 2, 3], [3, 0, 0, 1]):
    case("Conv", IMAGE, "x", weights(3, 4, 3, 3), pads=pads)
    case("Conv", IMAGE, "x", weights(3, 4, 3, 2), weights(3), pads=pads, strides=[2, 3], dilations=[2, 1])
for auto in ("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"):
    case("Conv", IMAGE, "x", weights(3, 4, 3, 3), auto_pad=auto)
    case("Conv", IMAGE, "x", weights(3, 4, 2, 4), auto_pad=auto, strides=[2, 3])
    case("Conv", IMAGE, "x", weights(3, 4, 1, 2), auto_pad=auto, strides=[3, 2], kernel_shape=[1, 2])
for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    case("Conv", IMAGE, "x", weights(3, 4, 2, 3), auto_pad=auto, dilations=[2, 2])
case("Conv", IMAGE, "x", weights(4, 1, 3, 3), weights(4), group=4)
case("Conv", IMAGE, "x", weights(6, 2, 3, 3), group=2, strides=[2, 2], pads=[1, 1, 0, 0])
case("Conv", IMAGE, "x", weights(3, 4, 7, 6), kernel_shape=[7, 6])
case("Conv", IMAGE, "x", weights(3, 4, 1, 1), None, batch="N")
case("Conv", IMAGE, "x", [weights(3, 4, 2, 2)], [weights(3)])
case("Conv", IMAGE, "x", weights(3, 4, 2, 2), np.zeros(3, np.float32))
case("Conv", IMAGE, "x", weights(3, 4, 2, 2), [np.zeros(3, np.float32)])

# Pooling
for op in ("MaxPool", "AveragePool"):
    case(op, IMAGE, kernel_shape=[2, 3])
    for ceil in (0, 1):
        case(op, IMAGE, kernel_shape=[2, 3], ceil_mode=ceil)
        case(op, IMAGE, kernel_shape=[3, 2], strides=[2, 2], ceil_mode=ceil, batch="N")
        case(op, IMAGE, kernel_shape=[3, 3], strides=[2, 3], pads=[1, 0, 0, 2], ceil_mode=ceil)
        case(op, IMAGE, kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=ceil)
        case(op, IMAGE, kernel_shape=[3, 3], strides=[3, 2], pads=[2, 2, 0, 0], ceil_mode=ceil)
        case(op, IMAGE, kernel_shape=[2, 3], dilations=[3, 2], ceil_mode=ceil, since=19)
        case(op, IMAGE, kernel_shape=[2, 2], dilations=[2, 2], strides=[2, 3], pads=[1, 0, 1, 1], ceil_mode=ceil, since=19)
    for auto in ("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"):
        case(op, IMAGE, kernel_shape=[3, 3], auto_pad=auto)
        case(op, IMAGE, kernel_shape=[2, 4], auto_pad=auto, strides=[2, 3])
        case(op, IMAGE, kernel_shape=[1, 2], auto_pad=auto, strides=[3, 2])
        case(op, IMAGE, kernel_shape=[3, 2], auto_pad=auto, strides=[2, 2], ceil_mode=1)
for pads in ([1, 1, 1, 1], [0, 1, 2, 0]):
    for ceil in (0, 1):
        case("AveragePool", IMAGE, kernel_shape=[3, 3], strides=[2, 2], pads=pads, count_include_pad=1, ceil_mode=ceil)
case("AveragePool", IMAGE, kernel_shape=[3, 3], auto_pad="SAME_UPPER", strides=[2, 2], count_include_pad=1)
case("AveragePool", IMAGE, kernel_shape=[2, 2], dilations=[2, 3], pads=[1, 1, 1, 1], count_include_pad=1, since=19)
case("MaxPool", IMAGE, kernel_shape=[2, 2], storage_order=1)
case("MaxPool", IMAGE, kernel_shape=[3, 2], dilations=[2, 3], pads=[1, 1, 1, 1])
case("GlobalAveragePool", IMAGE)
case("GlobalMaxPool", IMAGE)
case("GlobalMaxPool", IMAGE, batch="N")

# Normalization
for epsilon in (1e-5, 0.5):
    case("BatchNormalization", IMAGE, "x", weights(4), weights(4)[::-1].copy(), weights(4) + 1, np.abs(weights(4)) + 0.1, epsilon=epsilon)
case("BatchNormalization", IMAGE, "x", [np.ones(4, np.float32)], [np.zeros(4, np.float32)], weights(4), np.abs(weights(4)), momentum=0.5)
case("BatchNormalization", (3, 5), "x", weights(5), weights(5), weights(5), np.abs(weights(5)))
case("BatchNormalization", (3, 5, 2), "x", weights(5), weights(5), weights(5), np.abs(weights(5)), batch="N")
case("BatchNormalization", IMAGE, "x", weights(4), weights(4), weights(4), np.abs(weights(4)), until=8, spatial=1)
case("Dropout", IMAGE, until=11)
case("Dropout", IMAGE, until=11, ratio=0.25, outputs=2)
case("Dropout", IMAGE, since=12)
case("Dropout", IMAGE, "x", f32(0.25), outputs=2)
case("Dropout", IMAGE, "x", [f32(0.25)], np.array(False), seed=3)
case("Dropout", IMAGE, "x", None, [np.array(False)])

# Activations
for op in ("Relu", "Sigmoid", "Tanh", "Erf", "Exp", "Neg", "Identity"):
    case(op, (3, 5))
    case(op, IMAGE, batch="N")
for op in ("Log", "Sqrt"):
    case(op, (3, 5), low=0.1)
for alpha in (0.0, 0.25, 1.0, 1.5, -0.5):
    case("LeakyRelu", (3, 5), alpha=alpha)
case("LeakyRelu", (3, 5))
case("Gelu", (3, 5), since=20)
case("Gelu", (3, 5), since=20, approximate="none")
case("Gelu", (3, 5), since=20, approximate="tanh")
case("Swish", (3, 5), since=24)
case("Swish", (3, 5), since=24, alpha=1.75)
case("Swish", (3, 5), since=24, alpha=-0.5)
case("Clip", (3, 5), until=10)
case("Clip", (3, 5), until=10, min=-0.5)
case("Clip", (3, 5), until=10, max=0.75)
case("Clip", (3, 5), until=10, min=-0.5, max=0.75)
case("Clip", (3, 5), until=10, min=float(np.finfo(np.float32).min), max=6.0)
case("Clip", (3, 5), since=11)
case("Clip", (3, 5), "x", f32(-0.5))
case("Clip", (3, 5), "x", None, f32(0.75))
case("Clip", (3, 5), "x", "", f32(0.75))
case("Clip", (3, 5), "x", f32(-0.5), f32(0.75))
case("Clip", (3, 5), "x", [f32(-0.5)], [f32(0.75)])
case("Clip", (3, 5), "x", f32(0.75), f32(-0.5))
case("Clip", (3, 5), "x", f32(0), f32(np.inf))
for op in ("Softmax", "LogSoftmax"):
    case(op, (3, 5), until=12)
    case(op, IMAGE, until=12, batch="N")
    for axis in (1, 2, 3, -1, -2):
        case(op, IMAGE, until=12, axis=axis)
    case(op, (3, 5), since=13)
    for axis in (1, 2, 3, -1, -2, -3):
        case(op, IMAGE, axis=axis)

# Matrix products
case("Gemm", (3, 5), "x", weights(4, 5), weights(4), transB=1, batch="N")
case("Gemm", (3, 5), "x", weights(5, 4))
case("Gemm", (3, 5), "x", weights(5, 4), weights(4), alpha=0.5, beta=2.0)
case("Gemm", (3, 5), "x", weights(5, 4), weights(4), beta=0.0)
case("Gemm", (3, 5), "x", weights(5, 4), weights(1, 4), alpha=-1.0)
case("Gemm", (3, 5), "x", weights(5, 4), weights(1))
case("Gemm", (3, 5), "x", weights(5, 4), weights())
case("Gemm", (3, 5), "x", weights(5, 4), [f32(0.5)])
case("Gemm", (3, 5), "x", [weights(5, 4)], [weights(4)])
case("Gemm", (3, 5), "x", weights(5, 4), None, transA=0, transB=0)
case("MatMul", (3, 5), "x", weights(5, 4))
case("MatMul", (3, 2, 5), "x", weights(5, 4), batch="N")
case("MatMul", (3, 2, 5), "x", weights(1, 5, 4))
case("MatMul", (3, 2, 4, 5), "x", weights(2, 5, 3))
case("MatMul", (3, 2, 4, 5), "x", weights(1, 2, 5, 3))
case("MatMul", (3, 2, 4), weights(3, 2), "x")
case("MatMul", (3, 5), "x", weights(5))
case("MatMul", (3, 2, 5), "x", weights(5))
case("MatMul", (3, 2, 5), weights(2), "x")

# Arithmetic
for op in ("Add", "Sub", "Mul", "Div"):
    for shape in ((), (1,), (6,), (7, 1), (4, 1, 6), (1, 4, 7, 6), (1, 1, 1, 1)):
        case(op, IMAGE, "x", weights(*shape))
        case(op, IMAGE, weights(*shape), "x", low=0.1)
    case(op, IMAGE, "x", "x", low=0.1, batch="N")
    case(op, IMAGE, "x", [weights(4, 1, 1)])

# Reductions
for op in ("ReduceMean", "ReduceMax", "ReduceSum"):
    first = 13 if op == "ReduceSum" else 18
    for keep in ({}, {"keepdims": 0}, {"keepdims": 1}):
        for axes in ([2, 3], [-1], [1], [-1, 1], [-2, -1], [3, 2, 1]):
            case(op, IMAGE, "x", i64(*axes), since=first, **keep)
            case(op, IMAGE, "x", until=first - 1, axes=axes, **keep)
    case(op, IMAGE, "x", [i64(1, 2)], since=first, batch="N")
    case(op, IMAGE, "x", since=first, noop_with_empty_axes=1)
    case(op, IMAGE, "x", i64(), since=first, noop_with_empty_axes=1)
    case(op, IMAGE, "x", i64(3), since=first, noop_with_empty_axes=1)
    case(op, IMAGE, "x", i64(3), since=first, noop_with_empty_axes=0)

# Moves
for axis in (1, -3):
    case("Flatten", IMAGE, axis=axis)
case("Flatten", IMAGE)
case("Flatten", (3, 5), batch="N")
for shape in ([2, -1], [0, -1], [-1, 168], [2, 168], [0, 4, 42], [2, 2, 2, 42], [0, 0, -1], [-1, 4, 7, 6], [0, 6, 7, 4]):
    case("Reshape", IMAGE, "x", i64(*shape))
    case("Reshape", IMAGE, "x", [i64(*shape)])
    if 0 not in shape:
        case("Reshape", IMAGE, "x", i64(*shape), since=14, allowzero=1)
    else:
        case("Reshape", IMAGE, "x", i64(*shape), since=14, allowzero=0)
for perm in ([0, 1, 2, 3], [0, 2, 3, 1], [0, 3, 2, 1]):
    case("Transpose", IMAGE, perm=perm)
case("Unsqueeze", (3, 5), until=12, axes=[1])
case("Unsqueeze", (3, 5), until=12, axes=[3, 1], batch="N")
case("Squeeze", (3, 1, 5, 1), until=12, axes=[1])
case("Squeeze", (3, 1, 5, 1), until=12, axes=[1, 3], batch="N")
case("Squeeze", (3, 1, 5, 1), until=12)
case("Unsqueeze", (3, 5), "x", i64(1), since=13)
case("Unsqueeze", (3, 5), "x", i64(-1))
case("Unsqueeze", (3, 5), "x", i64(3, 1))
case("Unsqueeze", (3, 5), "x", [i64(-1, -3)], batch="N")
case("Squeeze", (3, 1, 5, 1), "x", i64(1), since=13)
case("Squeeze", (3, 1, 5, 1), "x", i64(-1, 1))
case("Squeeze", (3, 1, 5, 1), "x", [i64(3)], batch="N")
case("Squeeze", (3, 1, 5, 1))
case("Squeeze", (1, 1, 5, 1), "x", i64(1))
for axis in (1, 2, -1, -3):
    case("Concat", IMAGE, "x", "x", axis=axis)
case("Concat", IMAGE, "x", axis=1)
case("Concat", IMAGE, "x", "x", "x", axis=1, batch="N")
for shape in ([1], [6], [4, 7, 6], [2, 4, 7, 6], [1, 1, 1, 1]):
    case("Expand", IMAGE, "x", i64(*shape), since=8)
case("Expand", (3, 1, 5), "x", i64(4, 5))
case("Expand", (3, 1, 5), "x", i64(3, 4, 1))
case("Expand", (3, 1, 5), "x", [i64(1, 4, 1)], batch="N")
case("Cast", (3, 5), to=TensorProto.FLOAT)
case("Cast", (3, 5), to=TensorProto.DOUBLE)
case("CastLike", (3, 5), "x", f32(1), since=15)
case("CastLike", (3, 5), "x", "x", since=15)
