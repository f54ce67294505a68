# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains PyTorch modules as a user does, and compares first losses with PyTorch's own: from_torch.py FOLDER."""
import pathlib
import sys

import numpy as np
import tally
import torch
from torch import nn
from torch.nn import functional as F

folder = pathlib.Path(sys.argv[1])


class Block(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    """ResNet-20 with a third of its blocks and half of its channels."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.layers = nn.Sequential(Block(8, 8, 1), Block(8, 16, 2), Block(16, 32, 2))
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        y = self.layers(F.relu(self.bn(self.conv(x))))
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(y, 1), 1))


class Small(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.GELU(), nn.MaxPool2d(4), nn.Flatten())
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(8 * 8 * 8, 10)

    def forward(self, x):
        return self.head(self.dropout(self.features(x)))


random = np.random.default_rng(3)
count = 40  # one batch holds them all: its loss does not depend on their order
images, labels = random.integers(0, 256, (count, 3, 32, 32), dtype=np.uint8), np.arange(count) % 10
data = folder / "data"
data.mkdir()
for half in ("train", "test"):
    np.save(data / f"{half}_images.npy", images)
    np.save(data / f"{half}_labels.npy", labels)
recipe = {"loss": "cross_entropy", "optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9}, "epochs": 2, "batch_size": count,
          "batch_norm": {"running_variance": "sample"},
          "data": {"shape": [3, 32, 32], "classes": 10, "train_images": count, "test_images": count, "format": "npy",
                   "normalize": {"mean": [0, 0, 0], "std": [1, 1, 1]}}}
pixels, targets = torch.tensor(images) / 255, torch.tensor(labels)


def train_torch(module):
    optimizer, losses = torch.optim.SGD(module.train().parameters(), lr=0.05, momentum=0.9), []
    for _ in range(2):
        optimizer.zero_grad()
        loss = F.cross_entropy(module(pixels), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


torch.manual_seed(1)
for name, module in (("resnet", ResNet()), ("small", Small(0.0))):
    report = tally.cost(module, recipe, input_shape=(3, 32, 32))
    assert report.parameters >= sum(parameter.numel() for parameter in module.parameters())
    assert module.training, "the export changed the mode"
    result = tally.train(module, recipe, data, input_shape=(3, 32, 32), progress=False, threads=1)
    expected = train_torch(module)
    difference = max(abs(a - b) / b for a, b in zip(result.seeds[0].losses, expected))
    print(f"{name}: {report.parameters} parameters, losses {result.seeds[0].losses}, PyTorch's {expected}, layers {[layer.name for layer in report.most_expensive(2)]}")
    assert len(expected) == 2 and difference < 2e-4, difference

# Dropout is trained, also of a module in evaluation mode, whose mode stays.
dropped = Small(0.5).eval()
report = tally.cost(dropped, recipe, input_shape=(3, 32, 32))
assert not dropped.training and any("dropout" in layer.op for layer in report.layers if layer.phase == "forward")
print("dropout:", {layer.name for layer in report.layers if "dropout" in layer.op})

# Plausible calls of PyTorch's exporters.
network, image = ResNet(), torch.zeros(2, 3, 32, 32)
calls = {
    # These fold; an export in training mode changes the statistics of the module, which a later fold would lose.
    "default": {}, "legacy": {"dynamo": False}, "dynamo": {"dynamo": True},
    "legacy, training": {"dynamo": False, "training": torch.onnx.TrainingMode.TRAINING},
    "legacy, nothing folded": {"dynamo": False, "training": torch.onnx.TrainingMode.TRAINING, "do_constant_folding": False},
    "as documented": {"dynamo": True, "optimize": False},
    "as documented, training": {"dynamo": True, "optimize": False},
    "dynamic batch": {"dynamo": True, "optimize": False, "dynamic_shapes": ({0: torch.export.Dim("N")},)},
}
costs, names, folded = {}, {}, {}
for number, (name, options) in enumerate(calls.items()):
    path = folder / f"call{number}.onnx"
    network.train("training" in name)
    torch.onnx.export(network, (image,), str(path), **options)
    try:
        report = tally.cost(path, recipe, memory=False)
        costs[name], names[name] = report.complexity, {layer.name for layer in report.layers}
        print(f"call: {name}: {costs[name]}")
    except tally.TallyError as error:
        print(f"call: {name}: status {error.status} {next(line for line in str(error).splitlines() if ' error: ' in line)}")
        folded[name] = path
sys.stdout.flush()
print("only tally.export follows", file=sys.stderr)
path = tally.export(network, folder / "exported.onnx", (3, 32, 32))
report = tally.cost(path, recipe, memory=False)
assert set(costs.values()) == {report.complexity}, costs
assert all(each == {layer.name for layer in report.layers} for each in names.values()), names
assert {"layers.0.conv1", "layers.1.shortcut.1"} <= {layer.name for layer in report.layers}

# What an export has folded away comes back: the cost and the losses of the module, which was not trained.
restored = {**recipe, "batch_norm": {"running_variance": "sample", "restore": True}}
expected = train_torch(network)
for name, path in folded.items():
    assert tally.cost(path, restored, memory=False).complexity == next(iter(costs.values())), name
    losses = tally.train(path, restored, data, progress=False, threads=1).seeds[0].losses
    assert max(abs(a - b) / b for a, b in zip(losses, expected)) < 2e-4, (name, losses, expected)
print("restored:", ", ".join(folded))
