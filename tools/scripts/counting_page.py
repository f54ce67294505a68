# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tables of docs/counting.md, each between two comments of the page, whose other text is written there: from the pages of the dialects, the files
of tools/profiles, the tables of count_blocks.py and what `tally cost` says of the worked example."""
import csv
import re
import subprocess
import sys
import typing

# By (phase, layer) of the worked example: what a pencil writes, and the same in numbers.
M, E, K, P = 2 * 4 * 32 * 32 * 27, 2 * 4 * 32 * 32, 4, 166
EXAMPLE = {
    ("data", "image"): ("3 for each of 2\\*3\\*32\\*32 values", 3 * 2 * 3 * 32 * 32),
    ("forward", "conv"): ("2M - E", 2 * M - E),
    ("forward", "norm"): ("6E + 5K, running statistics 6K", 6 * E + 5 * K + 6 * K),
    ("forward", "relu"): ("E", E),
    ("forward", "pool"): ("E - 2K additions, 2K products", E),
    ("forward", "head"): ("2\\*K\\*10\\*2, with bias", 2 * K * 10 * 2),
    ("loss", "loss"): ("6\\*10 for each of 2 images", 6 * 10 * 2),
    ("backward", "head"): ("weight 40\\*(2\\*2 - 1), input 2\\*4\\*(2\\*10 - 1), bias 10\\*(2 - 1)", 40 * 3 + 8 * 19 + 10),
    ("backward", "pool"): ("2K products", 2 * K),
    ("backward", "relu"): ("2E", 2 * E),
    ("backward", "norm"): ("8E + 6K", 8 * E + 6 * K),
    ("backward", "conv"): ("2M - 108, of the weight alone", 2 * M - 108),
    ("optimizer", "sgd"): ("8P", 8 * P),
    ("monitoring", "loss"): ("the value of the loss: 5\\*10 + 2 for each image, one addition, the mean", 2 * 52 + 2),
}


class Op(typing.NamedTuple):
    """An op of a dialect's page: a link to it, its shapes and cost in words; whether it has a cost, or costs nothing; whether it is element-wise."""
    link: str
    shapes: str
    cost: str
    priced: bool
    free: bool
    scalar: bool


def read_ops(text):
    """The ops of a dialect's page by name; one that has a cost and does not say it is an error."""
    for part in re.split(r"^### (?=`\w+\.\w+` \()", text, flags=re.M)[1:]:
        name, of_class = re.match(r"`([\w.]+)` \(::tally::\w+::(\w+)\)", part).groups()
        dialect = name.partition(".")[0]
        fields = {key: re.match(r"[^\n]*(?:\n(?![A-Z][\w ]*:|\(|\n)[^\n]+)*", part[at:])[0].replace("\n", " ").rstrip(".")
                  for key in ("Shapes", "Cost") for at in [part.find(f"\n{key}: ") + len(key) + 3] if f"\n{key}: " in part}
        interfaces, traits = (next(iter(re.findall(rf"^{word}: (.*)$", part, flags=re.M)), "") for word in ("Interfaces", "Traits"))
        priced, free = "`CostOpInterface`" in interfaces, "`ZeroCost`" in traits
        if priced and "Cost" not in fields:
            sys.exit(f"error: the description of {name} does not say its cost")
        link = f"[{name}](dialects/{dialect}.md#{name.replace('.', '')}-tally{dialect}{of_class.lower()})"
        shapes, cost = (re.sub(r"([*|])", r"\\\1", fields.get(key, "")) for key in ("Shapes", "Cost"))
        yield name, Op(link, shapes, cost, priced, free, "`ScalarBodyOpInterface`" in interfaces)


def table(head, rows):
    return "".join("| " + " | ".join(line) + " |\n" for line in (head, *rows)).replace("\n", "\n|" + "---|" * len(head) + "\n", 1)


