# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The models that the import refuses."""
from onnx import TensorProto, helper

from net import Net, model


@model
def unsupported():
    """Three nodes of unknown kind, one in another domain, one behind another."""
    net = Net()
    x = net.node("RegexFullMatch", "first", ["x"])
    x = net.node("StringNormalizer", "second", [x])
    x = net.node("Fancy", "third", [x], domain="com.example")
    return net.build(net.head(x, 144), domain="com.example")


@model
def too_new():
    net = Net(opset=17)
    return net.build(net.head(net.node("Gelu", "gelu", ["x"]), 144))


@model
def old_opset():
    net = Net(opset=6)
    return net.build(net.head("x", 144))


@model
def new_form():
    """Forms of later opsets."""
    net = Net(opset=12)
    net.node("Unsqueeze", "unsqueeze", ["x", net.integers("axes", [1])])
    net.node("ReduceSum", "sum", ["x", "axes"], axes=[1])
    net.node("ReduceMax", "max", ["x"], axes=[1], noop_with_empty_axes=1)
    return net.build(net.head("x", 144))


@model
def old_form():
    """Forms of earlier opsets."""
    net = Net(opset=13)
    net.node("Unsqueeze", "unsqueeze", ["x"], axes=[1])
    net.node("ReduceSum", "sum", ["x", net.integers("axes", [1])], axes=[1])
    net.node("Clip", "clip", ["x"], min=0.0)
    return net.build(net.head("x", 144))


@model
def two_inputs():
    """Two inputs of one name."""
    net = Net()
    net.inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, net.shape)]
    return net.build(net.head("x", 144))


@model
def constant_output():
    net = Net()
    net.node("Identity", "copy", [net.weight("weight", 3)])
    return net.build(net.head("x", 144), others=["copy"])


@model
def old_ir():
    net = Net(opset=13)
    return net.build(net.head("x", 144), ir_version=2)


@model
def missing():
    net = Net()
    return net.build(net.node("Gemm", "head", [net.node("Flatten", "flatten", ["x"]), "head.weight"]))


@model
def mismatch():
    net = Net()
    x = net.node("Conv", "conv", ["x", net.weight("conv.weight", 8, 3, 3, 3)])
    return net.build(net.head(x, 128))


@model
def cycle():
    net = Net()
    x = net.node("Add", "first", ["x", "second"])
    net.node("Relu", "second", [x])
    return net.build(net.head("second", 144))


@model
def huge():
    net = Net(shape=("N", 1 << 30, 1 << 30, 1 << 30))
    return net.build(net.head("x", 144))


@model
def huge_initializer():
    net = Net()
    net.initializers.append(TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1 << 40, 1 << 40], raw_data=b"1234"))
    return net.build(net.head("x", 144))


@model
def huge_expand():
    net = Net()
    x = net.node("Expand", "expand", ["x", net.integers("shape", [1 << 20, 1 << 20, 1 << 20, 4, 6, 6])])
    return net.build(net.head(x, 144))


@model
def short_data():
    net = Net()
    net.initializers.append(TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], raw_data=b"1234"))
    return net.build(net.head("x", 144))


@model
def twice():
    net = Net()
    net.node("Relu", "a", ["x"])
    net.node("Relu", "b", ["x"], outputs=["a"])
    return net.build(net.head("a", 144))


@model
def batch_lost():
    net = Net(shape=(2, 4, 6, 6))
    x = net.node("Reshape", "lost", ["x", net.integers("lost.shape", [144, 2])])
    return net.build(net.node("Gemm", "head", [x, net.weight("head.weight", 2, 3)]))


@model
def mask_used():
    net = Net()
    net.node("Dropout", "dropout", ["x"], outputs=["dropped", "mask"])
    x = net.node("Cast", "cast", ["mask"], to=TensorProto.FLOAT)
    return net.build(net.head(x, 144))


@model
def no_inputs():
    """Nodes that lack inputs, at the end or in the middle."""
    net = Net()
    for op in ("Transpose", "Reshape", "Squeeze", "Expand", "Flatten", "Concat", "Shape", "Cast", "Gather", "Slice", "Where"):
        net.node(op, op.lower(), [] if op != "Where" else ["", "", ""])
    x = net.node("Add", "add", ["x", ""])
    return net.build(net.head(x, 144))


@model
def bad_attribute():
    net = Net()
    x = net.node("Relu", "relu", ["x"], colour="red")
    x = net.node("LeakyRelu", "leaky", [x], alpha=1)
    return net.build(net.head(x, 144))


@model
def repeated():
    """Conversions to strings, and ops that are not known, one behind another."""
    net = Net()
    for index in range(3):
        net.node("RegexFullMatch", f"match{index}", [net.node("Cast", f"cast{index}", ["x"], to=8)], pattern="a")
    return net.build(net.head("x", 144))


@model
def schema():
    net = Net()
    net.node("LeakyRelu", "leaky", ["x"], alpha=0.1)
    net.nodes[-1].attribute.append(helper.make_attribute("alpha", 0.2))
    net.node("Relu", "relu", ["x"], ["a", "b"])
    return net.build(net.head("x", 144))
