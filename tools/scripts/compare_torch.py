# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs compiled programs and PyTorch on the same networks, recipes, initial weights and batches; see compare-torch."""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARITY = ROOT / "test/Integration/Inputs/torch"
sys.path.insert(0, str(PARITY))
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # a waiting thread would keep the other's core on a busy machine
import parity
from torch_recipe import carry_out

PRECISIONS = ("f32", "f64")  # the recipes of whole networks; all others are for the tiny one
NETWORKS = ("resnet20", "a32", "every_op")


def make_figures(network, recipe, folder):
    """Stores PyTorch's losses; of whole networks also how far 1 and 2 threads are apart at the last step."""
    parity.train(network, recipe, folder, "-O0")
    tiny = network == "tiny"
    runs = [carry_out(folder / "initial.onnx", PARITY / f"recipes/{recipe}.yaml", folder, folder / "order.csv", threads=threads, weights=tiny)
            for threads in ((1,) if tiny else (1, 2))]
    figures = runs[-1]
    del figures["seconds"]
    figures["spread"] = parity.difference(runs[0]["losses"][-1:], figures["losses"][-1:])
    stored = PARITY / f"figures/{network}-{recipe}.json"
    stored.write_text(json.dumps({"network": network, "recipe": recipe, **figures}) + "\n")
    rows = parity.compare(folder, figures)
    print(f"{stored.name}: spread {figures['spread']:.2g}; the program is within {max(row[1] for row in rows):.2g}", flush=True)


def make_all_figures():
    recipes = sorted(path.stem for path in (PARITY / "recipes").glob("*.yaml"))
    cases = [(network, recipe) for network in NETWORKS for recipe in PRECISIONS]
    cases += [("tiny", recipe) for recipe in recipes if recipe not in PRECISIONS]
    with tempfile.TemporaryDirectory() as folder:
        for network, recipe in cases:
            make_figures(network, recipe, pathlib.Path(folder) / f"{network}-{recipe}")


def make(path, command):
    """Runs command(temporary path) unless the file is there already."""
    if not path.exists():
        begun = path.with_name(f"{path.name}.part")
        command(begun)
        begun.rename(path)
    return path


def run_seed(options, recipe, seed):
    """(ours, PyTorch's) {view: accuracy, "seconds": s} of one whole run."""
    folder, trainer = options.folder, [options.folder / "trainer", "--data", options.data, "--seed", seed, "--threads", options.threads]

    def train(log):  # status 1: the target was missed
        command = [*trainer, "--overwrite", "--dump-order", order, "--log", log]
        status = subprocess.run(list(map(str, command)), check=False).returncode
        if status not in (0, 1):
            sys.exit(f"the trainer ended with status {status}")

    order = folder / f"order.seed{seed}.csv"
    initial = make(folder / f"initial.seed{seed}.onnx", lambda path: parity.call(*trainer, "--max-steps", 0, "--overwrite", "--export", path))
    log = make(folder / f"log.seed{seed}.jsonl", train)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    views = next(event["views"] for event in reversed(events) if event["event"] == "eval")
    peer = make(folder / f"torch.seed{seed}.json",
                lambda path: path.write_text(json.dumps(carry_out(initial, recipe, options.data, order, seed, options.threads))))
    theirs = json.loads(peer.read_text())
    row = ({**views, "seconds": events[-1]["seconds"]},
           {**{view: theirs["views"][view]["accuracy"] for view in views}, "seconds": theirs["seconds"]})
    print(json.dumps({"seed": seed, "tally": row[0], "torch": row[1]}), flush=True)
    return row


def compare_runs(options):
    options.folder.mkdir(parents=True, exist_ok=True)
    recipe = ROOT / f"tools/zoo/recipes/{options.recipe}.yaml"
    model = make(options.folder / "model.onnx", lambda path: parity.make_model(options.network, path))
    make(options.folder / "trainer", lambda path: parity.call("tally", "build", model, "--recipe", recipe, "-o", path))
    first, _, last = options.seeds.partition("..")
    rows = [run_seed(options, recipe, seed) for seed in range(int(first), int(last or first) + 1)]
    for key in rows[0][0]:
        ours, theirs = ([row[side][key] for row in rows] for side in (0, 1))
        summary = {"n": len(rows), "what": key, "tally": statistics.mean(ours), "torch": statistics.mean(theirs)}
        if len(rows) > 1:
            deviations = statistics.stdev(ours), statistics.stdev(theirs)
            summary.update(zip(("tally_deviation", "torch_deviation"), deviations))
            summary["standard_error"] = math.hypot(*deviations) / math.sqrt(len(rows))
        print(json.dumps(summary))


def main():
    if len(sys.argv) == 1:
        return make_all_figures()
    parser = argparse.ArgumentParser(description="train with a compiled program and with PyTorch")
    parser.add_argument("network", help="of the zoo")
    parser.add_argument("recipe", help="of the zoo")
    parser.add_argument("data", help="folder of the CIFAR binary files")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", default="1", help="A or A..B")
    parser.add_argument("--threads", type=int, default=2)
    return compare_runs(parser.parse_args())


main()
