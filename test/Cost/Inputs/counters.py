# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares each profile that is another counter's with the numbers of that counter: counters.py SOURCE FOLDER

Makes the networks in FOLDER, counts each by each profile, and prints what is not equal, or not what counter_differences.json says with its reason; and each row of
the table of docs/counters.md that is stale. Of FlopCounterMode with gradients it checks what that page says: three times the forward pass, without the gradient of
the image, but a convolution's weight gradient once for each group. Last line: how many were compared. Status 1 when something is wrong.
"""
import json
import pathlib
import subprocess
import sys

import onnx

HERE = pathlib.Path(__file__).parent


def report(network, profile):
    done = subprocess.run(["tally", "cost", network, "--profile", profile, "--format", "json"], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def count(network, profile):
    return int(report(network, profile)["operations"])


def count_with_gradients(network):
    """What FlopCounterMode makes of forward and backward pass."""
    nodes = onnx.load(network).graph.node
    groups = {node.name: attribute.i for node in nodes for attribute in node.attribute if attribute.name == "group"}
    found = report(network, "flop_counter_mode")
    convolutions = [(layer["name"], int(layer["operations"])) for layer in found["layers"] if layer["op"] == "conv"]
    of_image = convolutions[0][1]
    return 3 * int(found["operations"]) - of_image + sum((groups.get(name, 1) - 1) * number for name, number in convolutions)


def main():
    source, folder = map(pathlib.Path, sys.argv[1:])
    stored = json.loads((HERE / "counters.json").read_text())
    declared = json.loads((HERE / "counter_differences.json").read_text())
    subprocess.run([sys.executable, source / "tools/bench/counter_networks.py", folder], check=True)
    networks = list(next(iter(stored["numbers"].values())))
    equal, known, problems, rows = 0, 0, [], []
    for counter, numbers in stored["numbers"].items():
        cells = []
        for network in networks:
            theirs, ours = numbers[network]["total"], count(folder / f"{network}.onnx", counter)
            difference = declared.get(counter, {}).get("ours less theirs", {}).get(network, 0)
            equal += ours == theirs
            known += ours != theirs and ours - theirs == difference
            if ours - theirs != difference:
                problems.append(f"{counter}, {network}: counts {theirs}, its profile {ours}, expected a difference of {difference}")
            cells.append(f"{theirs:,}" if ours == theirs else f"{theirs:,} ({ours - theirs:+,})")
        rows.append((f"`{counter}`, {stored['versions'][counter]}", *cells))
    for network in networks:
        theirs, ours = stored["numbers"]["flop_counter_mode"][network]["with_gradients"], count_with_gradients(folder / f"{network}.onnx")
        if theirs != ours:
            problems.append(f"flop_counter_mode with gradients, {network}: counts {theirs}, expected {ours}")
    rows.append(("`haet`", *(f"{count(folder / f'{network}.onnx', 'haet'):,}" for network in networks)))
    page = (source / "docs/counters.md").read_text(encoding="utf-8")
    lines = [f"| {' | '.join(row)} |" for row in rows]
    problems += [f"docs/counters.md has no row {line}" for line in lines if line not in page]
    print(*problems, f"{equal} equal, {known} as declared, {len(problems)} problems", sep="\n")
    sys.exit(bool(problems))


main()
