# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains a description in PyTorch, in f64."""
import numpy as np
import torch
import torch.nn.functional as F
import torch_form
from description import STEPS, images_and_labels, initial_value

NOISE = 1e-14


class Network(torch.nn.Module):
    """noise: the results of all nodes are multiplied by 1 + noise * normal numbers, as roundings might."""

    def __init__(self, description, noise=0.0):
        super().__init__()
        self.description, self.noise = description, noise
        self.random = torch.Generator().manual_seed(1)
        self.values = {name: torch.from_numpy(initial_value(description, name)) for name in description["params"]}
        self.trained = [name for name, param in description["params"].items() if not param.get("statistic")]
        for name in self.trained:
            self.values[name].requires_grad_()
        self.numbers = {name: torch.tensor(number, dtype=torch.float64) for name, number in description["numbers"].items()}

    def forward(self, x):
        values = {"x": x, **self.numbers, **self.values}
        for node in self.description["nodes"]:
            inputs = [values[name] if name else None for name in node["in"]]
            if node["op"] == "BatchNormalization":
                results = (self.batch_norm(node, *inputs),)
            else:
                results = torch_form.apply(node, inputs)
            values.update(zip(node["out"], map(self.disturb, results)))
        return values["logits"]

    def disturb(self, result):
        if not self.noise or not result.is_floating_point():
            return result
        return result * (1 + self.noise * torch.randn(result.shape, generator=self.random, dtype=torch.float64))

    def batch_norm(self, node, x, scale, bias, mean, variance):
        epsilon = torch_form.f32(node["a"].get("epsilon", 1e-5))
        keep = torch_form.f32(node["a"].get("momentum", 0.9))
        if not self.training:
            return F.batch_norm(x, mean, variance, scale, bias, False, 0.0, epsilon)
        if self.description["recipe"].get("running_variance") == "sample":  # PyTorch's own rule
            return F.batch_norm(x, mean, variance, scale, bias, True, 1 - keep, epsilon)
        with torch.no_grad():
            axes = [0, *range(2, x.dim())]
            for name, new in zip(node["in"][3:], (x.mean(axes), x.var(axes, correction=0))):
                self.values[name] = keep * self.values[name] + (1 - keep) * new
        return F.batch_norm(x, None, None, scale, bias, True, 0.0, epsilon)


def make_optimizer(keys, parameters):
    keys = {"lr": keys["lr"], **{key: value for key, value in keys.items() if key != "name"}} | {"name": keys["name"]}
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[keys.pop("name")]
    keys.setdefault("weight_decay", 0.0)
    return kind(parameters, **keys)


def normalized(images):
    return (torch.from_numpy(images).to(torch.float64) / 255 - 0.5) / 0.25


def train(description, noise=0.0):
    """{losses of the steps, evaluation: loss on the test images, tensors: name -> (initial, trained) arrays}"""
    network = Network(description, noise)
    initial = {name: value.detach().numpy().copy() for name, value in network.values.items()}
    images, labels = images_and_labels(description, "train")
    smoothing = description["recipe"].get("label_smoothing", 0.0)
    optimizer = make_optimizer(description["recipe"]["optimizer"], [network.values[name] for name in network.trained])
    losses, batch = [], description["batch"]
    for step in range(STEPS):
        rows = slice(step * batch, (step + 1) * batch)
        optimizer.zero_grad()
        logits = network(normalized(images[rows]))
        if logits.shape[1:] != (description["classes"],):
            raise ValueError("the logits are not of these classes")
        loss = F.cross_entropy(logits, torch.from_numpy(labels[rows]), label_smoothing=smoothing)
        loss.backward()
        for name in network.trained:  # without a path to the loss the gradient is 0
            if network.values[name].grad is None:
                network.values[name].grad = torch.zeros_like(network.values[name])
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "evaluation": evaluate(network, smoothing),
            "tensors": {name: (initial[name], value.detach().numpy().copy()) for name, value in network.values.items()}}


def evaluate(network, smoothing):
    """The loss on the test images; None for a network that makes something else of an image in another batch."""
    images, labels = images_and_labels(network.description, "test")
    network.eval()
    with torch.no_grad():
        sums = [sum(F.cross_entropy(network(part), of_part, label_smoothing=smoothing, reduction="sum").item()
                    for part, of_part in zip(normalized(images).split(size), torch.from_numpy(labels).split(size)))
                for size in (network.description["batch"], len(images))]
    return sums[0] / len(labels) if abs(sums[0] - sums[1]) <= 1e-10 * abs(sums[0]) else None


def is_well_conditioned(description, bound):
    """True where roundings decide nothing: the figures with and without noise agree."""
    from figures import compare
    torch.set_num_threads(1)
    with np.errstate(all="ignore"):
        plain, noisy = train(description), train(description, NOISE)
    return not compare(plain, noisy, bound), plain
