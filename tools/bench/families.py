# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks of torchvision and timm at CIFAR size, as both exporters of PyTorch write them: which of them import, count, build and train.

families.py DATA [FAMILY...]

Exports each family (family_networks.py, in the Python environment that tools/scripts/peer-venv makes) in evaluation mode with the exporter's
defaults and in training mode, into a folder that is kept, then runs `tally check`, `tally cost` and `tally build` and trains some steps of batch 32 with SGD on
CIFAR-10 (DATA), exports what was trained, and compares its logits with ONNX Runtime's (family_logits.py). Prints one row for each file as Markdown: what
works, the first failure, trained parameters and operations of a step, the seconds of import and count, of the build and of a step (median), the peak memory
of build and training, the largest difference of the logits; then the families whose exports do not cost the same.
`--still` takes networks without Dropout and stochastic depth, which evaluation mode leaves out of a file. `--compare` trains them in f64, 10 steps of SGD and
10 of AdamW, and prints the largest relative difference of the losses from PyTorch's, which trains the module itself with the same batches, and that of
PyTorch from itself when its weights begin a rounding away: some networks, in which BatchNormalization sees 32 numbers of a channel, multiply it by a
hundred in each step. The environment variable TALLY names another program than build/bin/tally. Status 1 when something
does not work.
"""
import argparse
import itertools
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from family_networks import EXPORTERS, FAMILIES, MODES, name_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
TALLY = os.environ.get("TALLY", ROOT / "build/bin/tally")
STAGES = ("imports", "counts", "builds", "trains", "exports")
OPTIMIZERS = {"sgd": "{name: sgd, lr: 1.0e-4, momentum: 0.9, weight_decay: 5.0e-4}", "adamw": "{name: adamw, lr: 1.0e-4, weight_decay: 0.01}"}
COMPARED = 10  # steps
LIMIT = 1e-6  # of the relative difference of the losses in f64,
FACTOR = 100  # and of what a rounding makes of it


def python_of_torch():
    done = subprocess.run([ROOT / "tools/scripts/peer-venv", "torch"], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def call(*command, seconds):
    """(status, standard output, standard error, seconds, peak bytes) of a command; status 137 after its time."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(["timeout", "-s", "KILL", str(seconds), *map(str, command)], stdout=out, stderr=err, text=True)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - start
        out.seek(0), err.seek(0)
        return process.returncode, out.read(), err.read(), took, usage.ru_maxrss * 1024


def first_error(text, status):
    """The first line that says what is wrong, without the place in the file."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = next((line for line in lines if "error:" in line), lines[-1] if lines else f"status {status}")
    return re.sub(r"^.*?error: ", "", found).strip()[:160]


def write_recipe(path, mode, optimizer="sgd", precision="f32"):
    restore = ", restore: true" if mode == "default" else ""
    path.write_text(f"loss: cross_entropy\noptimizer: {OPTIMIZERS[optimizer]}\nepochs: 1\nbatch_size: 32\nprecision: {precision}\n"
                    f"batch_norm: {{running_variance: sample{restore}}}\n")
    return path


def read_steps(log):
    return [event for event in map(json.loads, pathlib.Path(log).read_text().splitlines()) if event["event"] == "step"]


def export(options, family, python):
    """Makes the files of a family that are missing."""
    folder = options.folder / "still" if options.still else options.folder
    paths = {(exporter, mode): folder / f"{family}-{exporter}-{mode}.onnx" for exporter, mode in itertools.product(EXPORTERS, MODES)}
    if not all(path.exists() or path.with_suffix(".error").exists() for path in paths.values()):
        command = [python, ROOT / "tools/bench/family_networks.py", folder, family, *(["--still"] if options.still else [])]
        status, _, err, _, _ = call(*command, seconds=1800)
        if status:
            sys.exit(f"{family} is not exported: {err}")
    return paths


def measure(options, model, mode, folder):
    """What works of a file, with figures; stops at the first stage that fails."""
    row = dict.fromkeys(STAGES, False)
    if not model.exists():
        return {**row, "reason": "export: " + model.with_suffix(".error").read_text().splitlines()[0][:160]}
    recipe, trainer, log, trained = write_recipe(folder / "recipe.yaml", mode), folder / "trainer", folder / "log.jsonl", folder / "trained.onnx"
    commands = {
        "imports": [TALLY, "check", model, "--recipe", recipe],
        "counts": [TALLY, "cost", model, "--recipe", recipe, "--format", "json"],
        "builds": [TALLY, "build", model, "--recipe", recipe, "--progress", "none", "-o", trainer],
        "trains": [trainer, "--data", options.data, "--max-steps", options.steps, "--threads", options.threads, "--overwrite", "--log", log, "--export", trained, "--progress", "none"],
        "exports": [sys.executable, ROOT / "tools/bench/family_logits.py", trained, model],
    }
    for stage in STAGES[: STAGES.index(options.until) + 1]:
        status, out, err, seconds, peak = call(*commands[stage], seconds=options.limit)
        row[f"{stage}_seconds"], row[f"{stage}_bytes"] = round(seconds, 3), peak
        if status:
            return {**row, "reason": f"{stage}: " + ("no answer in time" if status == 137 else first_error(err, status)), "errors": err.splitlines()}
        row[stage] = True
        if stage == "counts":
            report = json.loads(out)
            row["parameters"] = int(report["parameters"]["trained"])
            row["operations"] = int(report["segments"][0]["per_step"]["total"])
        elif stage == "exports":
            row["logits"] = float(out)
    if row["trains"]:
        steps = read_steps(log)
        ends = [event["seconds"] for event in steps]
        row["losses"] = [event["loss"] for event in steps]
        row["step_seconds"] = statistics.median(end - start for start, end in itertools.pairwise(ends)) if len(ends) > 1 else ends[0]
    return row


def compare(options, family, model, mode, python, folder):
    """The largest relative difference of the losses from PyTorch's, by optimizer."""
    result = {}
    for optimizer in OPTIMIZERS:
        recipe, trainer, order, log = write_recipe(folder / "recipe.yaml", mode, optimizer, "f64"), folder / "trainer", folder / "order.csv", folder / "log.jsonl"
        commands = [[TALLY, "build", model, "--recipe", recipe, "--progress", "none", "-o", trainer],
                    [trainer, "--data", options.data, "--max-steps", COMPARED, "--threads", options.threads, "--overwrite", "--log", log, "--dump-order", order, "--progress", "none"],
                    [python, ROOT / "tools/bench/family_losses.py", family, recipe, options.data, order, model]]
        for command in commands:
            status, out, err, _, _ = call(*command, seconds=options.limit)
            if status:
                return {**result, "reason": f"{pathlib.Path(command[0]).name}: {first_error(err, status)}"}
        ours, theirs = [event["loss"] for event in read_steps(log)], json.loads(out)
        result[optimizer] = {"tally": ours, **theirs, **{name: max(abs(a - b) / abs(b) for a, b in zip(values, theirs["losses"], strict=True))
                                                         for name, values in (("difference", ours), ("of a rounding", theirs["beside"]))}}
    return result


