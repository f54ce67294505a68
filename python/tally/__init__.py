# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tally from Python: what does a training run cost, and run exactly that.

    import tally
    report = tally.cost(network, "recipe.yaml", input_shape=(3, 32, 32))
    print(report.complexity)
    result = tally.train("network.onnx", {"epochs": 10, ...}, "cifar-10-batches-bin")
    print(result.accuracy)

A model is a PyTorch module or the path of an ONNX file; a recipe is a file, a name from the zoo, or a dict of its keys. Everything is computed
by the installed programs (`tally` in PATH, or what the environment variable TALLY names). An error of theirs is a TallyError with their words.
"""
from tally.cost import CostReport, Layer, Memory, cost
from tally.export import export
from tally.program import TallyError
from tally.train import Evaluation, SeedResult, TrainingResult, build, train

__all__ = ["CostReport", "Evaluation", "Layer", "Memory", "SeedResult", "TallyError", "TrainingResult", "build", "cost", "export", "train"]
