# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one test: imports its model, compiles it, calls it on each data set and compares all outputs."""
import functools
import pathlib
import re
import signal
import subprocess
import tempfile

import ml_dtypes
import numpy as np
import onnx

from cases import bind, inputs_of

HEADER = re.compile(r"func\.func @main\((.*?)\)(?: -> (.*?))?(?: attributes .*)? \{\n")
# Elements of the function's tensors in memory.
MEMORY = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16, "i64": np.int64, "i32": np.int32, "i16": np.int16, "i8": np.int8,
          "i1": np.bool_, "index": np.int64}


class Failure(Exception):
    """Why a test does not pass, in one line."""


def call_tool(command, limit):
    """Runs a tool for `limit` seconds at most; its first error is the failure."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, errors="replace")
    except subprocess.TimeoutExpired:
        raise Failure(f"timeout: {command[0]} takes more than {limit} s") from None
    if done.returncode < 0:
        found = re.search(r"Assertion .*|LLVM ERROR: .*", done.stderr)
        raise Failure(f"crash: {signal.Signals(-done.returncode).name} in {command[0]}" + (f": {found[0]}" if found else ""))
    if done.returncode:
        error = re.search(r"error: (.*)", done.stderr)
        step = "" if command[0] == "tally-translate" else f"{command[0]}: "
        raise Failure(step + (error[1] if error else f"{command[0]} ends with status {done.returncode} and no error"))
    return done.stdout


@functools.cache
def import_options():
    """Nodes are imported as the file says, those that train included."""
    help_text = subprocess.run(["tally-translate", "--help"], capture_output=True, text=True, check=True).stdout
    return ["--as-written"] if "--as-written" in help_text else []


def read_signature(text):
    """The shape and element type of each argument, and of each result, of @main."""
    header = HEADER.search(text)
    if not header:
        raise Failure("the import holds no function @main")
    sides = []
    for side in header[1], header[2] or "":
        tensors = re.findall(r"tensor<((?:\d+x)*)(\w+)>", side)
        sides.append([(tuple(int(size) for size in shape.split("x")[:-1]), element) for shape, element in tensors])
    return sides


def family(dtype):
    return re.sub(r"\d.*", "", dtype.name).replace("bfloat", "float").replace("uint", "int")


def to_memory(what, array, shape, element):
    """The bytes of an array as an argument; integers may be narrower than those of the function, and floats wider or narrower."""
    if not isinstance(array, np.ndarray | np.generic):
        raise Failure(f"{what} is no tensor")
    array, memory = np.asarray(array), np.dtype(MEMORY[element])
    if array.shape != shape or family(array.dtype) != family(memory):
        raise Failure(f"{what} is {array.dtype.name} of shape {list(array.shape)}, the function has {element} of shape {list(shape)}")
    return array.astype(memory).tobytes()


def compare(number, actual, expected, case):
    """As onnx.backend.test.runner compares, but integers exactly. `actual` is of the expected type."""
    if not np.issubdtype(expected.dtype, np.integer) and expected.dtype != np.bool_:
        rtol = max(case.rtol, 2**-6) if expected.dtype.name == "bfloat16" else case.rtol
        wide = np.float64 if expected.dtype == np.float64 else np.float32
        with np.errstate(all="ignore"):
            equal = np.isclose(actual.astype(wide), expected.astype(wide), rtol=rtol, atol=case.atol, equal_nan=True)
    else:
        equal = actual == expected
    if not np.all(equal):
        at = tuple(int(i) for i in np.argwhere(~equal)[0])
        raise Failure(f"values differ: output {number} at {list(at)} is {actual[at]}, expected {expected[at]} ({np.sum(~equal)} of {equal.size} differ)")


def execute(case, limit, optimize):
    with tempfile.TemporaryDirectory() as folder:
        model, module, inputs, outputs = (pathlib.Path(folder) / name for name in ("model.onnx", "model.mlir", "inputs", "outputs"))
        onnx.save(case.model, model)
        call_tool(["tally-translate", "--import-onnx", *import_options(), str(model), "-o", str(module)], limit)
        arguments, results = read_signature(module.read_text(encoding="utf-8"))
        names = [value.name for value in inputs_of(case.model.graph)]
        for given, expected in case.data_sets:
            if len(given) != len(arguments) or len(expected) != len(results):
                raise Failure(f"the function has {len(arguments)} arguments and {len(results)} results, the test {len(given)} and {len(expected)}")
            data = [to_memory(f"input '{name}'", array, *argument) for name, array, argument in zip(names, given, arguments)]
            inputs.write_bytes(b"".join(data))
            options = ["--optimize"] if optimize else []
            call_tool(["tally-check-op", str(module), "--run=main", f"--inputs={inputs}", f"--outputs={outputs}", *options], limit)
            data = outputs.read_bytes()
            for number, (array, (shape, element)) in enumerate(zip(expected, results)):
                size = len(to_memory(f"output {number}", array, shape, element))
                actual = np.frombuffer(data[:size], MEMORY[element]).reshape(shape)
                data = data[size:]
                with np.errstate(all="ignore"):
                    compare(number, actual.astype(np.asarray(array).dtype), np.asarray(array), case)


def run(case, limit, optimize):
    """What came out: ("pass", ""), ("bound", names of the inputs that had to be constants) or ("fail", why)."""
    try:
        execute(case, limit, optimize)
        return "pass", ""
    except Failure as failure:
        reason = str(failure)
    bound = bind(case) if case.structural else None
    if bound is None:
        return "fail", reason
    try:
        execute(bound, limit, optimize)
        return "bound", ", ".join(dict.fromkeys(case.structural))
    except Failure as failure:
        return "fail", str(failure)
