# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints an imported model as a function that tally-check-op runs: its outputs for a batch of random inputs, and those of ONNX
Runtime. compare_values.py FILE [--spread S] [--tolerance T]: inputs are drawn from a normal distribution of deviation S."""
import argparse
import re
import subprocess

import numpy as np
import onnx
import onnxruntime

BATCH = 2


def evaluate(path, inputs):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]).run(None, inputs)


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
    header = re.search(r"func\.func @main\((.*?)\) -> (.*?)(?: attributes.*)? \{\n", graph)
    random, inputs, constants = np.random.default_rng(5), {}, ""
    for info, (argument, kind) in zip(onnx.load(arguments.file).graph.input, re.findall(r"(%\w+): (tensor<[^>]*>)", header[1]),
                                      strict=True):
        shape = [d.dim_value or BATCH for d in info.type.tensor_type.shape.dim]
        inputs[info.name] = np.asarray(random.standard_normal(shape) * arguments.spread, np.float32)
        constants += constant(argument, inputs[info.name], kind)
    kinds = re.findall(r"tensor<[^>]*>", header[2])
    signature = ", ".join(kinds + kinds)
    function = f"func.func @main() -> ({signature}) attributes {{check_values = {arguments.tolerance:e}}} {{\n{constants}"
    graph = graph.replace(header[0], function)
    terminator = re.search(r"    return (.*) : .*\n", graph)
    expected = evaluate(arguments.file, inputs)
    end = "".join(constant(f"%expected{number}", values, kind) for number, (values, kind) in enumerate(zip(expected, kinds, strict=True)))
    names = ", ".join(f"%expected{number}" for number in range(len(kinds)))
    graph = graph.replace(terminator[0], f"{end}  return {terminator[1]}, {names} : {signature}\n")
    print(graph)


main()
