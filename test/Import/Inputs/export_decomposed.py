# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes FOLDER/OPSET-EXPORTER-MODE.onnx: one network of normalizations and activations as both PyTorch exporters write it at several
opsets, in both modes. Older opsets lack most of its ops, and each exporter writes them in its own way. Parameters are not what they
are before training, so that the dynamo exporter's optimizer does not take biases of zeros away."""
import itertools
import logging
import pathlib
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional

OPSETS = {"dynamo": (18, 20, 23), "legacy": (13, 17, 20, 23)}  # dynamo=True writes 18 where less is asked for


class Decomposed(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.groups = nn.Conv2d(3, 8, 3, padding=1), nn.GroupNorm(4, 8)
        self.conv, self.instances = nn.Conv2d(8, 8, 3, padding=1), nn.InstanceNorm2d(8, affine=True)
        self.rows, self.wide, self.narrow = nn.LayerNorm(8), nn.Linear(8, 12), nn.Linear(12, 8)
        self.plain, self.scale, self.whole = nn.LayerNorm(8, elementwise_affine=False), nn.Parameter(torch.ones(8)), nn.LayerNorm((8, 4, 4))
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = functional.silu(self.groups(self.stem(x)))
        x = functional.hardswish(self.instances(self.conv(x)))
        t = self.rows(x.flatten(2).transpose(1, 2))
        t = self.narrow(functional.gelu(self.wide(t)))
        t = functional.gelu(self.plain(t), approximate="tanh")
        t = t * torch.rsqrt(t.pow(2).mean(-1, keepdim=True) + 1e-6) * self.scale
        x = functional.mish(self.whole(x + t.transpose(1, 2).reshape(x.shape)))
        x = x * functional.hardsigmoid(x)
        return self.head(x.mean((2, 3)))


def main(folder):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    modes = {"training": torch.onnx.TrainingMode.TRAINING, "default": torch.onnx.TrainingMode.EVAL}
    for exporter, mode in itertools.product(OPSETS, modes):
        for opset in OPSETS[exporter]:
            torch.manual_seed(0)
            network = Decomposed().train(mode == "training")
            with torch.no_grad():
                for parameter in network.parameters():
                    parameter += 0.1 * torch.randn_like(parameter)
            default = mode == "default"
            options = {"dynamo": True, "optimize": default} if exporter == "dynamo" else {"dynamo": False, "do_constant_folding": default}
            torch.onnx.export(network, (torch.randn(2, 3, 4, 4),), folder / f"{opset}-{exporter}-{mode}.onnx", opset_version=opset,
                              training=modes[mode], verbose=False, **options)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
