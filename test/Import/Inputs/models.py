# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes one small model for an import test: models.py NAME FILE."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import refused_models  # noqa: F401
from net import MODELS, Net, model


@model
def conv():
    net = Net()
    x = net.node("Conv", "plain", ["x", net.weight("plain.weight", 8, 4, 3, 3), net.weight("plain.bias", 8)], pads=[1, 1, 1, 1])
    x = net.node("Conv", "grouped", [x, net.weight("grouped.weight", 8, 4, 3, 2)], group=2, strides=[2, 1], dilations=[1, 2], pads=[1, 0, 0, 2])
    x = net.node("Conv", "same_upper", [x, net.weight("same_upper.weight", 2, 8, 2, 2)], auto_pad="SAME_UPPER", strides=[1, 1])
    x = net.node("Conv", "same_lower", [x, net.weight("same_lower.weight", 2, 2, 2, 2)], auto_pad="SAME_LOWER")
    x = net.node("Conv", "valid", [x, net.weight("valid.weight", 2, 2, 1, 1)], auto_pad="VALID", kernel_shape=[1, 1])
    return net.build(net.head(x, 36))


@model
def conv_zero_bias():
    """What the dynamo exporter writes for bias=False; the initializer of zeros is a bias."""
    net = Net()
    net.node("Shape", "channels", [net.weight("first.weight", 2, 4, 1, 1)], start=0, end=1)
    net.node("Constant", "zero", [], value=numpy_helper.from_array(np.float32(0)))
    net.node("CastLike", "cast", ["zero", "x"])
    x = net.node("Conv", "first", ["x", "first.weight", net.node("Expand", "zeros", ["cast", "channels"])])
    x = net.node("Conv", "second", [x, net.weight("second.weight", 2, 2, 1, 1), net.tensor("second.bias", np.zeros(2))])
    return net.build(net.head(x, 72))


@model
def pool():
    net = Net()
    x = net.node("MaxPool", "max", ["x"], kernel_shape=[3, 2], strides=[1, 2], pads=[1, 0, 1, 1], ceil_mode=1, storage_order=0)
    x = net.node("AveragePool", "average", [x], kernel_shape=[2, 2], pads=[1, 1, 0, 0], count_include_pad=1)
    a = net.node("GlobalAveragePool", "global_average", [x])
    m = net.node("GlobalMaxPool", "global_max", [x])
    return net.build(net.head(net.node("Add", "add", [a, m]), 4))


@model
def norm():
    net = Net()
    parts = [net.tensor(f"norm.{part}", np.full(4, value)) for part, value in
             {"scale": 1.5, "bias": 0.5, "mean": 0.25, "variance": 2}.items()]
    x = net.node("BatchNormalization", "norm", ["x", *parts], epsilon=0.5, momentum=0.75)
    x = net.node("BatchNormalization", "training", [x, *(p.replace("norm", "t") for p in parts)],
                 outputs=["training", "new_mean", "new_variance"], training_mode=1)
    for part in parts:
        net.weight(part.replace("norm", "t"), 4)
    net.tensor("ratio", 0.25)
    net.tensor("yes", True, np.bool_)
    x = net.node("Dropout", "dropout", [x, "ratio", "yes"], outputs=["dropout", "mask"])
    x = net.node("Dropout", "no_dropout", [x, net.tensor("zero", 0)])
    return net.build(net.head(x, 144))


@model
def elementwise():
    net = Net(opset=24)
    x = net.node("Add", "add", ["x", net.weight("plane", 4, 1, 6)])
    x = net.node("Sub", "sub", [net.tensor("one", 1), x])
    x = net.node("Mul", "mul", [x, net.tensor("half", [0.5])])
    x = net.node("Div", "div", [x, "plane"])
    for op in ("Relu", "Sigmoid", "Tanh", "Erf"):
        x = net.node(op, op.lower(), [x])
    x = net.node("LeakyRelu", "leaky", [x], alpha=0.25)
    x = net.node("LeakyRelu", "leaky_default", [x])
    x = net.node("Gelu", "gelu", [x])
    x = net.node("Gelu", "gelu_tanh", [x], approximate="tanh")
    x = net.node("Swish", "swish", [x])
    x = net.node("Clip", "clip", [x, net.tensor("low", -1), net.tensor("high", 6)])
    x = net.node("Clip", "clip_above", [x, "", "high"])
    x = net.node("Clip", "clip_nothing", [x])
    x = net.node("Cast", "cast", [x], to=TensorProto.FLOAT)
    x = net.node("Cast", "wide", [x], to=TensorProto.DOUBLE)
    x = net.node("CastLike", "narrow", [x, "half"])
    return net.build(net.head(x, 144))


