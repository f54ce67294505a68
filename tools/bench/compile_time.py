# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile time: compile_time.py [NETWORK...] [--rounds N] [--build]

For each network of the zoo (with the benchmarks' recipe): the number of ops of its step, and the fastest of some runs of `tally cost`; with --build
also of `tally build`. DenseNet-121 is the network of many small ops whose step is the longest straight line that we know.
"""
import argparse
import pathlib
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


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
    parser.add_argument("networks", nargs="*", default=["a64", "resnet18", "densenet121"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", action="store_true", help="time tally build, too")
    options = parser.parse_args()
    tally, recipe = ROOT / "build/bin/tally", ROOT / "tools/bench/bench.yaml"
    with tempfile.TemporaryDirectory() as folder:
        for name in options.networks:
            model = f"{folder}/{name}.onnx"
            subprocess.run([tally, "zoo", name, "-o", model], check=True)
            subprocess.run([tally, "build", model, "--recipe", recipe, "--emit", "training", "-o", f"{folder}/training.mlir"], check=True)
            ops = count_ops(pathlib.Path(f"{folder}/training.mlir").read_text(errors="replace"))
            cost = [tally, "cost", model, "--recipe", recipe]
            text = f"{name}: {ops} ops in a step; tally cost {fastest(options.rounds, [*cost, '--no-memory']):.2f} s, with memory {fastest(options.rounds, cost):.2f} s"
            if options.build:
                text += f"; tally build {fastest(options.rounds, [tally, 'build', model, '--recipe', recipe, '--progress', 'none', '-o', folder + '/trainer']):.1f} s"
            print(text, flush=True)


if __name__ == "__main__":
    main()
