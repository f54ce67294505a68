# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Grows a description node by node: each node is computed at once, so that shapes and ranges are known to what chooses the next."""
import random

import numpy as np
import onnx_form
import torch
import torch_form
from description import images_and_labels, initial_value

LARGEST = 400  # elements of a value for each image


class Unfit(Exception):
    """The choice cannot be made here; another is tried."""


class Builder:
    def __init__(self, seed, excluded=()):
        self.random = random.Random(seed)
        self.excluded = set(excluded)  # ops not to be used
        choice = self.random.choice
        self.opset = choice([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 18, 19, 20, 20, 21, 21, 22, 23, 24, 25, 26, 28])
        self.description = {
            "seed": seed, "opset": self.opset, "batch": choice([2, 3, 4, 5]), "classes": choice([2, 3, 5, 7]),
            "shape": [choice([1, 2, 3, 4]), choice([3, 4, 5, 6, 7, 9]), choice([3, 4, 5, 6, 7, 9])],
            "type": choice(["double", "double", "float"]), "constants": choice(["initializer", "node"]),
            "batch_form": choice(["symbolic", "symbolic", "static"]),
            "params": {}, "numbers": {}, "nodes": [], "recipe": {}}
        self.batch = self.description["batch"]
        images, _ = images_and_labels(self.description | {"recipe": {}}, "train")
        self.values = {"x": (torch.from_numpy(images[: self.batch]).to(torch.float64) / 255 - 0.5) / 0.25}
        self.constants = {}  # params and numbers as tensors
        self.unused = ["x"]
        self.number_of_names = 0

    # What is there.
    def shape(self, name):
        """Without the batch."""
        return list(self.values[name].shape[1:])

    def rank(self, name):
        return self.values[name].dim()

    def range(self, name):
        value = self.values[name]
        return value.min().item(), value.max().item()

    def pick(self, fits=lambda name: True, recent=True):
        """A value, more often an unused or a recent one."""
        names = [name for name in self.values if fits(name)]
        if not names:
            raise Unfit
        unused = [name for name in names if name in self.unused]
        if unused and self.random.random() < 0.7:
            return self.random.choice(unused)
        return self.random.choice(names[-4:] if recent and self.random.random() < 0.6 else names)

    def chance(self, probability):
        return self.random.random() < probability

    # What is added.
    def name(self, kind):
        self.number_of_names += 1
        return f"{kind}{self.number_of_names}"

    def param(self, shape, low=-1.0, high=1.0, statistic=False, slot="w"):
        """A tensor that is trained; outside of weight, scale and bias slots it must have more than one element."""
        name = self.name(slot)
        self.description["params"][name] = {"shape": list(shape), "low": low, "high": high, **({"statistic": True} if statistic else {})}
        self.constants[name] = torch.from_numpy(initial_value(self.description, name))
        return name

    def refresh(self, name, **ranges):
        """Another range for a parameter that nothing has read yet."""
        self.description["params"][name] |= ranges
        self.constants[name] = torch.from_numpy(initial_value(self.description, name))

    def weight(self, shape, fan_in):
        bound = (3.0 / max(fan_in, 1)) ** 0.5
        return self.param(shape, -bound, bound)

    def number(self, value):
        """A constant of one element, exact in f32."""
        name = self.name("c")
        self.description["numbers"][name] = float(np.float32(value))
        self.constants[name] = torch.tensor(float(np.float32(value)), dtype=torch.float64)
        return name

    def real(self, low, high):
        return float(np.float32(self.random.uniform(low, high)))

    def node_of_batch(self, op, *inputs, **a):
        """A result whose first dimension is not the batch: only the family that made it goes on with it."""
        return self.node(op, *inputs, of_batch=True, **a)

    def node(self, op, *inputs, outputs=1, of_batch=False, **a):
        """The names of the results (one: its name). Raises Unfit where the op is not there or its result cannot go on."""
        if op in self.excluded or not onnx_form.exists(op, self.opset) or (op == "Celu" and self.description["type"] == "double"):
            raise Unfit
        given = [(self.values.get(name) if name in self.values else self.constants[name]) if name else None for name in inputs]
        names = [self.name("v") for _ in range(outputs)]
        node = {"op": op, "in": list(inputs), "out": names, "a": a}
        try:
            results = torch_form.apply(node, given)
        except (RuntimeError, IndexError, ValueError) as error:
            raise Unfit(f"{op}: {error}") from error
        for result in results:
            real = result.is_floating_point()
            leads = result.dim() > 0 and len(result) == self.batch
            if not 0 < result.numel() <= LARGEST * self.batch or not (leads or of_batch):
                raise Unfit
            if real and not (torch.isfinite(result).all() and result.abs().max() < 1e4):
                raise Unfit
        self.description["nodes"].append(node)
        for name in inputs:
            if name in self.unused:
                self.unused.remove(name)
        for name, result in zip(names, results):
            if result.is_floating_point() and not of_batch:
                self.values[name] = result
                self.unused.append(name)
            else:
                self.constants[name] = result  # nor are masks and positions anything for others to choose
        return names if outputs > 1 else names[0]

    # Ranges.
    def tame(self, x):
        """x scaled where it is large or small."""
        spread = self.values[x].abs().max().item()
        if 0.05 < spread < 6:
            return x
        if spread < 1e-6:
            raise Unfit
        if spread > 60 and self.chance(0.3):
            return self.node("Tanh", self.node("Mul", x, self.number(2 / spread)))
        return self.node("Mul", x, self.number(2 / spread))

    def into(self, x, domain):
        """x mapped so that all that it can ever be is in a domain."""
        choose = self.random.randrange
        if domain == "unit":  # (-0.9, 0.9)
            y = self.node("Sin" if choose(2) else "Tanh", x)
            return self.node("Mul", y, self.number(0.875))
        if domain == "positive":  # above 0.25
            way = choose(4)
            y = self.node("Abs", x) if way == 0 else self.node("Mul", x, x) if way == 1 else self.node("Sigmoid", x) if way == 2 else \
                self.node("Softplus", x)
            return self.node("Add", y, self.number(self.real(0.25, 1)))
        if domain == "above 1":
            return self.node("Add", self.into(x, "positive"), self.number(1))
        if domain == "small":  # |x| up to about 2
            if self.chance(0.5):
                return self.node("Tanh", x)
            return x if max(map(abs, self.range(x))) < 3 else self.node("Clip", x, min=-2.5, max=2.25)
        return x
