# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The page of the ONNX ops that are read: from the rows of lib/Import/Onnx, what their functions read, build and refuse, the page of the nn dialect, and
the results of the conformance tests and of the checks of gradients."""
import collections
import re

import onnx

HEAD = """# Operators

What the importer reads of ai.onnx, at opsets {oldest} to {newest}, and of other domains, which are named. `tally check MODEL.onnx` says of a model, at once, all that it does not. *Operations* counts the
forward op; a range of opsets is one form of the op. E and the letters are those of the page of the [nn dialect](dialects/nn.md), which also says what each gradient costs. An op that is
written as several nn ops (of which a form of it may need some) costs what they cost, and its gradient is made of theirs. *Tests* are the node tests of
[onnx.backend.test](conformance.md) that pass; *checked*, of those with an input that ONNX calls differentiable, the ones at which the gradient agrees with
finite differences in f64 (`tools/conformance/gradients.py`). An attribute that is not listed is an error where a node has it, and so is an op that is not.

| op | opsets | becomes | operations | gradient | attributes | refuses | tests | checked |
|---|---|---|---|---|---|---|---|---|
"""
ROW = re.compile(r'\{"([\w.]+)", \{(\d+)(?:, (\d+))?\}, (\w+)(?:, "(\w*)")?')
# What a Composition's steps build.
STEPS = {"add": "add", "sub": "sub", "mul": "mul", "div": "div", "max": "maximum", "min": "minimum", "negate": "neg", "compare": "compare", "bitwise": "bitwise",
         "select": "select", "convert": "convert", "reshape": "reshape", "transpose": "transpose", "moveToEnd": "transpose", "moveFromEnd": "transpose",
         "broadcast": "broadcast", "slice": "slice", "concat": "concat", "take": "gather", "padWithZeros": "slice_grad", "sum": "reduce_sum", "mean": "reduce_mean"}
RANGE = re.compile(r"oldestOpset = (\d+), newestOpset = (\d+)")
# What gets the node may read and refuse.
FUNCTION = re.compile(r"^(?:static )?[\w:<>,&*]+(?: [\w:<>,&*]+)* [&*]?(?:\w+::)*(\w+)\([^;{}]*\bNodeReader &[^;{}]*\) \{([^\n]+\}$|\n.*?^\})", re.M | re.S)
REFUSAL = re.compile(r"\bunsupported\((\"(?:[^;]|\n)*?)\)+;")
VALUE = re.compile(r"Twine\((?:[^()]|\([^()]*\))*\)")


def read_nn(text):
    """Of each op of the dialect's page: its link, and its lines by their first word."""
    ops = {}
    for part in re.split(r"^### (?=`nn\.)", text, flags=re.M)[1:]:
        name, of_class = re.match(r"`nn\.(\w+)` \(::tally::nn::(\w+)\)", part).groups()
        fields = {key: re.match(r"[^\n]*(?:\n(?![A-Z]\w+:|\(|\n)[^\n]+)*", part[at:])[0].replace("\n", " ")
                  for key in ("Gradient", "Cost", "ONNX") for at in [part.find(f"\n{key}: ") + len(key) + 3] if f"\n{key}: " in part}
        ops[name] = dict(fields, link=f"[nn.{name}](dialects/nn.md#nn{name}-tallynn{of_class.lower()})")
    return ops


def reached(name, functions):
    """The text of a function and of all that it calls."""
    found, waiting = {}, [name]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in found:
            found[name] = functions[name]
            waiting += re.findall(r"(?<![.\w])(\w+)\b", functions[name])
    return "\n".join(found.values())


def read_refusals(code):
    """Messages as a reader would meet them, with ... for what depends on the node."""
    for message in REFUSAL.findall(code):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', VALUE.sub('"..."', message)))


def find_parts(code, targets, nn):
    """The nn ops that the code builds, in the order of the dialect's page."""
    built = set(targets) | set(re.findall(r'(?:emit|op)\("(\w+)"', code)) | set(re.findall(r'reduce\("(\w+)"', code))
    built |= {STEPS[step] for step in re.findall(r"\bc\.(\w+)\(", code) if step in STEPS}
    return [name for name in nn if name in built]


def describe(op, rows, functions, nn, tests, checks):
    code = "\n".join(reached(function, functions) for _, _, function, _ in rows)
    becomes = [name for name, fields in nn.items() if re.search(rf"\b{op}\b", fields.get("ONNX", "").split(";")[0])]
    becomes = becomes or find_parts(code, {target for *_, target in rows}, nn)
    becomes += [f"{name}_training" for name in becomes if f"{name}_training" in nn and f"{name}_training" not in becomes]
    domain, _, op_type = op.rpartition(".")
    known = {name for schema in onnx.defs.get_all_schemas_with_history() if (schema.domain, schema.name) == (domain, op_type) for name in schema.attributes}
    attributes = sorted(name for name in known if f'"{name}"' in code or f".{name}Attribute()" in code)
    opsets = [f"{since} to {int(until) - 1}" if until else f"{since} on" for since, until, *_ in rows]
    forms = [name for name in becomes if not name.endswith("_training")]

    def field(key):
        found = {}
        for name in becomes:
            text = nn[name].get(key, "").rstrip(".")
            if text and not text.startswith("that of the training form"):
                found.setdefault(text, "in training " if name.endswith("_training") else "")
        return "; ".join(when + text for text, when in found.items())

    link = ", ".join(nn[name]["link"] for name in becomes)
    otherwise = "its input" if op == "Identity" else "numbers, known at import time only"
    operations, gradient = (field("Cost") or "0", field("Gradient")) if len(forms) < 2 else ("those of its parts", "of its parts")
    return [f"`{op}`", ", ".join(opsets), link or otherwise, operations, gradient, ", ".join(f"`{name}`" for name in attributes),
            "; ".join(dict.fromkeys(read_refusals(code))), tests.get(op, ""), checks.get(op, "")]


def count_by_op(results):
    """Of (op, whether it is right), "right/all" of each op."""
    right, total = collections.Counter(), collections.Counter()
    for op, good in results:
        right[op] += good
        total[op] += 1
    return {op: f"{right[op]}/{total[op]}" for op in total}


def read_lines(path):
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def make_page(root, nn_page):
    folder = root / "lib/Import/Onnx"
    rows, functions = collections.defaultdict(list), {}
    for path in sorted(folder.glob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        for op, since, until, function, target in ROW.findall(text):
            rows[op].append((since, until, function, target))
        functions.update(FUNCTION.findall(text))
    oldest, newest = RANGE.search((folder / "OpTable.h").read_text(encoding="utf-8")).groups()
    nn = read_nn(nn_page)
    tests = count_by_op((op, status != "fail") for status, kind, op, *_ in read_lines(root / "tools/conformance/results.txt") if kind == "node")
    checks = count_by_op((op, status == "agrees") for status, op, *_ in read_lines(root / "tools/conformance/gradients.txt"))
    lines = [describe(op, sorted(rows[op], key=lambda row: int(row[0])), functions, nn, tests, checks) for op in sorted(rows)]
    return HEAD.format(oldest=oldest, newest=newest) + "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
