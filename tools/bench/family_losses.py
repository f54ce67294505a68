# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The losses of families.py by PyTorch: family_losses.py FAMILY RECIPE.yaml DATA ORDER.csv

Trains the module itself, not its export, from the weights of its seed and with the batches that a trainer drew; Dropout and stochastic depth are off.
Prints a JSON list, the loss of each step. Needs the packages of tools/scripts/requirements-torch.txt.
"""
import json
import pathlib
import sys

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scripts"))
from family_networks import FAMILIES, make, name_of  # noqa: E402
from torch_batches import read_order  # noqa: E402
from torch_recipe import Run  # noqa: E402


class Module:
    """A torch.nn.Module where torch_recipe.py expects a Network."""

    def __init__(self, module, dtype):
        self.module = module.to(dtype)
        for part in module.modules():
            if hasattr(part, "eps"):
                part.eps = numpy.float32(part.eps).item()  # as ONNX has it
        parameters = dict(module.named_parameters())
        self.values = {**parameters, **dict(module.named_buffers())}
        self.parameters, self.statistics = list(parameters), [name for name in self.values if name not in parameters]
        self.kinds = dict.fromkeys(self.values, "other")

    def __call__(self, x, training, **norm):
        return self.module.train(training)(x)


def main():
    family, recipe, data, order = sys.argv[1:]
    source, model = next(key for key in FAMILIES if name_of(*key) == family)
    torch.set_num_threads(2)
    run = Run(lambda dtype: Module(make(source, model, still=True), dtype), recipe, data)
    batches = read_order(order, 0, run.clock.per_epoch, run.clock.batch)
    print(json.dumps([run.step(index, rows) for index, rows in enumerate(batches)]))


if __name__ == "__main__":
    main()
