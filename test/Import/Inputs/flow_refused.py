# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports models with functions, bodies or sequences that must be refused: flow_refused.py TALLY_TRANSLATE FOLDER."""
import pathlib
import subprocess
import sys

import onnx
from flow_models import HEADER

NET = "net (float[N,4] x, bool[1] c, int64 n) => (float[N,4] y) <int64 many = {9223372036854775807}, bool yes = {1}, int64 two = {2}, float[3,4] table = {1,2,3,4,5,6,7,8,9,1,2,3}> "
FUNCTION = '<domain: "local", opset_import: ["": 20, "local": 1]> '
IF = "{ [if] y = If (c) <then_branch = a () => (float[N,4] p) { %s }, else_branch = b () => (float[N,4] q) { q = Identity (x) }> }"
LOOP = "{ [loop] y = Loop (%s, %s, x) <body = step (int64 i, bool d, float[N,4] h) => (bool e, float[N,4] o) { %s [mul] o = Mul (h, h) }> }"


def chain(number, calls):
    """A function that calls the next one `calls` times, and so on."""
    functions = f"{FUNCTION} f{number} (x) => (y) {{ y = Neg (x) }}"
    for level in range(number):
        body = "; ".join([f"t = local.f{level + 1} (x)"] + [f"t{call} = local.f{level + 1} (x)" for call in range(1, calls)]).replace(";", " ")
        functions += f"{FUNCTION} f{level} (x) => (t) {{ {body} }}"
    return NET + "{ [first] y = local.f0 (x) }" + functions


def nested(depth):
    """Branches within each other."""
    graph = "q = Neg (x)"
    for level in range(depth):
        graph = f"q = If (yes) <then_branch = t{level} () => (float[N,4] q) {{ {graph} }}, else_branch = e{level} () => (float[N,4] q) {{ q = Identity (x) }}>"
    return NET + "{ " + graph + " [last] y = Unheard (q) }"


CASES = {
    "recursive": NET + "{ [first] y = local.f (x) }" + FUNCTION + "f (x) => (y) { [second] y = local.g (x) }" + FUNCTION + "g (x) => (y) { [third] y = local.f (x) }",
    "inner": NET + "{ [call] y = local.f (x) }" + FUNCTION + "f (x) => (y) { [second] t = local.g (x) y = Neg (t) }" + FUNCTION
             + "g (x) => (y) { [third] y = Unheard (x) [fourth] z = Gemm (x) }",
    "exponential": chain(40, 2),
    "deep": chain(80, 1),
    "nested": nested(20),
    "arguments": NET + "{ [call] y = local.f (x, x) }" + FUNCTION + "f (x) => (y) { y = Neg (x) }",
    "attributes": NET + "{ [call] y = local.f <alpha = 1> (x) }" + FUNCTION + "f <beta> (x) => (y) { y = Neg (x) }",
    "no opset": NET + '{ [call] y = local.f (x) } <domain: "local", opset_import: ["local": 1]> f (x) => (y) { y = Neg (x) }',
    "absent": NET + "{ [call] y = local.f (x) }" + FUNCTION + "f (x, other) => (y) { [add] y = Add (x, other) }",
    "shapes": NET + IF % "p = ReduceSum <keepdims = 0> (x)",
    "condition": (NET + IF % "p = Neg (x)").replace("bool[1]", "bool[2]"),
    "endless": NET + LOOP % ("many", "yes", "e = Identity (d)"),
    "trips": NET + LOOP % ("n", "yes", "e = Identity (d)"),
    "later": NET + LOOP % ("two", "yes", "s = ReduceSum <keepdims = 0> (h) zero = Constant <value_float = 0.0> () e = Less (s, zero)"),
    "fails": NET + LOOP % ("two", "yes", "e = Identity (d) [bad] t = Gemm (h, h)"),
    "body": NET + "{ [loop] y = Loop (two, yes, x) <body = step (int64 i, bool d) => (bool d, float[N,4] x) { t = Neg (x) }> }",
    "few outputs": NET + "{ [loop] y = Loop (two, yes, x) <body = step (int64 i, bool d, float[N,4] h) => (bool d) { t = Neg (h) }> }",
    "no body": NET + "{ [loop] y = Loop (two, yes, x) }",
    "scan": NET + "{ [scan] y = Scan (x, two) <num_scan_inputs = 3, body = step (float[4] a) => (float[4] b) { b = Neg (a) }> }",
    "lengths": NET + """{ t = Transpose (x) [scan] y = Scan (table, t) <num_scan_inputs = 2, body = step (float[4] a, float[N] b) => (float[4] c) { c = Neg (a) }> }""",
    "sequence": NET + "{ s = SequenceConstruct (x) [neg] y = Neg (s) }",
    "no sequence": NET + "{ [at] y = SequenceAt (x, two) }",
    "position": NET + "{ s = SequenceConstruct (x) [at] y = SequenceAt (s, two) }",
    "parts": NET + "{ [split] s = SplitToSequence (x, two) y = SequenceAt (s, two) }",
    "within": NET + "{ s = SequenceConstruct (x) [construct] t = SequenceConstruct (s) y = SequenceAt (t, two) }",
    "input": "net (seq(float[4]) s) => (float[4] y) <int64 two = {2}, float[3,4] table = {1,2,3,4,5,6,7,8,9,1,2,3}> { y = SequenceAt (s, two) }",
}


def main(tool, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    for name, text in CASES.items():
        onnx.save(onnx.parser.parse_model(HEADER.format(opset=20) + text), path)
        result = subprocess.run([tool, "--import-onnx", path], capture_output=True, text=True, timeout=60, check=False)
        print(f"{name}: {result.returncode}\n{result.stderr}")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
