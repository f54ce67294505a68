# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What other counters say of four networks: counters.py [NETWORK...] [-o FILE.json]

Needs the packages of tools/scripts/requirements-counters.txt (`tools/scripts/peer-venv counters` prints a Python that has them). Makes the networks of
counter_networks.py, and from the nodes of each the same network in PyTorch, of the modules that a person would use, and in JAX, written as Flax
computes them. Runs each counter on the forward pass of one image in evaluation mode, FlopCounterMode and XLA also on that and the gradients of all parameters, and prints
what they count, with parts by kind of module or op where the counter tells them. The numbers are those of test/Cost/Inputs/counters.json.
A counter that fails is listed with its message.
"""
import argparse
import collections
import contextlib
import importlib.metadata
import io
import json
import logging
import pathlib
import tempfile
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import torch
from counter_networks import NETWORKS
from onnx import numpy_helper
from torch import nn

SHAPE = (1, 3, 32, 32)
PACKAGES = {"fvcore": "fvcore", "thop": "thop", "ptflops": "ptflops", "torchinfo": "torchinfo", "calflops": "calflops", "deepspeed": "deepspeed",
            "flop_counter_mode": "torch", "xla": "jax", "onnx_tool": "onnx-tool"}


class Nodes:
    """The nodes of a model with their attributes and constants; a product with a weight and the bias behind it are one node, Linear."""

    def __init__(self, model):
        graph = model.graph
        self.constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
        self.input, self.output = graph.input[0].name, graph.output[0].name
        users = collections.defaultdict(list)
        for node in graph.node:
            for name in node.input:
                users[name].append(node)
        self.list, biased = [], set()
        for node in graph.node:
            attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
            op, inputs, output = node.op_type, list(node.input), node.output[0]
            if op == "MatMul" and inputs[1] in self.constants:
                (bias,) = users[output]
                op, inputs, output = "Linear", [*inputs, bias.input[1]], bias.output[0]
                biased.add(output)
            elif op == "Gemm":
                op = "Linear"
            elif output in biased:
                continue
            self.list.append((op, inputs, output, attributes))


class Network(nn.Module):
    """A model in PyTorch."""

    def __init__(self, nodes):
        super().__init__()
        self.nodes, self.steps = nodes, []
        for op, inputs, output, attributes in nodes.list:
            weights = [torch.tensor(nodes.constants[name]) for name in inputs if name in nodes.constants]
            module = self.make(op, weights, attributes)
            if module is not None:
                setattr(self, output.replace(".", "_"), module)
            elif weights and op in ("Add", "Mul"):
                module = nn.Parameter(weights[0]) if weights[0].ndim else weights[0].item()
                if weights[0].ndim:
                    self.register_parameter(output, module)
            self.steps.append((op, [name for name in inputs if name not in nodes.constants], output, attributes, module))
        self.eval()

    @staticmethod
    def make(op, weights, attributes):
        """The module of a node; None where people write a function or an operator."""
        if op == "Conv":
            k, c, *_ = weights[0].shape
            group = attributes.get("group", 1)
            return nn.Conv2d(c * group, k, attributes["kernel_shape"], attributes["strides"], attributes.get("pads", [0, 0])[:2], groups=group, bias=len(weights) > 1)
        if op == "Linear":
            shape = weights[0].shape[::-1] if attributes.get("transB") else weights[0].shape
            return nn.Linear(*shape)
        if op == "AveragePool":
            return nn.AvgPool2d(attributes["kernel_shape"], attributes["strides"])
        makers = {"BatchNormalization": lambda: nn.BatchNorm2d(len(weights[0])), "LayerNormalization": lambda: nn.LayerNorm(len(weights[0])), "Relu": nn.ReLU,
                  "Clip": nn.ReLU6, "Gelu": nn.GELU, "Softmax": lambda: nn.Softmax(-1), "GlobalAveragePool": lambda: nn.AdaptiveAvgPool2d(1), "Flatten": nn.Flatten}
        return makers[op]() if op in makers else None

    def forward(self, x):
        values = {self.nodes.input: x}
        for op, inputs, output, attributes, module in self.steps:
            a, *rest = (values[name] for name in inputs)
            if isinstance(module, nn.Module):
                y = module(a)
            elif op == "Add":
                y = a + (module if module is not None else rest[0])
            elif op == "Mul":
                y = a * module
            elif op == "MatMul":
                y = a @ rest[0]
            elif op == "Concat":
                y = torch.cat([a, *rest], attributes["axis"])
            elif op == "Transpose":
                y = a.permute(attributes["perm"])
            elif op == "ReduceMean":
                y = a.mean(1)
            else:
                assert op == "Reshape", op
                y = a.reshape(a.shape[0], *self.nodes.constants[f"{output}.shape"][1:].tolist())
            values[output] = y
        return values[self.nodes.output]


def apply_jax(nodes, weights, x):
    """A model in JAX: BatchNormalization and LayerNormalization as flax.linen's, the rest functions of jax.nn, jax.lax and jax.numpy."""
    values = {nodes.input: x}

    def normalize(y, mean, variance, scale, bias, epsilon):
        return (y - mean) * (jax.lax.rsqrt(variance + epsilon) * scale) + bias

    for op, inputs, output, attributes in nodes.list:
        a, *rest = (values[name] if name in values else weights[name] if name in weights else nodes.constants[name] for name in inputs)
        if op == "Conv":
            pads = attributes.get("pads", [0] * 4)
            y = jax.lax.conv_general_dilated(a, rest[0], attributes["strides"], [(pads[0], pads[2]), (pads[1], pads[3])], feature_group_count=attributes.get("group", 1))
            y = y + rest[1][:, None, None] if len(rest) > 1 else y
        elif op == "Linear":
            y = a @ (rest[0].T if attributes.get("transB") else rest[0]) + rest[1]
        elif op == "BatchNormalization":
            scale, bias, mean, variance = (each[:, None, None] for each in rest)
            y = normalize(a, mean, variance, scale, bias, attributes["epsilon"])
        elif op == "LayerNormalization":
            mean = a.mean(-1, keepdims=True)
            variance = jnp.maximum(0.0, (a * a).mean(-1, keepdims=True) - mean * mean)
            y = normalize(a, mean, variance, *rest, attributes["epsilon"])
        elif op == "AveragePool":
            window, strides = (1, 1, *attributes["kernel_shape"]), (1, 1, *attributes["strides"])
            y = jax.lax.reduce_window(a, 0.0, jax.lax.add, window, strides, "VALID") / np.prod(window).item()
        elif op == "Concat":
            y = jnp.concatenate([a, *rest], attributes["axis"])
        elif op == "Reshape":
            y = a.reshape(a.shape[0], *rest[0][1:].tolist())
        elif op == "Mul":
            y = a * rest[0].item()
        else:
            y = {"Relu": jax.nn.relu, "Clip": lambda a, *_: jax.nn.relu6(a), "Gelu": lambda a: jax.nn.gelu(a, approximate=False), "Softmax": jax.nn.softmax, "Add": jnp.add,
                 "MatMul": jnp.matmul, "Transpose": lambda a: a.transpose(attributes["perm"]), "GlobalAveragePool": lambda a: a.mean((2, 3)),
                 "ReduceMean": lambda a, _: a.mean(1), "Flatten": lambda a: a.reshape(a.shape[0], -1)}[op](a, *rest)
        values[output] = y
    return values[nodes.output]