def describe_ops(pages):
    ops = dict(op for page in pages for op in read_ops(page))
    scalar = {name: op for name, op in ops.items() if op.priced and op.scalar}
    by_element = [[op.link, op.cost, scalar[f"{name}_grad"].cost if f"{name}_grad" in scalar else ""]
                  for name, op in scalar.items() if not name.endswith("_grad") or name.removesuffix("_grad") not in scalar]
    others = [[op.link, op.shapes, op.cost] for op in ops.values() if op.priced and not op.scalar]
    return ("Element-wise ops: the cost is counted from the scalar body that is also what is computed. That of a gradient is given where it is an op of its own.\n\n"
            + table(["op", "operations", "of its gradient"], by_element)
            + "\nOps of sums, windows and positions:\n\n" + table(["op", "shapes", "operations"], others)
            + "\nOps that cost nothing: " + ", ".join(op.link for op in ops.values() if op.free) + ".\n")


def describe_profiles(root):
    kinds = re.findall(r'TALLY_OPERATION_KIND\(\w+, "(\w+)"\)', (root / "include/tally/Support/OperationKinds.def").read_text(encoding="utf-8"))
    text = "The kinds of operation are " + ", ".join(f"`{kind}`" for kind in kinds) + ".\n"
    for path in sorted((root / "tools/profiles").glob("*.yaml")):
        comment, keys = re.match(r"((?:#[^\n]*\n)*)(.*)", path.read_text(encoding="utf-8"), flags=re.S).groups()
        words = " ".join(line.lstrip("# ") for line in comment.splitlines())
        text += f"\n**{path.stem}**: {words}\n\n```yaml\n{keys.strip()}\n```\n"
    return text


def work_example(root, tally):
    """The rows of the program's report by phase and layer; a number that is not the pencil's is an error."""
    command = [tally, "cost", root / "test/Cost/worked-example.mlir", "--no-memory", "--format", "csv"]
    report = csv.DictReader(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())
    found, ops, parameters = {}, {}, 0
    for row in report:
        key = row["phase"], row["layer"]
        parameters += int(row["parameters"])
        if not int(row["operations"]):
            continue
        found[key] = found.get(key, 0) + int(row["operations"])
        ops.setdefault(key, []).append(row["op"])
    wrong = {key: (found.get(key), EXAMPLE.get(key)) for key in sorted(found.keys() | EXAMPLE.keys(), reverse=True) if key not in EXAMPLE or found.get(key) != EXAMPLE[key][1]}
    if wrong:
        sys.exit(f"error: the worked example is {wrong} by program and by pencil")
    rows = [[phase, layer, ", ".join(ops[phase, layer]), words, f"{number:,}"] for (phase, layer), (words, number) in EXAMPLE.items()]
    total = sum(number for (phase, _), number in found.items() if phase != "monitoring")
    return (table(["phase", "layer", "ops", "by hand", "operations"], rows)
            + f"\nTraining, which is all but monitoring: {total:,} operations; with {parameters} parameters a complexity of {total + parameters:,}.\n")


def describe_instructions(root):
    sys.path.insert(0, str(root / "test/Integration/Inputs"))
    import count_blocks

    written = {}
    for word, kind in (*count_blocks.OPCODES.items(), *count_blocks.FUNCTIONS.items(), ("select", "select")):
        written.setdefault(kind, []).append(f"`{word}`")
    rows = [[kind, ", ".join(words)] for kind, words in sorted(written.items())]
    rows += [[kind, " and ".join(f"{times} {part}" for part, times in parts.items())] for kind, parts in count_blocks.EXPANSIONS.items()]
    return table(["kind of operation", "instruction, intrinsic or function (for f32 with an f behind its name)"], sorted(rows))


def make_page(root, tally, pages):
    """docs/counting.md with its tables made anew; `pages` are those of the dialects."""
    parts = {"example": work_example(root, tally), "profiles": describe_profiles(root), "ops": describe_ops(pages), "instructions": describe_instructions(root)}
    text = (root / "docs/counting.md").read_text(encoding="utf-8")
    for name, part in parts.items():
        text = fill(text, name, part)
    return text


def fill(text, name, part):
    """The page with `part` between the comment that ends with the name and the next one."""
    text, found = re.subn(rf"(<!-- made by [^\n]*: {name} -->\n).*?(?=<!-- end -->)", lambda match: match[1] + part, text, flags=re.S)
    if found != 1:
        sys.exit(f"error: docs/counting.md has {found} places for '{name}'")
    return text
