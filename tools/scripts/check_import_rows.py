# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The import rows of an op cover its opsets, each once, and change where ONNX changed the op. Usage: check_import_rows.py ROOT"""
import collections
import pathlib
import re
import sys

import onnx

ROW = re.compile(r'\{"([\w.]+)", \{(\d+)(?:, (\d+))?\}, \w+')
OLDEST = re.compile(r"oldestOpset = (\d+)")


def problems_of(op, rows, oldest):
    """Of the rows [since, until) of an op; until is None where it is open."""
    domain, _, name = op.rpartition(".")
    schemas = [schema for schema in onnx.defs.get_all_schemas_with_history() if (schema.domain, schema.name) == (domain, name)]
    versions = {schema.since_version for schema in schemas}
    if not versions:
        return [f"{name} is no op of {domain or 'ai.onnx'}"]
    result = []
    first, last = min(versions) if domain else max(oldest, min(versions)), rows[-1][1]
    if rows[0][0] != first:
        result.append(f"{op} is read from opset {rows[0][0]} on instead of {first}")
    for (_, until), (since, _) in zip(rows, rows[1:]):
        if until != since:
            result.append(f"{op} has a row until {until or 'the newest opset'} before one from {since} on")
        elif since not in versions:
            result.append(f"{op} did not change at opset {since}")
    if last is not None and not any(schema.deprecated and schema.since_version == last for schema in schemas):
        result.append(f"{op} is read until {last} only")
    return result


def main():
    root = pathlib.Path(sys.argv[1]) / "lib/Import/Onnx"
    oldest = int(OLDEST.search((root / "OpTable.h").read_text(encoding="utf-8"))[1])
    rows = collections.defaultdict(list)
    for path in sorted(root.glob("*.cpp")):
        for op, since, until in ROW.findall(path.read_text(encoding="utf-8")):
            rows[op].append((int(since), int(until) if until else None))
    problems = [problem for op in sorted(rows) for problem in problems_of(op, sorted(rows[op], key=lambda row: row[0]), oldest)]
    print("\n".join(problems))
    print(f"{len(rows)} ops, {len(problems)} problems")
    sys.exit(not rows or bool(problems))


main()