def sum_by(pairs):
    sums = collections.Counter()
    for name, number in pairs:
        sums[name] += number
    return {name: int(number) for name, number in sums.items() if number}


def leaves(network):
    return [module for module in network.modules() if not list(module.children())]


def class_of(module):
    return type(module).__name__


# Each: network, nodes, file -> {number: ...}; "total" is what the counter calls the operations of the forward pass.
def fvcore(network, nodes, file):
    from fvcore.nn import FlopCountAnalysis

    analysis = FlopCountAnalysis(network, torch.zeros(SHAPE))
    return {"total": analysis.total(), "parts": sum_by(analysis.by_operator().items())}


def thop(network, nodes, file):
    from thop import profile

    total, _, layers = profile(network, (torch.zeros(SHAPE),), verbose=False, ret_layer_info=True)
    return {"total": total, "parts": sum_by((class_of(network.get_submodule(name)), layer[0]) for name, layer in layers.items())}


def ptflops(network, nodes, file):
    from ptflops import get_model_complexity_info

    total, _ = get_model_complexity_info(network, SHAPE[1:], print_per_layer_stat=False, as_strings=False)
    return {"total": total}


def torchinfo(network, nodes, file):
    from torchinfo import summary

    found = summary(network, SHAPE, verbose=0)
    return {"total": found.total_mult_adds, "parts": sum_by((layer.class_name, layer.macs) for layer in found.summary_list if layer.is_leaf_layer)}


