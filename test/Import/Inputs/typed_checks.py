# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes imported graphs, with inputs and outputs of any type, functions that tally-check-op compares with expected values."""
import re
import subprocess

import numpy as np

KINDS = {"float32": "f32", "float64": "f64", "float16": "f32", "bool": "i1"}


def constant(name, values):
    """A definition of the values as they are in the graph, and their type there."""
    values = np.asarray(values)
    kind = KINDS.get(values.dtype.name, "i64")
    data = values.astype({"f32": np.float32, "f64": np.float64, "i64": np.int64, "i1": np.bool_}[kind])
    type_ = f"tensor<{''.join(f'{size}x' for size in values.shape)}{kind}>"
    literal = str(data.tolist()).lower() if kind == "i1" else f'"0x{data.tobytes().hex()}"'
    return f"  {name} = nn.constant dense<{literal}> : {type_}\n", type_


def import_graph(path, *options):
    done = subprocess.run(["tally-translate", "--import-onnx", path, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return done.stdout


def as_check(name, module, inputs, expected, tolerance=1e-4):
    """@main of the module for these inputs, and what is expected; numbers other than floats are compared as floats."""
    blobs = dict(re.findall(r'^ +(\w+): "0x[0-9a-fA-F]{8}([0-9a-fA-F]*)"', module, re.MULTILINE))
    body, results = re.search(r"func\.func @main\([^\n]*\{\n(.*?)    return (%[^\n]*) : [^\n]*\n  \}", module, re.DOTALL).groups()
    body = re.sub(r"dense_resource<(\w+)>", lambda match: f'dense<"0x{blobs[match[1]]}">', body)
    text, actual, wanted, kinds = "", [], [], []
    for index, values in enumerate(inputs):
        text += constant(f"%arg{index}", values)[0]
    text += body
    for index, (result, values) in enumerate(zip(results.split(", "), map(np.asarray, expected), strict=True)):
        kind = constant("", values)[1]
        if KINDS.get(values.dtype.name, "i64") in ("i64", "i1"):
            values, old = values.astype(np.float32), kind
            kind = constant("", values)[1]
            text += f"    %actual{index} = nn.convert {result} to f32 : {old}\n"
            result = f"%actual{index}"
        text += constant(f"%expected{index}", values)[0]
        actual.append(result)
        wanted.append(f"%expected{index}")
        kinds.append(kind)
    types = ", ".join(kinds + kinds)
    return (f"func.func @{name}() -> ({types}) attributes {{check_values = {tolerance:e}}} {{\n{text}"
            f"    return {', '.join(actual + wanted)} : {types}\n}}\n")


def check(path, functions):
    """Runs the functions; prints what disagrees and how many agree, and returns the number of problems."""
    path.write_text("".join(functions), encoding="utf-8")
    done = subprocess.run(["tally-check-op", path], capture_output=True, text=True, check=False)
    agree = len(re.findall(r": values agree", done.stdout))
    if agree != len(functions):
        print("\n".join(line for line in done.stdout.splitlines() if "agree" not in line) + done.stderr)
    print(f"{agree} agree, {len(functions) - agree} problems")
    return len(functions) - agree
