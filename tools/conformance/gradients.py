# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradients of imported ONNX ops against finite differences in f64, form by form: each node test of onnx.backend.test of one op is imported with the
inputs that the op's schema tags as differentiable as arguments, and checked by tally-check-op; a gradient that is scaled must fail. So an input which
ONNX calls differentiable and Tally does not is found, too.

  gradients.py run [--filter REGEX]   checks, and writes gradients.txt (with a filter: prints)
  gradients.py check                  fails where a check that agreed does not, or gradients.txt is stale; --sample: one test of each op"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, defs, helper, numpy_helper

import cases
import execute

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS = HERE / "gradients.txt"
FLOATS = (TensorProto.FLOAT, TensorProto.DOUBLE)
SEEDS = range(1, 5)  # another seed where one draws a number near a kink
# Where the range of a test's own data leads out of the domain of the op, or to where its gradient is lost.
TAME = ((0.5, 2.0), (0.05, 0.2), (1.0, 5.0))
SCALE = 1.1  # of the negative control
MOST = 2000  # elements of an input; each is moved, and the smaller tests of an op are of the same form

# Tests whose gradient is not what differences of their own data would show, and why.
EXCEPTIONS = {
    "test_dropout": "training forms have a recipe's random numbers",
    "test_training_dropout": "training forms have a recipe's random numbers",
    "test_batchnorm_e": "training has the training form, whose gradient differs",
    "test_cast_DOUBLE_to_FLOAT": "a gradient in f32",
    "test_castlike_DOUBLE_to_FLOAT": "a gradient in f32",
    "test_clip_min_greater_than_max": "0 everywhere",
    "test_hardmax": "0 everywhere",
    "test_mod_float_edge_cases": "divides by infinity",
}


def differentiable_inputs(model):
    """Names of the float inputs of the one node that the schema tags as differentiable; empty where there are several nodes or no tag."""
    nodes = [node for node in model.graph.node if node.op_type != "Constant"]
    if len(nodes) != 1 or nodes[0].domain not in ("", "ai.onnx"):
        return []
    version = next(opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx"))
    schema = defs.get_schema(nodes[0].op_type, version, "")
    types = {value.name: value.type.tensor_type.elem_type for value in [*model.graph.input, *model.graph.output]}
    if not any(types.get(name) in FLOATS for name in nodes[0].output):
        return []
    names = []
    for slot, name in enumerate(nodes[0].input):
        formal = schema.inputs[min(slot, len(schema.inputs) - 1)]
        tagged = formal.differentiation_category == defs.OpSchema.DifferentiationCategory.Differentiable
        if tagged and types.get(name) in FLOATS and name not in names:
            names.append(name)
    return names


def as_double(tensor):
    if tensor.data_type != TensorProto.FLOAT:
        return tensor
    return numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name)


def prepare(case, names):
    """The model in f64 with all inputs but these as initializers, and the range of their data."""
    model = onnx.ModelProto.FromString(case.model.SerializeToString())
    graph = model.graph
    values = dict(zip([value.name for value in cases.inputs_of(graph)], case.data_sets[0][0]))
    for value in list(graph.input):
        if value.name not in names and value.name in values:
            graph.initializer.append(numpy_helper.from_array(np.asarray(cases.to_array(values[value.name])), value.name))
            graph.input.remove(value)
    for value in [*graph.input, *graph.output]:
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            value.type.tensor_type.elem_type = TensorProto.DOUBLE
    for index, tensor in enumerate(graph.initializer):
        graph.initializer[index].CopyFrom(as_double(tensor))
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                attribute.t.CopyFrom(as_double(attribute.t))
    numbers = np.concatenate([np.asarray(values[name], np.float64).ravel() for name in names])
    numbers = numbers[np.isfinite(numbers)]
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (-1.0, 1.0)
    return model, (low, high) if high > low else (low, low + 1.0)