@model
def matmul():
    net = Net(shape=("N", 4))
    x = net.node("MatMul", "product", ["x", net.weight("product.weight", 4, 6)])
    x = net.node("Add", "biased", [x, net.weight("product.bias", 6)])
    t = net.node("Transpose", "transposed", [net.weight("moved.weight", 5, 6)], perm=[1, 0])
    x = net.node("MatMul", "moved", [x, t])
    x = net.node("Gemm", "gemm", [x, net.weight("gemm.weight", 5, 3), net.weight("gemm.bias", 3)], alpha=0.5, beta=2.0)
    return net.build(x)


@model
def reduce():
    net = Net(opset=18)
    a = net.node("ReduceMean", "mean", ["x", net.integers("spatial", [-1, 2])])
    b = net.node("ReduceMax", "max", ["x", "spatial"], keepdims=1)
    c = net.node("ReduceSum", "sum", ["x", net.integers("last", [3])], keepdims=0)
    c = net.node("ReduceSum", "sum_again", [c, net.integers("middle", [2])], keepdims=1)
    c = net.node("Unsqueeze", "unsqueeze", [c, net.integers("end", [-1])])
    x = net.node("Add", "two", [net.node("Add", "one", [a, b]), c])
    x = net.node("ReduceSum", "nothing", [x], noop_with_empty_axes=1)
    return net.build(net.head(x, 4))


@model
def reduce_attribute():
    net = Net(opset=13)
    return net.build(net.head(net.node("ReduceMean", "mean", ["x"], axes=[2, 3], keepdims=0), 4))


@model
def shape():
    net = Net(shape=(2, 4, 6, 6))
    x = net.node("Reshape", "groups", ["x", net.integers("groups.shape", [2, 2, 2, 36])])  # 2 is the batch, too
    x = net.node("Transpose", "shuffle", [x], perm=[0, 2, 1, 3])
    x = net.node("Reshape", "merge", [x, net.integers("merge.shape", [0, -1, 6, 6])])
    x = net.node("Squeeze", "squeeze", [net.node("Unsqueeze", "unsqueeze", [x, net.integers("one", [1])]), "one"])
    x = net.node("Identity", "identity", [x])
    x = net.node("Concat", "concat", [x, "x"], axis=-3)
    x = net.node("Expand", "expand", [x, net.integers("expand.shape", [2, 1, 6, 6])])
    x = net.node("Reshape", "merged_batch", [x, net.integers("merged_batch.shape", [-1, 36])])
    x = net.node("Reshape", "flat", [x, net.integers("flat.shape", [2, -1])])
    x = net.node("Flatten", "flatten_again", [x], axis=-1)
    return net.build(net.node("Gemm", "head", [x, net.weight("head.weight", 288, 3)]))


@model
def chains():
    """Shape arithmetic as exporters leave it with a dynamic batch."""
    net = Net(opset=17)
    net.node("Shape", "shape", ["x"])
    net.node("Constant", "zero", [], value_int=0)
    batch = net.node("Gather", "batch", ["shape", "zero"])
    net.node("Constant", "axes", [], value_ints=[0])
    batch = net.node("Unsqueeze", "batch_list", [batch, "axes"])
    net.node("Constant", "rest", [], value_ints=[-1])
    target = net.node("Concat", "target", [batch, "rest"], axis=0)
    x = net.node("Reshape", "view", ["x", target])
    net.node("Constant", "starts", [], value_ints=[0])
    net.node("Constant", "ends", [], value_ints=[1])
    first = net.node("Slice", "first", ["shape", "starts", "ends"])
    size = net.node("Mul", "size", [net.node("Cast", "cast", [first], to=TensorProto.INT64), net.integers("four", [4])])
    ones = net.node("ConstantOfShape", "ones", ["starts_list"], value=numpy_helper.from_array(np.array([1], np.int64)))
    net.integers("starts_list", [1])
    equal = net.node("Equal", "equal", [ones, net.integers("minus", [-1])])
    size = net.node("Where", "where", [equal, ones, size])
    x = net.node("Reshape", "rows", [x, net.node("Concat", "rows_shape", [size, net.integers("columns", [36])], axis=0)])
    x = net.node("Reshape", "back", [x, net.node("Concat", "back_shape", [first, net.integers("all", [144])], axis=0)])
    scale = net.node("Div", "scale", [net.tensor("numerator", 1), net.tensor("denominator", 4)])
    x = net.node("Mul", "scaled", [x, scale])
    return net.build(net.node("Gemm", "head", [x, net.weight("head.weight", 144, 3)]))


