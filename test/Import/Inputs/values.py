# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares imported graphs with ONNX Runtime: values.py TALLY_TRANSLATE TALLY_CHECK_OP FOLDER [CASES]. Every case of cases.py, or of
another module of cases, is a model of one node; it is imported at each opset that changed the op, and computed by the lowered graph and
by ONNX Runtime."""
import importlib
import pathlib
import re
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
from cases import CASES, build, opsets_of
from onnx.reference import ReferenceEvaluator

onnxruntime.set_default_logger_severity(4)


def evaluate(model, x):
    """What ONNX Runtime computes, or where that supports too little (dilated windows with auto_pad), ONNX's reference."""
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(None, {"x": x})[0]
    except Exception:  # its exceptions have no base of their own
        return ReferenceEvaluator(model).run(None, {"x": x})[0]


def dense(values):
    """A literal of the little-endian bytes, and its type."""
    element = {"float32": "f32", "float64": "f64"}[values.dtype.name]
    shape = "".join(f"{size}x" for size in values.shape)
    data = values.tobytes().hex() if values.size else ""
    return f'dense<{chr(34) + "0x" + data + chr(34) if data else ""}> : tensor<{shape}{element}>'


def as_check(name, module, x, expected):
    """The imported @main as a function of no arguments that returns what it computes and what is expected."""
    blobs = dict(re.findall(r'^ +(\w+): "0x[0-9a-fA-F]{8}([0-9a-fA-F]*)"', module, re.MULTILINE))
    body, result = re.search(r"func\.func @main\([^\n]*\{\n(.*?)    return (%\S+) : [^\n]*\n  \}", module, re.DOTALL).groups()
    body = re.sub(r"dense_resource<(\w+)>", lambda match: f'dense<"0x{blobs[match[1]]}">', body)
    kind = f"tensor<{''.join(f'{size}x' for size in expected.shape)}{'f64' if expected.dtype == np.float64 else 'f32'}>"
    return (f"func.func @{name}() -> ({kind}, {kind}) attributes {{check_values = 1.0e-4}} {{\n    %arg0 = nn.constant {dense(x)}\n{body}"
            f"    %expected = nn.constant {dense(expected)}\n    return {result}, %expected : {kind}, {kind}\n}}\n")


def translate(tool, path, *options):
    return subprocess.run([tool, "--import-onnx", path, *options], capture_output=True, text=True, timeout=60, check=False)


def check(tool, folder, functions):
    """The names of the functions of which the values differ, with what the tool says."""
    path = folder / "checks.mlir"
    path.write_text("".join(functions.values()))
    result = subprocess.run([tool, path], capture_output=True, text=True, timeout=600, check=False)
    verdicts = dict(re.findall(r"@(\w+): values (\w+)", result.stdout))
    if result.returncode not in (0, 1) or verdicts.keys() != functions.keys():
        return [f"{path}: status {result.returncode}\n{result.stderr}"]
    errors = re.findall(r"error: (.*)", result.stderr)
    wrong = [name for name, verdict in verdicts.items() if verdict != "agree"]
    return [f"{name}: {error}" for name, error in zip(wrong, errors, strict=True)]


def main(translator, checker, folder):
    folder.mkdir(parents=True, exist_ok=True)
    functions, problems, path = {}, [], folder / "model.onnx"
    for index, case in enumerate(CASES):
        for opset in opsets_of(case):
            name = f"{case.op}_{index}_opset{opset}"
            model, x = build(case, opset)
            onnx.save(model, path)
            imported = translate(translator, path, f"--batch={case.shape[0]}")
            if imported.returncode:
                problems.append(f"{name} {case}: {imported.stderr}")
                continue
            functions[name] = as_check(name, imported.stdout, x, evaluate(model, x))
    problems += check(checker, folder, functions)
    print("\n".join(problems))
    print(f"{len(functions)} models agree, {len(problems)} problems")
    return len(problems) != 0 or not functions


if __name__ == "__main__":
    if len(sys.argv) > 4:
        CASES.clear()
        importlib.import_module(sys.argv[4])
    sys.exit(main(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])))