def print_row(cells):
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def table_cells(row):
    def figure(key, form):
        return form(row[key]) if key in row else "-"

    megabytes = [figure(f"{stage}_bytes", lambda value: f"{value / 1e6:.0f}") for stage in ("builds", "trains")]
    return [row["family"], row["source"], row["exporter"], row["mode"], *("yes" if row[stage] else "no" for stage in STAGES), row.get("reason", "").replace("|", "\\|"),
            figure("parameters", "{:,}".format), figure("operations", "{:,}".format), figure("counts_seconds", "{:.2f}".format), figure("builds_seconds", "{:.1f}".format),
            figure("step_seconds", "{:.3f}".format), " / ".join(megabytes), figure("logits", "{:.0e}".format)]


def print_differences(rows):
    """The families whose exports do not have the same parameters and operations."""
    for family, group in itertools.groupby(rows, key=lambda row: name_of(row["source"], row["family"])):
        costs = {}
        for row in group:
            if "operations" in row:
                costs.setdefault((row["parameters"], row["operations"]), []).append(f"{row['exporter']} {row['mode']}")
        if len(costs) > 1:
            print(f"{family} costs differently: " + "; ".join(f"{', '.join(names)}: {p:,} parameters, {n:,} operations" for (p, n), names in costs.items()))


def choose(parser, names):
    known = {name_of(*key): key for key in FAMILIES}
    wrong = [name for name in names if not any(name in full for full in known)]
    if wrong:
        parser.error(f"expected families of {', '.join(known)}, got {', '.join(wrong)}")
    return [key for full, key in known.items() if not names or any(name in full for name in names)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="folder of CIFAR-10")
    parser.add_argument("families", nargs="*", help="SOURCE-NAME, or a part of it; default: all")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/families", help="of the exported files")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--until", choices=STAGES, default=STAGES[-1], help="the last stage to run")
    parser.add_argument("--limit", type=int, default=600, help="seconds that a command may take")
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES, help="of export (default: all)")
    parser.add_argument("--still", action="store_true", help="networks without Dropout and stochastic depth")
    parser.add_argument("--compare", action="store_true", help="the losses with PyTorch's, instead of the table")
    parser.add_argument("--output", type=pathlib.Path, help="file for the rows, as JSON")
    options = parser.parse_args()
    options.still |= options.compare
    os.environ["PATH"] = f"{pathlib.Path(TALLY).resolve().parent}{os.pathsep}{os.environ['PATH']}"
    python, rows = python_of_torch(), []
    if options.compare:
        heads = ["family", "source", "exporter", "mode", "difference from PyTorch", "of a rounding", "failure"]
    else:
        heads = ["family", "source", "exporter", "mode", *STAGES, "first failure", "parameters", "operations / step", "count s", "build s", "step s", "build / train MB", "logits"]
    print_row(heads)
    print("|---" * len(heads) + "|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for source, family in choose(parser, options.families):
            name = name_of(source, family)
            for (exporter, mode), model in export(options, name, python).items():
                if mode not in options.modes:
                    continue
                row = {"family": family, "source": source, "exporter": exporter, "mode": mode}
                if options.compare:
                    row["compared"] = compare(options, name, model, mode, python, pathlib.Path(folder)) if model.exists() else {"reason": "not exported"}
                    reason = row["compared"].pop("reason", "")
                    runs = row["compared"].items()
                    row["right"] = not reason and all(run["difference"] <= max(LIMIT, FACTOR * run["of a rounding"]) for _, run in runs)
                    cells = (", ".join(f"{what}: {run[key]:.1e}" for what, run in runs) for key in ("difference", "of a rounding"))
                    print_row([family, source, exporter, mode, *cells, reason])
                else:
                    row.update(measure(options, model, mode, pathlib.Path(folder)))
                    row["right"] = row[options.until]
                    print_row(table_cells(row))
                rows.append(row)
    if not options.compare:
        print()
        print_differences(rows)
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1) + "\n")
    wrong = [row for row in rows if not row["right"]]
    print(f"\n{len(rows) - len(wrong)} of {len(rows)} files work")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
