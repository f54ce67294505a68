# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports the cases of variants.py as models of f64, with parameters as inputs, and writes one module for tally-check-op, which compares
their gradients with finite differences: gradients.py OUT.mlir [OP...]"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

import onnx
import variants
from onnx import TensorProto, helper
from onnx_form import SINCE, STATIC_INPUTS, Writer


def opsets_of(op, attributes):
    """The oldest and the newest opset of a case, and those where an attribute became an input."""
    first, last = (*attributes.get("_opsets", (SINCE.get(op, 7),)), variants.NEWEST)[:2]
    turns = {since for name, since in STATIC_INPUTS.get(op, []) if name in attributes}
    first = max(first, 18 if op == "Pad" and "axes" in attributes else 7)
    if op == "Gemm" and first < 11:
        turns.add(11)
    return sorted({first, last, *(turn for turn in turns if first < turn < last)})


def model(op, shapes, attributes, opset):
    names = [f"x{i}" for i in range(len(shapes))]
    outputs = [f"y{i}" for i in range(attributes.get("_outputs", 1))]
    writer = Writer({"opset": opset, "type": "double", "params": {}, "numbers": {}, "constants": "initializer",
                     "batch_form": "symbolic"}, None)
    writer.node({"op": op, "in": names, "out": outputs, "a": attributes})
    value = helper.make_tensor_value_info
    graph = helper.make_graph(writer.nodes, "case", [value(name, TensorProto.DOUBLE, shape) for name, shape in zip(names, shapes)],
                              [value(name, TensorProto.DOUBLE, None) for name in outputs], writer.initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def name_of(number, op, attributes, opset):
    words = [f"{key}_{value}" for key, value in attributes.items() if not key.startswith("_")]
    return re.sub(r"\W+", "_", "_".join([f"c{number}", op, *words, f"opset{opset}"])).strip("_")


def imported(task):
    """The function of a case, or an error."""
    number, op, shapes, attributes, opset, folder = task
    path = pathlib.Path(folder) / f"{number}_{opset}.onnx"
    onnx.save(model(op, shapes, attributes, opset), path)
    done = subprocess.run(["tally-translate", "--import-onnx", path], capture_output=True, text=True, check=False)
    if done.returncode:
        return None, f"{op} {shapes} {attributes} (opset {opset}): {done.stderr.strip()}"
    function = re.search(r"(?ms)^  func\.func.*?^  }\n", done.stdout).group(0)
    low, high = attributes.get("_range", (-1.0, 1.0))
    marked = f"check_gradient = {{low = {low:.3e}, high = {high:.3e}, seed = 5}}"
    head, brace, body = function.partition(" {\n")
    head = re.sub(r" attributes \{.*", "", head)
    head = re.sub(r"@main\b", f"@{name_of(number, op, attributes, opset)}", head)
    # As a recipe makes it: its other result says where the gradient goes.
    body = re.sub(r"%(\w+) = nn\.max_pool ", r"%\1, %position_\1 = nn.max_pool_training ", body)
    return f"{head} attributes {{{marked}}}{brace}{body}", None


def main():
    path, only = pathlib.Path(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        tasks = [(number, op, shapes, attributes, opset, folder) for number, (op, shapes, attributes) in enumerate(variants.cases())
                 if not only or op in only for opset in opsets_of(op, attributes)]
        results = list(pool.map(imported, tasks))
    path.write_text("".join(["module {\n", *(function for function, _ in results if function), "}\n"]))
    errors = [error for _, error in results if error]
    missing = {task[1] for task, (_, error) in zip(tasks, results) if error and f"({task[1]}, opset {task[4]}): is not supported" in error}
    print(f"{len(results) - len(errors)} cases of {len({task[1] for task in tasks} - missing)} ops;",
          "not imported:", ", ".join(sorted(missing)) or "none")
    sys.exit("\n".join(error for task, (_, error) in zip(tasks, results) if error and task[1] not in missing) or 0)


main()
