# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs compiled programs and PyTorch on the same networks, recipes, initial weights and batches; see compare-torch."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TALLY = ROOT / "build/bin/tally"
RECIPES = ROOT / "tools/zoo/recipes"
PARITY = ROOT / "test/Integration/Inputs/parity"
STORED = ROOT / "test/Integration/Inputs/torch"
# Short runs of the tests: network, recipe, in f64?
SHORT = [("resnet20", "parity.yaml", False), ("a32", "parity.yaml", False), ("every_op", "parity.yaml", False),
         ("resnet20", "parity_f64.yaml", True), ("a32", "parity_f64.yaml", True), ("every_op", "parity_f64.yaml", True)]


def torch_recipe(*arguments):
    subprocess.run([sys.executable, ROOT / "tools/scripts/torch_recipe.py", *map(str, arguments)], check=True)


def make_model(name, path):
    """A network of the zoo, or the small one with every op that the tests make."""
    if name == "every_op":
        subprocess.run([sys.executable, PARITY / "every_op.py", path], check=True)
    else:
        subprocess.run([TALLY, "zoo", name, "-o", path], check=True)


def short_runs(data, folder):
    STORED.mkdir(exist_ok=True)
    for name, recipe, double in SHORT:
        model = f"{folder}/{name}.onnx"
        make_model(name, model)
        stored = STORED / f"{name}{'_f64' if double else ''}.json"
        runs = []
        for threads in (2,) if double else (2, 1):
            torch_recipe(model, PARITY / recipe, data, "--threads", threads, "--no-evaluation", "-o", stored, *(["--double"] if double else []))
            runs.append(json.loads(stored.read_text()))
        result = {"network": name, "recipe": recipe, **runs[0]}
        result["spread"] = max(abs(a - b) / abs(a) for a, b in zip(runs[0]["losses"], runs[-1]["losses"]))
        result.pop("seconds")
        stored.write_text(json.dumps(result, indent=1) + "\n")
        print(f"{stored.name}: step 1 {result['losses'][0]:.9g}, step {result['steps']} {result['losses'][-1]:.9g}, spread {result['spread']:.2g}")


def whole_run(data, folder, name, recipe, seed="0"):
    path = RECIPES / f"{recipe}.yaml" if (RECIPES / f"{recipe}.yaml").exists() else pathlib.Path(recipe)
    model, trainer = f"{folder}/model.onnx", f"{folder}/trainer"
    make_model(name, model)
    subprocess.run([TALLY, "build", model, "--recipe", path, "-o", trainer], check=True)
    common = [trainer, "--data", data, "--seed", seed]
    subprocess.run([*common, "--max-steps", "0", "--export", f"{folder}/initial.onnx"], check=True)
    subprocess.run([*common, "--dump-order", f"{folder}/order.csv", "--log", f"{folder}/log.jsonl"], check=False)
    events = [json.loads(line) for line in pathlib.Path(f"{folder}/log.jsonl").read_text().splitlines()]
    end = next(event for event in events if event["event"] == "end")
    views = next(event["views"] for event in reversed(events) if event["event"] == "eval")
    torch_recipe(f"{folder}/initial.onnx", path, data, "--order", f"{folder}/order.csv", "-o", f"{folder}/torch.json")
    peer = json.loads(pathlib.Path(f"{folder}/torch.json").read_text())
    print(json.dumps({"network": name, "recipe": recipe, "seed": seed, "tally": views, "tally_seconds": end["seconds"],
                      "torch": peer["accuracy"], "torch_seconds": peer["seconds"]}))


def main():
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) == 2:
            short_runs(sys.argv[1], folder)
        else:
            whole_run(sys.argv[1], folder, *sys.argv[2:])


main()
