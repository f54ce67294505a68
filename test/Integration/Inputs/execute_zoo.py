# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds every network of the zoo with its recipe, on few images, as trainers that count what they execute, at -O0 and -O3, and trains:
execute_zoo.py FOLDER DATA

A trainer fails where what it executed is not operations + surplus - avoided. Networks that take minutes at -O0 take a step or two there.
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys

from verify_zoo import BORROWED, RECIPES

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHANGES = {"a16-winograd": ("convolution: direct", "convolution: winograd_4"), "a16-bf16": ("precision: f32", "precision: bf16")}
SHORT = {"a256": 2, "resnet9": 2, "resnet18": 2} | dict.fromkeys(BORROWED, 1)
IMAGES, BATCH = 4, 2


def shorten(name):
    """The text of a recipe of the zoo for a few images: all its phases, periodic work and evaluations."""
    recipe = (ROOT / f"tools/zoo/recipes/{name}.yaml").read_text()
    for key, value in {"batch_size": BATCH, "epochs": 4, "seeds": "1..1", "train_images": IMAGES, "test_images": BATCH, "images": IMAGES, "every_epochs": 4}.items():
        recipe = re.sub(rf"\b{key}: [\w.]+", f"{key}: {value}", recipe)
    recipe = re.sub(r"\{name: (cifar10+)\b(?!, train_images)", rf"{{name: \1, train_images: {IMAGES}, test_images: {BATCH}", recipe)
    times = itertools.count(1)
    recipe = re.sub(r"\d+ epochs", lambda _: f"{next(times)} epochs", recipe)
    return re.sub(r"^target: .*\n", "", recipe, flags=re.M)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        print(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main():
    folder, data = map(pathlib.Path, sys.argv[1:])
    good = True
    recipes = RECIPES | BORROWED
    for network in (*recipes, *CHANGES):
        of_zoo = network.partition("-")[0]
        model, recipe = folder / f"{network}.onnx", folder / f"{network}.yaml"
        text = shorten(recipes[of_zoo])
        if network in CHANGES:
            assert text.count(CHANGES[network][0]) == 1
            text = text.replace(*CHANGES[network])
        recipe.write_text(text)
        good &= run("tally", "zoo", of_zoo, "-o", model)
        for level in (0, 3):
            trainer, log = folder / f"{network}{level}", folder / f"{network}{level}.jsonl"
            short = ["--max-steps", SHORT[network]] if level == 0 and network in SHORT else []
            if not (run("tally", "build", model, "--recipe", recipe, "--instrument", f"-O{level}", "-o", trainer, "--progress", "none")
                    and run(trainer, "--data", data, "--log", log, "--threads", 2, "--progress", "none", *short)):
                good = False
                continue
            event = next(event for event in map(json.loads, log.read_text().splitlines()) if event["event"] == "executed")
            print(f"{network} -O{level}: {event['training']['executed']} executed, agrees: {event['agrees']}", flush=True)
    sys.exit(not good)


if __name__ == "__main__":
    main()
