# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs `tally cost --verify` for every network of the zoo with its recipe, and checks that the numbers of each report agree among
themselves, and that the surplus at -O3 stays below a tenth: verify_zoo.py FOLDER [--page docs/counting.md]

With --page, the table of the page is made anew. Those without a recipe of their own are counted by that of ResNet-20.
"""
import argparse
import hashlib
import json
import pathlib
import subprocess
import sys

RECIPES = {"a16": "R0", "a32": "R1", "a64": "R2", "a256": "a256", "resnet20": "resnet20", "resnet9": "resnet9", "resnet18": "resnet18"}
BORROWED = {"mobilenet_v2": "resnet20", "densenet100": "resnet20", "densenet121": "resnet20"}
PHASES = ("initialization", "data", "forward", "loss", "backward", "optimizer", "averaging", "selection")
KEYS = {"schema", "parameters", "complexity", "operations", "evaluation", "monitoring", "surplus", "avoided", "steps", "epochs", "segments",
        "events", "by_kind", "by_type", "layers", "memory", "bytes_moved", "profile", "model_sha256", "recipe_sha256", "tool_version"}


def tally(*arguments):
    return subprocess.run(["tally", *arguments], capture_output=True, text=True)


def numbers(value):
    """The counts of an object; a count is a string of digits."""
    assert all(isinstance(number, str) and number.isdigit() for number in value.values()), value
    return {key: int(number) for key, number in value.items()}


def check(report, model, recipe):
    assert KEYS <= report.keys(), KEYS - report.keys()
    parameters, operations = numbers(report["parameters"]), numbers(report["operations"])
    outside = {phase: int(report[phase]) for phase in ("evaluation", "monitoring")}
    assert parameters["total"] == parameters["trained"] + parameters["frozen"]
    assert operations.keys() == {"total", *PHASES}
    assert operations["total"] == sum(operations[phase] for phase in PHASES)
    assert int(report["complexity"]) == parameters["total"] + operations["total"] <= parameters["total"] + int(report["as_written"])
    for split in ("by_kind", "by_type"):
        assert sum(numbers(report[split]).values()) == operations["total"], split

    layers = report["layers"]
    assert sum(int(layer["parameters"]) for layer in layers) == parameters["total"]
    for phase, number in (operations | outside).items():
        if phase != "total":
            assert sum(int(layer["operations"]) for layer in layers if layer["phase"] == phase) == number, phase

    # Segments follow one another; their steps and the trips of the events make the totals.
    segments, step = report["segments"], 0
    sums = dict.fromkeys((*PHASES, "total", "evaluation"), 0)
    for segment in segments:
        assert segment["first_step"] == step and segment["image_size"] == 32 and segment["batch"] > 0, segment
        step += segment["steps"]
        for phase, number in numbers(segment["per_step"]).items():
            sums[phase] += segment["steps"] * number
    assert step == report["steps"]
    for event in report["events"]:
        for phase, number in numbers(event["per_trip"]).items():
            sums[phase] += int(event["trips"]) * number
    assert sums == operations | {"evaluation": outside["evaluation"]}, sums

    # What is executed besides stays small, and each reason is named.
    for side in ("surplus", "avoided"):
        reasons = numbers(report[side])
        assert reasons.pop("total") == sum(reasons.values()), side
    assert 10 * int(report["surplus"]["total"]) < operations["total"], report["surplus"]

    memory = numbers({key: value for key, value in report["memory"].items() if key.endswith(("bytes", "per_thread"))})
    assert memory["parameters_bytes"] == 4 * parameters["total"]
    assert memory["peak_bytes"] == sum(int(tensor["bytes"]) for tensor in report["memory"]["at_peak"])
    assert memory["peak_bytes"] == max(int(body["bytes"]) for body in report["memory"]["bodies"])
    assert memory["peak_bytes"] >= memory["parameters_bytes"] + memory["state_bytes"] + memory["activations_bytes"]
    assert report["model_sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    resolved = tally("check", model, "--recipe", recipe, "--resolved").stdout
    assert report["recipe_sha256"] == hashlib.sha256(resolved.encode()).hexdigest()


def row(network, recipe, report):
    """What training executes at -O3 besides and less than its operations; of them, in percent."""
    operations, surplus, avoided = (int(report[key]["total"]) for key in ("operations", "surplus", "avoided"))
    executed = operations + surplus - avoided
    return [network, recipe, *(f"{number:,}" for number in (operations, surplus, avoided, executed)), f"{100 * surplus / operations:.2f}", f"{100 * executed / operations - 100:+.2f}"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--page", type=pathlib.Path)
    options = parser.parse_args()
    failed, rows = False, []
    for network, recipe in (RECIPES | BORROWED).items():
        model = options.folder / f"{network}.onnx"
        assert tally("zoo", network, "-o", model).returncode == 0
        result = tally("cost", model, "--recipe", recipe, "--format", "json", "--verify")
        if result.returncode:
            print(f"{network} {recipe}: status {result.returncode}\n{result.stderr}")
            failed = True
            continue
        report = json.loads(result.stdout)
        check(report, model, recipe)
        rows.append(row(network, recipe, report))
        print(f"{network} {recipe}: equal, {report['parameters']['total']} parameters, {report['operations']['total']} operations")
    if options.page and not failed:
        sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools/scripts"))
        from counting_page import fill, table

        part = table(["network", "recipe", "operations", "surplus", "avoided", "executed", "surplus, %", "executed, %"], rows)
        options.page.write_text(fill(options.page.read_text(encoding="utf-8"), "surplus", part), encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