@model
def chains_old():
    """Shape arithmetic of opset 9."""
    net = Net(opset=9)
    net.node("Shape", "shape", ["x"])
    first = net.node("Slice", "first", ["shape"], axes=[0], starts=[0], ends=[1])
    rest = net.node("Constant", "rest", [], value=numpy_helper.from_array(np.array(-1, np.int64)))
    target = net.node("Concat", "target", [first, net.node("Unsqueeze", "rest_list", [rest], axes=[0])], axis=0)
    x = net.node("Reshape", "view", ["x", target])
    return net.build(net.node("Gemm", "head", [x, net.weight("head.weight", 144, 3), net.weight("head.bias", 3)]))


@model
def several():
    """Two inputs that share the batch, one that has none, two outputs."""
    net = Net(shape=("N", 4))
    net.inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                  for name, shape in (("image", ("M", 2, 3, 3)), ("scale", ()))]
    pooled = net.node("GlobalAveragePool", "pool", ["image"])
    both = net.node("Concat", "both", ["x", net.node("Flatten", "flat", [pooled])], axis=1)
    scaled = net.node("Mul", "scaled", [both, "scale"])
    logits = net.node("MatMul", "head", [scaled, net.weight("head.weight", 6, 3)])
    return net.build(logits, others=[net.node("Conv", "conv", ["image", net.weight("conv.weight", 1, 2, 2, 2)])])


@model
def fixed_batch():
    """A graph that is right for two samples alone: it mixes them."""
    net = Net(shape=(2, 4))
    x = net.node("Transpose", "mix", [net.node("MatMul", "product", ["x", net.weight("product.weight", 4, 3)])])
    x = net.node("Reshape", "lost", [x, net.integers("lost.shape", [6])])
    x = net.node("Softmax", "softmax", [net.node("Reshape", "back", [x, net.integers("back.shape", [2, 3])])], axis=0)
    return net.build(net.node("Mul", "scaled", [x, net.node("ReduceMean", "mean", [x, net.integers("all", [0, 1])], keepdims=1)]))


@model
def spatial():
    net = Net(opset=8)
    parts = [net.tensor(part, np.ones(4)) for part in ("scale", "bias", "mean", "variance")]
    return net.build(net.head(net.node("BatchNormalization", "norm", ["x", *parts], spatial=0), 144))


@model
def softmax():
    net = Net(shape=("N", 3))
    x = net.node("Softmax", "softmax", ["x"])
    return net.build(net.node("LogSoftmax", "log_softmax", [x], axis=1))


@model
def sharing():
    """Uniform initializers in several slots, also through Identity, and a matrix that is tied."""
    net = Net(shape=("N", 4))
    net.tensor("ones", np.ones(4))
    net.tensor("zeros", np.zeros(4))
    net.node("Identity", "alias", ["ones"])
    net.weight("square", 4, 4)
    x = net.node("MatMul", "first", ["x", "square"])
    x = net.node("BatchNormalization", "norm1", [x, "ones", "zeros", "zeros", "ones"])
    x = net.node("MatMul", "second", [x, "square"])
    x = net.node("BatchNormalization", "norm2", [x, "alias", "bias2", "mean2", "ones"])
    net.tensor("bias2", np.zeros(4))
    net.tensor("mean2", np.zeros(4))
    return net.build(net.head(x, 4))


@model
def removed_bias():
    """A convolution whose bias of zeros the dynamo exporter's optimizer took away."""
    net = Net()
    x = net.node("Conv", "conv", ["x", net.weight("conv.weight", 2, 4, 1, 1)])
    entry = net.nodes[-1].metadata_props.add()
    entry.key, entry.value = "pkg.onnxscript.rewriter.rule_name", "RemoveOptionalBiasFromConv"
    return net.build(net.head(x, 72))


@model
def squeezed():
    """A batch of one is not squeezed."""
    net = Net(shape=(1, 4, 6, 6))
    x = net.node("GlobalMaxPool", "pooled", ["x"])
    return net.build(net.node("Gemm", "head", [net.node("Squeeze", "squeeze", [x]), net.weight("head.weight", 4, 3)]))


@model
def dead_nodes():
    net = Net()
    net.node("Relu", "dead_end", [net.node("Add", "dead", ["x", net.weight("dead.weight", 6)])])
    return net.build(net.head("x", 144))


if __name__ == "__main__":
    onnx.save(MODELS[sys.argv[1]](), sys.argv[2])
