# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds ONNX graphs of convolutional networks, layer by layer, with initial values from a fixed seed."""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

OPSET = 20
SWISH_OPSET = 24  # the first with Swish


class Graph:
    """Collects nodes and initializers; methods take and return the name of the value that they compute from and compute."""

    def __init__(self, name, seed=0):
        self.name = name
        self.random = np.random.default_rng(seed)
        self.nodes = []
        self.initializers = []
        self.opset = OPSET

    def tensor(self, name, values):
        self.initializers.append(numpy_helper.from_array(np.asarray(values, dtype=np.float32), name))
        return name

    def node(self, op, name, inputs, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def uniform(self, name, shape):
        """Uniform within 1/sqrt(fan in), as PyTorch's default for convolutions and linear layers."""
        bound = 1 / np.sqrt(np.prod(shape[1:]))
        return self.tensor(name, self.random.uniform(-bound, bound, shape))

    def conv(self, x, name, channels, kernel=3, stride=1, pad=None, bias=False, groups=1):
        """channels: (in, out)."""
        pad = kernel // 2 if pad is None else pad
        inputs = [x, self.uniform(f"{name}.weight", (channels[1], channels[0] // groups, kernel, kernel))]
        if bias:
            inputs.append(self.tensor(f"{name}.bias", np.zeros(channels[1])))
        return self.node("Conv", name, inputs, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4, group=groups)

    def norm(self, x, name, channels, epsilon=1e-5, keep=0.9):
        parts = {"scale": 1, "bias": 0, "mean": 0, "var": 1}
        inputs = [self.tensor(f"{name}.{part}", np.full(channels, value)) for part, value in parts.items()]
        return self.node("BatchNormalization", name, [x, *inputs], epsilon=epsilon, momentum=keep)

    def activation(self, x, name, kind="Relu"):
        if kind == "Swish":
            self.opset = SWISH_OPSET
        limits = [self.tensor(f"{name}.min", 0), self.tensor(f"{name}.max", 6)] if kind == "Clip" else []
        return self.node(kind, name, [x, *limits])

    def max_pool(self, x, name, size):
        return self.node("MaxPool", name, [x], kernel_shape=[size] * 2, strides=[size] * 2)

    def global_pool(self, x, name, head="default"):
        """The mean of each channel, or its largest value; [N, channels]."""
        x = self.node("GlobalMaxPool" if head == "global_max" else "GlobalAveragePool", name, [x])
        return self.node("Flatten", "flatten", [x])

    def linear(self, x, name, features, bias=True):
        """features: (in, out)."""
        inputs = [x, self.uniform(f"{name}.weight", features[::-1])]
        if bias:
            inputs.append(self.tensor(f"{name}.bias", np.zeros(features[1])))
        return self.node("Gemm", name, inputs, transB=1)

    def model(self, logits, classes, size=32):
        """The checked model with input x [N, 3, size, size] and the given value [N, classes] as output."""
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, size, size])
        y = helper.make_tensor_value_info(logits, TensorProto.FLOAT, ["N", classes])
        graph = helper.make_graph(self.nodes, self.name, [x], [y], self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], producer_name="tally-zoo",
                                  ir_version=10)
        checker.check_model(model, full_check=True)
        return model