def check_once(module, seed, low, high, folder, scale):
    options = f"check_gradient = {{low = {low!r} : f64, high = {high!r} : f64, seed = {seed} : i64}}"
    header = execute.HEADER.search(module)
    text = header[0]
    marked = text.replace(" attributes {", f" attributes {{{options}, ") if " attributes {" in text else text.replace(" {\n", f" attributes {{{options}}} {{\n")
    path = pathlib.Path(folder) / "checked.mlir"
    path.write_text(module.replace(text, marked), encoding="utf-8")
    execute.call_tool(["tally-check-op", str(path), f"--scale-gradient={scale}"], 120)


def check(case):
    """(status, reason): agrees, fails, or skipped where there is nothing to check."""
    if case.name.endswith("_expanded") or "_expanded_ver" in case.name:
        return "skipped", "a function's body"
    if case.name.startswith(tuple(EXCEPTIONS)):
        return "skipped", next(why for name, why in EXCEPTIONS.items() if case.name.startswith(name))
    names = differentiable_inputs(case.model)
    if not names:
        return "skipped", "no input is tagged differentiable"
    sizes = [np.size(values) for data in case.data_sets[0] for values in data]
    if max(sizes) > MOST or min(sizes) == 0:
        return "skipped", "too many elements, or none"
    with tempfile.TemporaryDirectory() as folder:
        try:
            model, own = prepare(case, names)
            files = [pathlib.Path(folder) / name for name in ("model.onnx", "model.mlir")]
            onnx.save(model, files[0])
            execute.call_tool(["tally-translate", "--import-onnx", *execute.import_options(), str(files[0]), "-o", str(files[1])], 120)
        except execute.Failure as failure:
            return "skipped", f"not imported: {failure}"
        module = files[1].read_text(encoding="utf-8")
        if " nn." not in module:
            return "skipped", "the result is the input"
        reason = ""
        for (low, high), seed in [(limits, seed) for limits in (own, *TAME) for seed in SEEDS]:
            try:
                check_once(module, seed, low, high, folder, 1.0)
            except execute.Failure as failure:
                reason = reason or str(failure)
                continue
            try:
                check_once(module, seed, low, high, folder, SCALE)
            except execute.Failure:
                return "agrees", ""
            reason = reason or f"a gradient that is {SCALE} times as large passes: it is 0 everywhere"
        return "fails", re.sub(r"\s+", " ", reason)


def run_all(arguments):
    chosen = [case for case in cases.load(["node"]) if re.search(arguments.filter, case.name)]
    if arguments.sample:
        listed = {name for status, _, name, *_ in read() if status == "agrees"}
        first = {}
        for case in chosen:
            if case.name in listed:
                first.setdefault(case.op, case)
        chosen = list(first.values())
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(check, chosen))
    return [(status, case.op, case.name, reason) for case, (status, reason) in zip(chosen, results) if status != "skipped"]


def read():
    return [tuple(line.split("\t")) for line in RESULTS.read_text(encoding="utf-8").splitlines()] if RESULTS.exists() else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["run", "check"])
    parser.add_argument("--filter", default="", metavar="REGEX", help="only tests of such names")
    parser.add_argument("--sample", action="store_true", help="only the first test of each op that is listed as agreeing")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    os.environ["PATH"] += f"{os.pathsep}{ROOT}/build/bin"
    os.environ["LLVM_DISABLE_SYMBOLIZATION"] = "1"
    results = run_all(arguments)
    lines = ["\t".join(result).rstrip("\t") for result in results]
    agreeing = sum(result[0] == "agrees" for result in results)
    problems = []
    if arguments.command == "check":
        before = {name: status for status, _, name, *_ in read()}
        problems = [line for line, (status, _, name, _) in zip(lines, results) if status != before.get(name)]
    elif arguments.filter:
        print("\n".join(lines))
    else:
        RESULTS.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    print("\n".join([*problems, f"{agreeing} of {len(results)} gradients agree", f"{len(problems)} problems"]))
    return 1 if problems else 0


sys.exit(main())
