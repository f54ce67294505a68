# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts the operations of a run without Tally's counters: count_blocks.py MODEL RECIPE DATA FOLDER

RECIPE is a file, or a name of the zoo, shortened as execute_zoo.py does.

Puts a counter into every basic block of the LLVM IR of the -O0 program, links it with the runtime, trains, and multiplies each block's
executions with its floating-point instructions. The sums by phase and kind must be those of a trainer that counts what it executes (--instrument),
by these tables, which docs/counting.md shows. Integers are left out: LLVM cannot tell numbers from addresses.
"""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys

from execute_zoo import shorten

# An operation of the counting rules as instructions of LLVM: all others are one of their own name. Rounding to bf16 is arithmetic on bits, but for a compare that keeps NaN.
EXPANSIONS = {"rsqrt": {"sqrt": 1, "divide": 1}, "convert bf16": {"compare": 1}}
OPCODES = {"fadd": "add", "fsub": "subtract", "fmul": "multiply", "fdiv": "divide", "fneg": "negate", "fcmp": "compare",
           "uitofp": "convert", "sitofp": "convert", "fptoui": "convert", "fptosi": "convert", "fpext": "convert", "fptrunc": "convert"}
FUNCTIONS = {"llvm.sqrt": "sqrt", "llvm.maximum": "maximum", "llvm.minimum": "minimum", "llvm.maxnum": "maximum", "llvm.minnum": "minimum", "llvm.fabs": "absolute",
             "erf": "erf", "exp": "exp", "log": "log", "pow": "pow", "tanh": "trigonometric", "tally.philox": "random"}
DUMP = """
#include <stdio.h>
extern unsigned long long tally_counts[];
extern const unsigned long long tally_blocks;
static __attribute__((destructor)) void dump(void) {
  FILE *file = fopen("counts", "w");
  for (unsigned long long i = 0; i < tally_blocks; ++i)
    fprintf(file, "%llu\\n", tally_counts[i]);
  fclose(file);
}
"""


def kind_of(line):
    """The kind of floating-point operation of a line of LLVM IR, or None."""
    instruction = re.sub(r"^\s*(%\S+ = )?(tail )?", "", line)
    word = instruction.split(" ", 1)[0]
    if word in OPCODES:
        return OPCODES[word]
    if word == "select" and re.match(r"select i1 [^,]+, (float|double) ", instruction):
        return "select"
    if word == "call" and (called := re.match(r"call (?:float|double) @([\w.]+)\(", instruction)):
        name = called[1]
        found = next((kind for prefix, kind in FUNCTIONS.items() if name in (prefix, prefix + "f") or name.startswith(prefix + ".")), None)
        assert found, f"an unknown function computes: {line}"
        return found
    return None


def instrument(text):
    """The IR with a counter in each block, and of each block its phase and operations."""
    lines, blocks, phase, waits = [], [], None, False
    for line in text.splitlines():
        if line.startswith("define"):
            name = re.search(r"@\"?([\w.$-]+)", line)[1]
            phase = name.split(".")[1] if name.startswith("tally.") and not name.startswith("tally.philox") else None
            waits = phase is not None
        elif re.match(r"\"?[\w.$-]+\"?:", line) and phase:
            waits = True
        elif waits and line.strip() and " = phi " not in line:
            number, waits = len(blocks), False
            blocks.append((phase, collections.Counter()))
            place = f"getelementptr ([BLOCKS x i64], ptr @tally_counts, i64 0, i64 {number})"
            lines += [f"  %count.{number} = load i64, ptr {place}", f"  %counted.{number} = add i64 %count.{number}, 1",
                      f"  store i64 %counted.{number}, ptr {place}"]
        if phase and not waits and (kind := kind_of(line)):
            blocks[-1][1][kind] += 1
        phase = None if line == "}" else phase
        lines.append(line)
    count = str(len(blocks))
    lines += [f"@tally_counts = global [{count} x i64] zeroinitializer", f"@tally_blocks = constant i64 {count}"]
    return "\n".join(lines).replace("[BLOCKS x i64]", f"[{count} x i64]"), blocks


def expand(operations):
    """Operations of the counting rules on floating-point numbers as instructions: {"add f32": "12"}."""
    expanded = collections.Counter()
    for name, number in operations.items():
        kind, element = name.split(" ")
        if element.startswith(("f", "bf")):
            for part, times in (EXPANSIONS.get(name) or EXPANSIONS.get(kind, {kind: 1})).items():
                expanded[part] += times * int(number)
    return +expanded


def main():
    model, data, folder = map(pathlib.Path, (sys.argv[1], *sys.argv[3:]))
    recipe = folder / "recipe.yaml"
    given = pathlib.Path(sys.argv[2])
    recipe.write_text(given.read_text() if given.suffix == ".yaml" else shorten(sys.argv[2]))

    def run(*command):
        subprocess.run([str(word) for word in command], cwd=folder, check=True)

    options = ["--data", data, "--threads", 1, "--overwrite", "--progress", "none"]
    run("tally", "build", model, "--recipe", recipe, "-O0", "--instrument", "-o", "instrumented", "--progress", "none")
    run("./instrumented", *options, "--log", "log.jsonl")
    run("tally", "build", model, "--recipe", recipe, "-O0", "--emit", "llvm", "-o", "program.ll", "--progress", "none")
    text, blocks = instrument((folder / "program.ll").read_text())
    (folder / "counted.ll").write_text(text)
    (folder / "dump.c").write_text(DUMP)
    run("llc", "-O1", "-filetype=obj", "-relocation-model=pic", "counted.ll", "-o", "counted.o")
    library = pathlib.Path(shutil.which("tally")).parent.parent / "lib/libtally_rt.a"
    run("cc", "counted.o", "dump.c", library, "-lm", "-o", "counted")
    run("./counted", *options)
    executions = [int(line) for line in (folder / "counts").read_text().split()]
    sums = collections.defaultdict(collections.Counter)
    for (phase, operations), times in zip(blocks, executions, strict=True):
        for kind, number in operations.items():
            sums[phase][kind] += number * times
    event = next(event for event in map(json.loads, (folder / "log.jsonl").read_text().splitlines()) if event["event"] == "executed")
    expected = {phase: expand(operations) for phase, operations in event["by_kind"].items()}
    for phase in sorted(expected.keys() | sums.keys()):
        found, wanted = +sums[phase], expected.get(phase, {})
        print(f"{phase}: {sum(found.values())} operations, {'equal' if found == wanted else f'{dict(found)} in blocks, {dict(wanted)} executed'}")
    sys.exit(any(+sums[phase] != expected.get(phase, {}) for phase in expected.keys() | sums.keys()))


if __name__ == "__main__":
    main()
