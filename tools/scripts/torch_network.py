# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An ONNX network as PyTorch code: nodes are run one by one with torch functions, initializers are parameters."""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

WEIGHT_SLOTS = {"Conv": ("conv.weight", "bias"), "Gemm": ("linear.weight", "bias"), "MatMul": ("linear.weight",)}
NORM_SLOTS = ("norm.scale", "norm.bias", "norm.mean", "norm.variance")


def padding(attributes, x, value=0.0):
    """x and the padding that is left to the op: all of it where both sides are equal, none where x had to be padded before."""
    if attributes.get("auto_pad", b"NOTSET") == b"SAME_UPPER":
        sizes = zip(x.shape[2:], attributes["kernel_shape"], attributes.get("strides", [1, 1]))
        (y, x_) = [max((-(-size // stride) - 1) * stride + kernel - size, 0) for size, kernel, stride in sizes]
        attributes = {"pads": [y // 2, x_ // 2, y - y // 2, x_ - x_ // 2]}
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    if top == bottom and left == right:
        return x, (top, left)
    return F.pad(x, (left, right, top, bottom), value=value), 0  # torch pads from the last dimension


class Network:
    """values: name -> tensor of every float initializer; kinds: name -> slot; call() runs the graph."""

    def __init__(self, path, dtype=torch.float32):
        model = onnx.load(path)
        self.graph = model.graph
        self.dtype = dtype
        self.values, self.kinds, self.constants = {}, {}, {}
        for tensor in self.graph.initializer:
            array = torch.tensor(np.array(numpy_helper.to_array(tensor)))
            if array.is_floating_point():
                self.values[tensor.name] = array.to(dtype)
            else:
                self.constants[tensor.name] = array
        for node in self.graph.node:
            slots = NORM_SLOTS if node.op_type == "BatchNormalization" else WEIGHT_SLOTS.get(node.op_type, ())
            for name, slot in zip(node.input[1:], slots):
                if name in self.values:
                    self.kinds[name] = slot
        for name, value in list(self.values.items()):
            if name not in self.kinds and value.numel() <= 1:
                self.constants[name] = self.values.pop(name)
            elif name not in self.kinds:
                self.kinds[name] = "other"
        self.statistics = [name for name, kind in self.kinds.items() if kind in NORM_SLOTS[2:]]
        self.parameters = [name for name in self.kinds if name not in self.statistics]

    def __call__(self, x, training, keep=None, epsilon=None, sample_variance=False):
        values = {**self.constants, **self.values, self.graph.input[0].name: x}
        for node in self.graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            inputs = [values[name] if name else None for name in node.input]
            if node.op_type == "BatchNormalization":
                # Attributes and their defaults are f32.
                eps = attributes.get("epsilon", float(np.float32(1e-5))) if epsilon is None else epsilon
                weight = attributes.get("momentum", float(np.float32(0.9))) if keep is None else keep
                result = self.batch_norm(node, inputs, training, weight, eps, sample_variance)
            else:
                result = OPS[node.op_type](attributes, *inputs)
            values[node.output[0]] = result
        return values[self.graph.output[0].name]

    def batch_norm(self, node, inputs, training, keep, epsilon, sample_variance):
        x, scale, bias, mean, variance = inputs
        if not training:
            return F.batch_norm(x, mean, variance, scale, bias, False, 0.0, epsilon)
        if sample_variance:  # PyTorch's own rule; updates mean and variance in place
            return F.batch_norm(x, mean, variance, scale, bias, True, 1 - keep, epsilon)
        with torch.no_grad():
            axes = [0, *range(2, x.dim())]
            new_mean, new_variance = x.mean(axes), x.var(axes, correction=0)
            for name, new in zip(node.input[3:], (new_mean, new_variance)):
                self.values[name] = keep * self.values[name] + (1 - keep) * new
        return F.batch_norm(x, None, None, scale, bias, True, 0.0, epsilon)


def conv(attributes, x, w, b=None):
    attributes.setdefault("kernel_shape", w.shape[2:])
    x, rest = padding(attributes, x)
    return F.conv2d(x, w, b, padding=rest, stride=attributes.get("strides", 1), dilation=attributes.get("dilations", 1),
                    groups=attributes.get("group", 1))


def max_pool(attributes, x):
    x, rest = padding(attributes, x, -torch.inf)
    return F.max_pool2d(x, attributes["kernel_shape"], padding=rest, stride=attributes.get("strides", 1),
                        dilation=attributes.get("dilations", 1), ceil_mode=bool(attributes.get("ceil_mode", 0)))


def average_pool(attributes, x):
    size, strides = attributes["kernel_shape"], attributes.get("strides", 1)
    padded, rest = padding(attributes, x)
    total = F.avg_pool2d(padded, size, padding=rest, stride=strides, divisor_override=1)
    if attributes.get("count_include_pad", 0):
        return total / float(np.prod(size))
    padded, rest = padding(attributes, torch.ones_like(x[:1, :1]))
    return total / F.avg_pool2d(padded, size, padding=rest, stride=strides, divisor_override=1)


def gemm(attributes, a, b, c=None):
    if attributes == {"transB": 1}:
        return F.linear(a, b, c)
    a = a.T if attributes.get("transA", 0) else a
    b = b.T if attributes.get("transB", 0) else b
    y = attributes.get("alpha", 1.0) * (a @ b)
    return y if c is None else y + attributes.get("beta", 1.0) * c


def axes_of(attributes, axes, x):
    axes = attributes.get("axes") if axes is None else axes.tolist()
    return list(range(x.dim())) if axes is None else list(axes)


def reduce(function):
    return lambda attributes, x, axes=None: function(x, axes_of(attributes, axes, x), bool(attributes.get("keepdims", 1)))


def squeeze(attributes, x, axes):
    axes = sorted(axis % x.dim() for axis in axes_of(attributes, axes, x))
    return x.reshape([size for axis, size in enumerate(x.shape) if axis not in axes])


def unsqueeze(attributes, x, axes):
    for axis in sorted(axes.tolist()):
        x = x.unsqueeze(axis)
    return x


OPS = {
    "Add": lambda a, x, y: x + y,
    "AveragePool": average_pool,
    "Cast": lambda a, x: x,
    "Clip": lambda a, x, low=None, high=None: torch.clamp(x, low, high),
    "CastLike": lambda a, x, like: x,
    "Concat": lambda a, *xs: torch.cat(xs, a["axis"]),
    "Constant": lambda a: torch.tensor(np.array(numpy_helper.to_array(a["value"]))),
    "Conv": conv,
    "Div": lambda a, x, y: x / y,
    "Dropout": lambda a, x, *rest: x,
    "Erf": lambda a, x: torch.erf(x),
    "Expand": lambda a, x, shape: x.expand(torch.broadcast_shapes(x.shape, tuple(shape.tolist()))),
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Gather": lambda a, x, indices: x.select(a.get("axis", 0), int(indices)) if indices.dim() == 0 else x[indices],
    "Gelu": lambda a, x: F.gelu(x, approximate=a.get("approximate", b"none").decode()),
    "Gemm": gemm,
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "GlobalMaxPool": lambda a, x: F.max_pool2d(x, x.shape[2:]),
    "Identity": lambda a, x: x,
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a.get("alpha", 0.01)),
    "LogSoftmax": lambda a, x: F.log_softmax(x, a.get("axis", -1)),
    "MatMul": lambda a, x, y: x @ y,
    "MaxPool": max_pool,
    "Mul": lambda a, x, y: x * y,
    "ReduceMax": reduce(lambda x, axes, keep: torch.amax(x, axes, keep)),
    "ReduceMean": reduce(lambda x, axes, keep: torch.mean(x, axes, keep)),
    "ReduceSum": reduce(lambda x, axes, keep: torch.sum(x, axes, keep)),
    "Relu": lambda a, x: F.relu(x),
    "Reshape": lambda a, x, shape: x.reshape([size or x.shape[i] for i, size in enumerate(shape.tolist())]),
    "Shape": lambda a, x: torch.tensor(x.shape),
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "Softmax": lambda a, x: F.softmax(x, a.get("axis", -1)),
    "Squeeze": squeeze,
    "Sub": lambda a, x, y: x - y,
    "Swish": lambda a, x: x * torch.sigmoid(a.get("alpha", 1.0) * x),
    "Tanh": lambda a, x: torch.tanh(x),
    "Transpose": lambda a, x: x.permute(a.get("perm", list(range(x.dim()))[::-1])),
    "Unsqueeze": unsqueeze,
}
