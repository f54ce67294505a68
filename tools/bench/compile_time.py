# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile time of a large body: compile_time.py [--rounds N] [--build]

DenseNet-121 for 32x32 images (blocks of 6, 12, 24 and 16 layers), the network of many small ops whose step is the longest straight line
that we know. Prints the number of ops of its step and the fastest of some runs of `tally cost`; with --build also of `tally build`.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import onnx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/zoo"))
from graph import Graph  # noqa: E402

GROWTH, BLOCKS = 32, (6, 12, 24, 16)


def densenet(classes=10):
    """Each layer adds GROWTH channels that it computes from all channels before it: norm, relu, 1x1, norm, relu, 3x3, concatenate."""
    graph, width = Graph("densenet121"), 2 * GROWTH

    def conv(x, name, channels, kernel):
        x = graph.activation(graph.norm(x, f"{name}.norm", channels[0]), f"{name}.relu")
        return graph.conv(x, name, channels, kernel=kernel)

    x = graph.conv("x", "stem", (3, width))
    for block, layers in enumerate(BLOCKS, start=1):
        for layer in range(1, layers + 1):
            name = f"block{block}.layer{layer}"
            y = conv(conv(x, f"{name}.conv1", (width, 4 * GROWTH), 1), f"{name}.conv2", (4 * GROWTH, GROWTH), 3)
            x = graph.node("Concat", f"{name}.concat", [x, y], axis=1)
            width += GROWTH
        if block < len(BLOCKS):
            x = conv(x, f"transition{block}", (width, width // 2), 1)
            x = graph.node("AveragePool", f"transition{block}.pool", [x], kernel_shape=[2, 2], strides=[2, 2])
            width //= 2
    x = graph.activation(graph.norm(x, "norm", width), "relu")
    x = graph.node("Flatten", "flatten", [graph.node("GlobalAveragePool", "pool", [x])])
    return graph.model(graph.linear(x, "head", (width, classes)), classes)


def fastest(rounds, command):
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def count_ops(training):
    """The ops of the longest body in a printed program."""
    bodies = re.split(r"\n  (?=train\.)|\n    (?=train\.(?:step|every|evaluate|initialize) )", training)
    return max(len(re.findall(r"\n\s+%", body)) for body in bodies)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", action="store_true", help="time tally build, too")
    options = parser.parse_args()
    tally, recipe = ROOT / "build/bin/tally", ROOT / "tools/bench/bench.yaml"
    with tempfile.TemporaryDirectory() as folder:
        model = f"{folder}/densenet121.onnx"
        onnx.save(densenet(), model)
        subprocess.run([tally, "build", model, "--recipe", recipe, "--emit", "training", "-o", f"{folder}/training.mlir"], check=True)
        ops = count_ops(pathlib.Path(f"{folder}/training.mlir").read_text(errors="replace"))
        cost = [tally, "cost", model, "--recipe", recipe]
        print(f"densenet121: {ops} ops in a step; tally cost {fastest(options.rounds, [*cost, '--no-memory']):.2f} s, with memory {fastest(options.rounds, cost):.2f} s", flush=True)
        if options.build:
            print(f"densenet121: tally build {fastest(1, [tally, 'build', model, '--recipe', recipe, '-o', folder + '/trainer']):.1f} s")


if __name__ == "__main__":
    main()
