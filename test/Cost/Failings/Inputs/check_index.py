# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the table of README.md with the tests beside it: check_index.py FOLDER

Each of F1 to F32 has a row; the tests it names are those whose first comments name it, and no others.
"""
import collections
import pathlib
import re
import sys

FAILINGS = [f"F{number}" for number in range(1, 33)]


def first_comments(text):
    """The comments above the first RUN line."""
    return re.split(r"^(?://|#) RUN:", text, maxsplit=1, flags=re.M)[0]


folder = pathlib.Path(sys.argv[1])
named = collections.defaultdict(set)
for path in (*folder.glob("*.test"), *folder.glob("*.mlir")):
    for failing in re.findall(r"^(?://|#) (F\d+): ", first_comments(path.read_text()), flags=re.M):
        named[failing].add(path.name)
rows = {}
for failing, tests in re.findall(r"^\| (F\d+) \|.*\| ([^|]*) \|$", (folder / "README.md").read_text(), flags=re.M):
    rows[failing] = set(re.findall(r"\]\((.*?)\)", tests))
problems = [f"{failing} has no row" for failing in FAILINGS if not rows.get(failing)]
problems += [f"{failing}: the table names {sorted(rows.get(failing, ()))}, it is named by {sorted(named[failing])}"
             for failing in sorted(rows.keys() | named.keys()) if rows.get(failing, set()) != named[failing]]
print(*problems, f"{len(rows)} failings, {len(problems)} problems", sep="\n")
sys.exit(bool(problems))
