# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The losses of families.py by PyTorch: family_losses.py FAMILY RECIPE.yaml DATA ORDER.csv EXPORT.onnx

Trains the module itself, not its export, from the weights of its seed and with the batches that a trainer drew; Dropout and stochastic depth are off.
Where the export has folded BatchNormalization into a convolution, whose rounding many steps multiply, both begin with what `restore` makes of the file.
Prints {"losses": [the loss of each step], "beside": [the same from weights that differ by a rounding]} as JSON. Needs the packages of tools/scripts/requirements-torch.txt.
"""
import json
import pathlib
import sys

import numpy
import onnx
import torch
from onnx import numpy_helper

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


def called(module, image):
    """The modules without parts, in the order of their calls."""
    order, hooks = [], []
    for part in module.modules():
        if not any(part.children()):
            hooks.append(part.register_forward_hook(lambda part, *_: order.append(part)))
    with torch.no_grad():
        module.eval()(image)
    for hook in hooks:
        hook.remove()
    return order


def restore(module, path):
    """Gives a module the values of a file, as `batch_norm: {restore: true}` reads them: scale 1 and the folded bias, inference as before."""
    graph = onnx.load(path).graph
    values = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    normalized = {node.input[0] for node in graph.node if node.op_type == "BatchNormalization"}
    parts = called(module, torch.zeros(2, 3, 32, 32))
    convolutions = [(part, after) for part, after in zip(parts, [*parts[1:], None]) if isinstance(part, torch.nn.Conv2d)]
    nodes, restored = [node for node in graph.node if node.op_type == "Conv"], 0
    with torch.no_grad():
        for node, (conv, norm) in zip(nodes, convolutions, strict=True):
            if node.output[0] in normalized or not isinstance(norm, torch.nn.BatchNorm2d) or norm.num_features != conv.out_channels:
                continue
            conv.weight.copy_(values[node.input[1]])
            conv.bias = None
            norm.weight.fill_(1)
            norm.bias.copy_(values[node.input[2]]) if len(node.input) > 2 else norm.bias.zero_()
            norm.eps, norm.momentum = 1e-5, 0.1
            norm.running_mean.zero_(), norm.running_var.fill_(1 - 1e-5)
            restored += 1
    norms = sum(isinstance(part, torch.nn.BatchNorm2d) for part in module.modules())
    if norms != restored + len(normalized):
        sys.exit(f"expects {norms} normalizations in {path}, got {len(normalized)} and {restored} folded ones")
    return module


def shift(network):
    """Moves each weight by a relative difference of at most one rounding of f64."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name in network.parameters:
            values = network.values[name]
            values.mul_(1 + torch.finfo(torch.float64).eps * (2 * torch.rand(values.shape, generator=generator, dtype=torch.float64) - 1))


def main():
    family, recipe, data, order, export = sys.argv[1:]
    source, model = next(key for key in FAMILIES if name_of(*key) == family)
    torch.set_num_threads(2)
    losses = {}
    for name in ("losses", "beside"):
        run = Run(lambda dtype: Module(restore(make(source, model, still=True), export), dtype), recipe, data)
        if name == "beside":
            shift(run.network)
        batches = read_order(order, 0, run.clock.per_epoch, run.clock.batch)
        losses[name] = [run.step(index, rows) for index, rows in enumerate(batches)]
    print(json.dumps(losses))


if __name__ == "__main__":
    main()
