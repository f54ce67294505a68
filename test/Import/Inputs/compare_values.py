# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints an imported model as a function that tally-check-op runs: its logits for a batch of random images, and those of ONNX
Runtime. compare_values.py FILE [--spread S] [--tolerance T]: images are drawn from a normal distribution of deviation S."""
import argparse
import re
import subprocess

import numpy as np
import onnx
import onnxruntime

BATCH = 2


def expected_logits(path, x):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]


def constant(name, values, kind):
    return f"  {name} = nn.constant dense<{values.tolist()}> : {kind}\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--spread", type=float, default=1.0)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    graph = subprocess.run(["tally-translate", "--import-onnx", f"--batch={BATCH}", arguments.file], check=True,
                           capture_output=True, text=True).stdout
    shape = [d.dim_value or BATCH for d in onnx.load(arguments.file).graph.input[0].type.tensor_type.shape.dim]
    x = (np.random.default_rng(5).standard_normal(shape) * arguments.spread).astype(np.float32)
    header = re.search(r"func\.func @main\((%\w+): (tensor<[^>]*>)[^)]*\) -> (tensor<[^>]*>)[^{]*\{\n", graph)
    argument, input_type, kind = header.groups()
    function = (f"func.func @main() -> ({kind}, {kind}) attributes {{check_values = {arguments.tolerance:e}}} {{\n"
                + constant(argument, x, input_type))
    graph = graph.replace(header.group(0), function)
    logits = re.search(r"    return (%\S+) : .*\n", graph)
    end = constant("%expected", expected_logits(arguments.file, x), kind) + f"  return {logits.group(1)}, %expected : {kind}, {kind}\n"
    graph = graph.replace(logits.group(0), end)
    # Values do not change here: weights are constants.
    print(re.sub(r"nn\.weight .*? = (dense)", r"nn.constant \1", graph))


main()
