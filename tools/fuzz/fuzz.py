# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains random graphs in PyTorch and in Tally, in f64, and compares losses, trained tensors and evaluations.

fuzz.py run FIRST..LAST --folder FOLDER     the graphs of these seeds; FOLDER/failures/SEED.json are those that differ
fuzz.py check FILE... --folder FOLDER       descriptions of files
fuzz.py shrink FILE --folder FOLDER -o OUT  the smallest description that fails as the one of FILE does
fuzz.py store FILE... -o OUT                descriptions with PyTorch's figures, for stored.py, which needs no PyTorch
The tools of PATH are used. Status 1: something differs."""
import argparse
import collections
import json
import multiprocessing
import pathlib
import re
import shutil
import sys
import time
import warnings

import figures
import numpy as np
import tally_side
import torch_export
import torch_form
import torch_side
from description import dump
from generate import generate
from shrink import shrink

CONDITION = figures.BOUND / 10
EXPORTED_AS = {"SplitToSequence": "Split", "SequenceAt": "Split"}  # what torch.onnx.export makes of an op
VARIANT = 10 ** 6  # added to a seed that comes to no graph


def judge(description, folder, level="O0", spoil=False):
    """(outcome, what): match, mismatch, refused, broken or ill (roundings decide what it comes to)."""
    try:
        good, theirs = torch_side.is_well_conditioned(description, CONDITION)
    except (RuntimeError, IndexError, ValueError, KeyError, StopIteration) as error:
        return "ill", f"PyTorch: {error}"
    if not good:
        return "ill", "roundings decide the result"
    try:
        ours = tally_side.train(description, folder, level, spoil)
    except tally_side.Refused as error:
        return "refused", str(error)
    except tally_side.Broken as error:
        return "broken", str(error)
    wrong = figures.compare(ours, theirs, figures.bound_of(description))
    return ("mismatch", "; ".join(f"{what}: {difference:.2g}" for what, difference in wrong[:6])) if wrong else ("match", "")


def run_seed(task):
    seed, options = task
    start = time.time()
    warnings.simplefilter("ignore")
    folder = options.folder / "work" / str(seed)
    excluded, refusals, variant = [], [], 0
    level = "O3" if seed % 100 < options.optimized else "O0"
    exported = seed % 100 >= 100 - options.exported
    if exported:
        excluded = sorted(set(torch_form.OPS) - torch_export.OPS)
    limit = len(excluded) + 20
    while True:
        description = generate(seed + variant * VARIANT, excluded)
        if description and exported:
            # What has one element is a number, and not trained, where its op is written as others.
            single = any(np.prod(param["shape"]) == 1 for param in description["params"].values())
            description = None if single else {**description, "exporter": "torch", "type": "double"}
        outcome, what = judge(description, folder, level, options.spoil) if description else ("ill", "no graph")
        ops = {EXPORTED_AS.get(op, op) for op in re.findall(r"\((\w+), opset", what)} - set(excluded) if outcome == "refused" else set()
        if outcome == "ill" and variant < 20:
            variant += 1
        elif ops and len(excluded) < limit:  # the same without what is not supported
            refusals.append(what)
            excluded += sorted(ops)
        else:
            break
    if outcome in ("mismatch", "broken", "refused"):
        (options.folder / "failures").mkdir(parents=True, exist_ok=True)
        dump(description, options.folder / f"failures/{seed}.json")
    shutil.rmtree(folder, ignore_errors=True)
    return {"seed": seed, "outcome": outcome, "what": what, "level": level, "seconds": round(time.time() - start, 2), "refusals": refusals,
            "ops": [node["op"] for node in description["nodes"]] if description else []}


def run(options):
    first, _, last = options.what[0].partition("..")
    options.folder.mkdir(parents=True, exist_ok=True)
    counts, ops, refusals, start = collections.Counter(), collections.Counter(), collections.Counter(), time.time()
    tasks = [(seed, options) for seed in range(int(first), int(last or first) + 1)]
    with multiprocessing.Pool(options.jobs, maxtasksperchild=50) as pool, open(options.folder / "results.jsonl", "a") as log:
        for result in pool.imap_unordered(run_seed, tasks):
            counts[result["outcome"]] += 1
            ops.update(result["ops"] if result["outcome"] == "match" else [])
            refusals.update(text.splitlines()[0].split(": error: ")[-1] for text in result["refusals"])
            log.write(json.dumps(result) + "\n")
            log.flush()
            if result["outcome"] in ("mismatch", "broken", "refused"):
                print(f"seed {result['seed']} ({result['level']}): {result['outcome']}: {result['what'][:400]}", flush=True)
    trained = counts["match"] + counts["mismatch"]
    print(f"{trained} graphs trained in PyTorch and Tally, {counts['match']} agree; {dict(counts)}; {time.time() - start:.0f} s")
    print("nodes of those that agree:", ", ".join(f"{op} {number}" for op, number in ops.most_common()))
    for text, number in refusals.most_common(20):
        print(f"left out {number} times: {text}")
    return 1 if counts["mismatch"] or counts["broken"] else 0


def check(options):
    status = 0
    for file in options.what:
        outcome, what = judge(json.loads(pathlib.Path(file).read_text()), options.folder, options.level, options.spoil)
        print(f"{file}: {outcome} {what}")
        status |= outcome != "match"
    return status


def make_smaller(options):
    description = json.loads(pathlib.Path(options.what[0]).read_text())
    outcome, what = judge(description, options.folder, options.level, options.spoil)
    if outcome not in ("mismatch", "broken", "refused"):
        sys.exit(f"{options.what[0]}: {outcome}: there is nothing to shrink")
    # A program that breaks must go on to say the same; the numbers of a message are those of its graph.
    kind = lambda found: (found[0], re.sub(r"\W*\d+\W*|'[^']*'", "", found[1].partition("\n")[0]) if found[0] != "mismatch" else "")
    wanted = kind((outcome, what))
    smallest = shrink(description, lambda candidate: kind(judge(candidate, options.folder, options.level, options.spoil)) == wanted,
                      lambda text: print(text, flush=True))
    dump(smallest, options.output)
    print(outcome, judge(smallest, options.folder, options.level, options.spoil)[1])
    return 0


def store(options):
    """One JSON list: descriptions with their figures."""
    rows = []
    for file in options.what:
        description = json.loads(pathlib.Path(file).read_text()) if pathlib.Path(file).exists() else generate(int(file))
        rows.append({"description": description, "figures": figures.summarize(torch_side.train(description))})
    options.output.write_text("[" + ",\n".join(json.dumps(row) for row in rows) + "]\n")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["run", "check", "shrink", "store"])
    parser.add_argument("what", nargs="+", help="FIRST..LAST, or files (store: also seeds)")
    parser.add_argument("--folder", type=pathlib.Path, help="for what the runs need")
    parser.add_argument("-o", "--output", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2, help="graphs at a time")
    parser.add_argument("--optimized", type=int, default=30, help="percentage that is built at -O3 (default: %(default)s)")
    parser.add_argument("--exported", type=int, default=2, help="percentage that torch.onnx.export writes (default: %(default)s)")
    parser.add_argument("--level", default="O0", choices=["O0", "O3"], help="of check and shrink")
    parser.add_argument("--spoil", action="store_true", help="one number of the model is off by 1e-6, to see that this is found")
    options = parser.parse_args()
    if options.command != "store" and not options.folder:
        parser.error("--folder is required")
    sys.exit({"run": run, "check": check, "shrink": make_smaller, "store": store}[options.command](options))


if __name__ == "__main__":
    main()