def calflops(network, nodes, file):
    from calflops import calculate_flops

    total, products, _ = calculate_flops(network, SHAPE, output_as_string=False, print_results=False, print_detailed=False)
    return {"total": total, "macs": products}


def deepspeed(network, nodes, file):
    from deepspeed.profiling.flops_profiler import FlopsProfiler

    profiler = FlopsProfiler(network)
    profiler.start_profile()
    network(torch.zeros(SHAPE))
    parts = sum_by((class_of(module), module.__flops__) for module in network.modules())
    found = {"total": profiler.get_total_flops(), "macs": profiler.get_total_macs(), "parts": parts}
    profiler.end_profile()
    return found


def flop_counter_mode(network, nodes, file):
    from torch.utils.flop_counter import FlopCounterMode

    def count(run):
        with FlopCounterMode(display=False) as counter:
            run()
        return counter.get_total_flops(), sum_by((str(op), number) for op, number in counter.get_flop_counts()["Global"].items())

    (total, parts), (training, _) = count(lambda: network(torch.zeros(SHAPE))), count(lambda: network(torch.zeros(SHAPE)).sum().backward())
    return {"total": total, "parts": parts, "with_gradients": training}


def xla(network, nodes, file):
    weights = {name: jnp.asarray(value) for name, value in nodes.constants.items() if value.dtype == np.float32 and value.ndim}

    def forward(weights, x):
        return apply_jax(nodes, weights, x)

    x = jnp.zeros(SHAPE)
    plain = jax.jit(forward).lower(weights, x)
    with_gradients = jax.jit(jax.value_and_grad(lambda weights, x: forward(weights, x).sum())).lower(weights, x)
    found = {name: analysis() for name, analysis in (("total", plain.cost_analysis), ("compiled", plain.compile().cost_analysis), ("with_gradients", with_gradients.cost_analysis))}
    return {**{name: each["flops"] for name, each in found.items()}, "transcendentals": found["total"].get("transcendentals", 0)}


def onnx_tool(network, nodes, file):
    import onnx_tool

    graph = onnx_tool.Model(str(file), {"verbose": False}).graph
    graph.shape_infer({nodes.input: np.zeros(SHAPE, np.float32)})
    graph.profile()
    parts = sum_by((node.op_type, node.macs[0]) for node in graph.nodemap.values())
    return {"total": graph.macs[0], "parts": parts}


COUNTERS = (fvcore, thop, ptflops, torchinfo, calflops, deepspeed, flop_counter_mode, xla, onnx_tool)


def whole(value):
    """A number as an integer, exactly."""
    if isinstance(value, dict):
        return value
    assert int(value) == value, value
    return int(value)


def count(counter, nodes, file):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return {name: whole(value) for name, value in counter(Network(nodes), nodes, file).items()}
    except Exception as error:  # whatever a counter throws is its answer
        return {"failed": f"{type(error).__name__}: {error}".splitlines()[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(NETWORKS)}; default: all")
    parser.add_argument("-o", "--output", type=pathlib.Path, help="file for the numbers, as JSON")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    numbers = collections.defaultdict(dict)
    for name in options.networks or NETWORKS:
        model = NETWORKS[name](name)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / f"{name}.onnx"
            onnx.save(model, file)
            for counter in COUNTERS:
                numbers[counter.__name__][name] = count(counter, Nodes(model), file)
                print(f"{counter.__name__} {name}: {numbers[counter.__name__][name]}", flush=True)
    if options.output:
        versions = {counter: f"{package} {importlib.metadata.version(package)}" for counter, package in PACKAGES.items()}
        options.output.write_text(json.dumps({"versions": versions, "numbers": numbers}, indent=1) + "\n")


if __name__ == "__main__":
    main()
