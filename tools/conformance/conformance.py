# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the tests of onnx.backend.test with tally-translate and tally-check-op of PATH or else of build/bin."""
import argparse
import collections
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import sys
import time

import cases
import execute
import page
import reasons

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS, PAGE = HERE / "results.txt", ROOT / "docs/conformance.md"


@dataclasses.dataclass
class Result:
    status: str  # pass, bound or fail
    kind: str
    op: str
    name: str
    nature: str  # of what fails, see reasons.nature
    reason: str
    seconds: float = 0

    def line(self):
        return "\t".join((self.status, self.kind, self.op, self.name, self.nature, self.reason)).rstrip("\t")


def run_case(case, arguments):
    start = time.monotonic()
    status, reason = execute.run(case, arguments.limit, arguments.optimize)
    nature = reasons.nature(case.model) or "" if status == "fail" else ""
    reason = re.sub(r"\s+", " ", reasons.shorten(reason))
    return Result(status, case.kind, case.op, case.name, nature, reason, time.monotonic() - start)


def run_all(arguments):
    chosen = [case for case in cases.load(arguments.kind or cases.KINDS) if re.search(arguments.filter, case.name)]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        return list(pool.map(lambda case: run_case(case, arguments), chosen))


def read_results(path):
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Result(*(line.split("\t") + [""] * 6)[:6]) for line in lines]


def summarize(results):
    counts = collections.Counter(result.status for result in results)
    passed = counts["pass"] + counts["bound"]
    return f"{len(results)} tests: {passed} pass ({counts['bound']} of them with fixed inputs), {counts['fail']} fail"


def do_run(arguments):
    results = run_all(arguments)
    if arguments.filter or arguments.kind or arguments.optimize:
        print("\n".join(result.line() for result in results))
    else:
        RESULTS.write_text("".join(result.line() + "\n" for result in results), encoding="utf-8")
        do_page(arguments)
    slowest = sorted(results, key=lambda result: -result.seconds)[:3]
    print(f"slowest: {', '.join(f'{result.name} {result.seconds:.1f} s' for result in slowest)}")
    print(summarize(results))
    return 0


def do_page(_):
    PAGE.write_text(page.make_page(read_results(RESULTS)), encoding="utf-8")
    return 0


def do_check(arguments):
    """Problems: tests that passed and fail, or the other way round; tests without a result; a page of other results."""
    listed = {(result.kind, result.name): result for result in read_results(arguments.results)}
    ran = {(result.kind, result.name): result for result in run_all(arguments)}
    problems = []
    for key, result in ran.items():
        before = listed.get(key)
        if before is None:
            problems.append(f"{result.name} is not in {arguments.results.name}")
        elif result.status == "fail" and before.status != "fail":
            problems.append(f"{result.name} passed and fails: {result.reason}")
        elif result.status != before.status:
            problems.append(f"{result.name} is listed as '{before.status}', the result is '{result.status}'")
    if not arguments.filter and not arguments.kind:
        problems += [f"{name} is in {arguments.results.name} and is no test" for kind, name in listed.keys() - ran.keys()]
    if arguments.page.read_text(encoding="utf-8") != page.make_page(list(listed.values())):
        problems.append(f"{arguments.page.name} is stale: conformance.py page")
    print("\n".join(problems + [summarize(list(ran.values())), f"{len(problems)} problems"]))
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["run", "page", "check"], help="run: write the results and the page; page: write the page of the results; "
                        "check: fail where a test that passed fails, or where results or page are stale")
    parser.add_argument("--filter", default="", metavar="REGEX", help="only tests of such names; run prints their results and writes nothing")
    parser.add_argument("--kind", action="append", choices=cases.KINDS, help="only tests of these kinds (default: all)")
    parser.add_argument("--jobs", type=int, default=2, help="tests at a time (default: 2)")
    parser.add_argument("--limit", type=float, default=120, help="seconds that one tool may take for one test (default: 120)")
    parser.add_argument("--optimize", action="store_true", help="compile as -O3 does; run prints the results and writes nothing")
    parser.add_argument("--results", type=pathlib.Path, default=RESULTS, help="what check compares with")
    parser.add_argument("--page", type=pathlib.Path, default=PAGE, help="the page that check compares with")
    arguments = parser.parse_args()
    os.environ["PATH"] += f"{os.pathsep}{ROOT}/build/bin"
    os.environ["LLVM_DISABLE_SYMBOLIZATION"] = "1"
    return {"run": do_run, "page": do_page, "check": do_check}[arguments.command](arguments)


sys.exit(main())
