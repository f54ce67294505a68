# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Speed of a training step of JAX on the CPU, jitted, channels last: peer_jax.py MODEL.onnx

Nodes become calls of jax.numpy and jax.lax one by one. Needs the packages of requirements-jax.txt.
"""
from peer import DECAY, LEARNING_RATE, MOMENTUM, image_shape, memory, parse, print_speed

options = parse(__doc__)  # before jax counts the processors

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from jax import lax  # noqa: E402

LAYOUT = ("NHWC", "HWIO", "NHWC")
SPATIAL = (1, 2)


def conv(a, x, w, b=None):
    pads = a.get("pads", [0, 0, 0, 0])
    y = lax.conv_general_dilated(x, w.transpose(2, 3, 1, 0), a.get("strides", [1, 1]), list(zip(pads[:2], pads[2:])),
                                 rhs_dilation=a.get("dilations", [1, 1]), dimension_numbers=LAYOUT, feature_group_count=a.get("group", 1))
    return y if b is None else y + b


def normalize(a, x, scale, bias, mean, variance):
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axes), x.var(axes)
    return (x - mean) * lax.rsqrt(variance + a.get("epsilon", 1e-5)) * scale + bias


def pool(a, x, start, combine):
    pads = a.get("pads", [0, 0, 0, 0])
    window, strides = (1, *a["kernel_shape"], 1), (1, *a.get("strides", [1, 1]), 1)
    return lax.reduce_window(x, start, combine, window, strides, ((0, 0), (pads[0], pads[2]), (pads[1], pads[3]), (0, 0)))


def average_pool(a, x):
    return pool(a, x, 0.0, lax.add) / float(np.prod(a["kernel_shape"]))


def flatten(a, x):
    return (x.transpose(0, 3, 1, 2) if x.ndim == 4 else x).reshape(x.shape[0], -1)


OPS = {
    "Add": lambda a, x, y: x + y,
    "AveragePool": average_pool,
    "BatchNormalization": normalize,
    "Clip": lambda a, x, low, high: jnp.clip(x, low, high),
    "Concat": lambda a, *xs: jnp.concatenate(xs, {1: -1}[a["axis"]]),
    "Conv": conv,
    "Flatten": flatten,
    "Gelu": lambda a, x: jax.nn.gelu(x, approximate=a.get("approximate", b"none") == b"tanh"),
    "Gemm": lambda a, x, w, b=0.0: x @ w.T + b,
    "GlobalAveragePool": lambda a, x: x.mean(SPATIAL, keepdims=True),
    "GlobalMaxPool": lambda a, x: x.max(SPATIAL, keepdims=True),
    "MaxPool": lambda a, x: pool(a, x, -jnp.inf, lax.max),
    "Mul": lambda a, x, y: x * y,
    "Relu": lambda a, x: jax.nn.relu(x),
}

before = memory("VmRSS")
graph = onnx.load(options.model).graph
arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
shape, classes = image_shape(graph)
statistics = {name for node in graph.node if node.op_type == "BatchNormalization" for name in node.input[3:]}
constants = {name: value for name, value in arrays.items() if value.ndim == 0 or name in statistics}
parameters = {name: jnp.asarray(value) for name, value in arrays.items() if name not in constants}
momenta = jax.tree.map(jnp.zeros_like, parameters)
random = np.random.default_rng(0)
x = jnp.asarray(random.standard_normal((options.batch, *shape[1:], shape[0]), dtype=np.float32))
labels = jnp.asarray(random.integers(0, classes, options.batch))


def loss_of(parameters):
    values = {**constants, **parameters, graph.input[0].name: x}
    for node in graph.node:
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        values[node.output[0]] = OPS[node.op_type](attributes, *(values[name] for name in node.input))
    return -jnp.take_along_axis(jax.nn.log_softmax(values[graph.output[0].name]), labels[:, None], 1).mean()


def update(parameters, momenta):
    gradients = jax.grad(loss_of)(parameters)
    gradients = jax.tree.map(lambda g, p: g + DECAY * p, gradients, parameters)
    momenta = jax.tree.map(lambda m, g: MOMENTUM * m + g, momenta, gradients)
    return jax.tree.map(lambda p, m, g: p - LEARNING_RATE * (g + MOMENTUM * m), parameters, momenta, gradients), momenta


update = jax.jit(update, donate_argnums=(0, 1))


def step():
    global parameters, momenta
    parameters, momenta = jax.block_until_ready(update(parameters, momenta))


print_speed(step, options.batch, before)
