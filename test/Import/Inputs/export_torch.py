# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes Inputs/exported/*.onnx: two untrained networks as both PyTorch exporters write them, in every mode.

Run by hand with PyTorch 2.15 (no test needs it): export_torch.py FOLDER. Stack traces are taken out of the metadata.
"""
import itertools
import pathlib
import sys

import onnx
import torch
from torch import nn
from torch.nn import functional


class Pooled(nn.Module):
    """Biases where the layers want one, pooling before normalization, dropout, a scaled linear head without bias."""

    def __init__(self):
        super().__init__()
        self.c0 = nn.Conv2d(3, 6, 2)
        self.c1, self.b1 = nn.Conv2d(6, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.c2, self.b2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.fc, self.d = nn.Linear(4, 10, bias=False), nn.Dropout(0.3)

    def forward(self, x):
        x = functional.max_pool2d(self.c1(functional.gelu(self.c0(x))), 2)
        x = functional.gelu(self.b2(self.c2(functional.silu(self.b1(x)))))
        x = functional.adaptive_max_pool2d(x, 1).flatten(1)
        return self.fc(self.d(x)) * 0.1


class Residual(nn.Module):
    """Every convolution is followed by a normalization; two normalizations have equal initial values."""

    def __init__(self):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.c2, self.b2 = nn.Conv2d(4, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8)
        self.cs, self.bs = nn.Conv2d(4, 8, 1, stride=2, bias=False), nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        x = functional.relu(self.b1(self.c1(x)))
        x = functional.relu(self.b2(self.c2(x)) + self.bs(self.cs(x)))
        return self.fc(functional.adaptive_avg_pool2d(x, 1).view(x.size(0), -1))


class Block(nn.Module):
    """One activation module is called twice."""

    def __init__(self, before, after):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
        self.conv2, self.bn2 = nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
        self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after))
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.bn2(self.conv2(self.act(self.bn1(self.conv1(x))))) + self.shortcut(x))


class Nested(nn.Module):
    """Modules in modules, in a list too; two modules whose names end in numbers."""

    def __init__(self):
        super().__init__()
        self.layer_1, self.layer_2 = nn.Sequential(Block(3, 4), Block(4, 6)), nn.ModuleList([Block(6, 4)])
        self.fc = nn.Linear(4, 10)

    def forward(self, x):
        x = self.layer_1(x)
        for block in self.layer_2:
            x = block(x)
        return self.fc(functional.adaptive_avg_pool2d(x, 1).flatten(1))


def strip(path):
    model = onnx.load(path)
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if "rule_name" in entry.key or "name_scopes" in entry.key]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    del model.metadata_props[:], model.graph.metadata_props[:]
    onnx.save(model, path)


def main(folder):
    modes = {"train": torch.onnx.TrainingMode.TRAINING, "eval": torch.onnx.TrainingMode.EVAL}
    for network, dynamo, mode, optimize in itertools.product((Pooled, Residual, Nested), (True, False), modes, (True, False)):
        torch.manual_seed(0)
        model = network().train(mode == "train")
        name = f"{network.__name__.lower()}-{'dynamo' if dynamo else 'legacy'}-{mode}-{'opt' if optimize else 'raw'}.onnx"
        options = {"optimize": optimize, "external_data": False} if dynamo else {"do_constant_folding": optimize}
        torch.onnx.export(model, (torch.randn(2, 3, 8, 8),), folder / name, dynamo=dynamo, training=modes[mode], **options)
        strip(folder / name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
