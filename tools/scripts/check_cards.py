# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every op has its card (test/README.md): the file that its description names checks its syntax, its cost twice, its lowering,
its values, its gradient by finite differences, and <card>-invalid.mlir each of its constraints. No op at all is a failure too.
Usage: check_cards.py ROOT LLVM_TBLGEN"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

FUNCTION = re.compile(r"^func\.func .*?^}", re.M | re.S)


def read_ops(root, tblgen):
    """(dialect.op, its definition, the names of its traits and interfaces) of every op."""
    for td in sorted(root.glob("dialects/*/*.td")):
        includes = ["-I", root, "-I", root / "include", "-I", pathlib.Path(shutil.which(tblgen)).resolve().parent.parent / "include"]
        records = json.loads(subprocess.run([tblgen, "-dump-json", td, *includes], check=True, capture_output=True).stdout)
        for name in records["!instanceof"].get("Op", []):
            op = records[name]
            if any(place.startswith(td.name) for place in op["!locs"]):
                traits = [records[trait["def"]] for trait in op["traits"]]
                names = {trait.get("cppInterfaceName") or trait.get("trait") for trait in traits}
                yield f"{records[op['opDialect']['def']]['name']}.{op['opName']}", op, names


def problems(root, op, definition, traits):
    example = re.search(r"\(\* example: (test/Ops/(\w+))\.mlir \*\)", definition["description"] or "")
    if not example:
        yield "names no card"
        return
    card = root / f"{example.group(1)}.mlir"
    if not card.exists():
        yield f"has no card {example.group(1)}.mlir"
        return
    text = card.read_text(encoding="utf-8")
    runs = "\n".join(re.findall(r"RUN:(.*)", text))
    mention = re.compile(re.escape(op) + r"(?![\w.])")
    functions = [function for function in FUNCTION.findall(text) if mention.search(function)]

    def marked(attribute):
        return any(attribute in function for function in functions)

    if not re.search(r"// SYNTAX.*" + mention.pattern, text):
        yield "is in no SYNTAX line"
    if example.group(2) in ("program", "weight"):
        return  # variables, bodies and requests compute nothing themselves
    if {"CostOpInterface", "ZeroCost"} & traits:
        named = [re.search(r"@(\w+)", function).group(1) for function in functions]
        if not any(re.search(rf"// COUNT.*@{name}: ", text) for name in named):
            yield "has no COUNT line for a function that holds it"
        if "--check-counts" not in runs:
            yield "is never counted twice: no RUN line has --check-counts"
        if "--convert-nn-to-linalg" not in runs or "// LOWER" not in text:
            yield "has no LOWER lines"
    if not marked("check_values") and not (op.split("_grad")[0] != op and "check_gradient" in text):
        yield "is in no function with check_values"
    if "DifferentiableOpInterface" in traits:
        if not marked("check_gradient"):
            yield "is in no function with check_gradient"
        if "// GRADIENT" not in text:
            yield "has no GRADIENT lines"
    constraints = set(re.findall(r"\(C(\d+)\)", definition["description"]))
    invalid = root / f"{example.group(1)}-invalid.mlir"
    refused = FUNCTION.findall(invalid.read_text(encoding="utf-8")) if invalid.exists() else []
    for number in sorted(constraints):
        if not any(mention.search(function) and re.search(rf"@\w*c{number}\b", function) for function in refused):
            yield f"has no function named ..._c{number} in {invalid.name}"


def main():
    root = pathlib.Path(sys.argv[1])
    number, found = 0, []
    for op, definition, traits in read_ops(root, sys.argv[2]):
        number += 1
        found += [f"{op} {problem}" for problem in problems(root, op, definition, traits)]
    print("\n".join(found))
    print(f"{number} ops, {len(found)} problems")
    sys.exit(bool(found) or number == 0)


main()
