# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rejects tests that check nothing: FileCheck prefixes that no line uses, check lines whose prefix no RUN line names or that lack
the colon, and test files without any check; a folder without tests is wrong too. Usage: check_tests.py FOLDER..."""
import pathlib
import re
import sys

RUN = re.compile(r"RUN:(.*)")
PREFIX = re.compile(r"--check-prefix(?:es)?[= ]([\w,-]+)")
SUFFIXES = "(?:-NEXT|-SAME|-LABEL|-NOT|-DAG|-EMPTY|-COUNT-\\d+)?"
VERIFIERS = ("FileCheck", "--verify-diagnostics", "-verify-diagnostics", "%python", "tally-check", "diff ", "cmp ", "not ", "test ", "grep")


def problems(path):
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    runs = " ".join(match.group(1).rstrip("\\") for line in lines if (match := RUN.search(line)))
    if not runs:
        yield 1, "has no RUN line"
        return
    if not any(verifier in runs for verifier in VERIFIERS):
        yield 1, "checks nothing: no RUN line has FileCheck, --verify-diagnostics or another comparison"
    prefixes = {name for group in PREFIX.findall(runs) for name in group.split(",")}
    for command in re.split(r"[|;&]", runs):
        if "FileCheck" in command and not PREFIX.search(command):
            prefixes.add("CHECK")
    for prefix in sorted(prefixes):
        used = re.compile(rf"(?<![\w-]){re.escape(prefix)}{SUFFIXES}:")
        if not any(used.search(line) for line in lines if "RUN:" not in line):
            yield 1, f"prefix {prefix} is used by no line"
    comment = re.compile(r"^\s*(?://|#)\s*([A-Z][A-Z0-9_]*)(-NEXT|-SAME|-LABEL|-NOT|-DAG|-EMPTY)?(:?)(\s|$)")
    for number, line in enumerate(lines, start=1):
        match = comment.match(line)
        if not match:
            continue
        name, kind, colon, _ = match.groups()
        if (name in prefixes or name == "CHECK") and not colon and (kind or line.rstrip().endswith(name)):
            yield number, f"{name}{kind or ''} lacks its colon, so that it is never checked"
        elif kind and colon and name not in prefixes:
            yield number, f"prefix {name} is named by no RUN line"


def main():
    failed = False
    for folder in sys.argv[1:]:
        tests = [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.suffix in (".mlir", ".test") and "Inputs" not in path.parts]
        found = [f"{path}:{line}: {problem}" for path in tests for line, problem in problems(path)]
        if not tests:
            found = [f"{folder}: holds no tests"]
        print("\n".join(found))
        failed |= bool(found)
    sys.exit(failed)


main()
