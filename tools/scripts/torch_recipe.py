# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A Tally recipe carried out by PyTorch: the same network, initial weights and batches, torch.autograd and torch.optim.

torch_recipe.py MODEL.onnx RECIPE.yaml DATA [--order ORDER.csv] [--steps N] [--double] [--threads N] [-o RESULT.json]

MODEL holds the initial values (a trainer writes them with --max-steps 0 --export). ORDER is what a trainer wrote with --dump-order;
without it the records are taken in order, without augmentation. The result has the loss of each step and the accuracies at the end.
"""
import argparse
import csv
import fnmatch
import json
import math
import pathlib
import re
import time

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from torch_network import Network

PUBLISHED = {"mean": [0.4914, 0.4822, 0.4465], "std": [0.2470, 0.2435, 0.2616]}


def read_records(folder, names):
    records = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(-1, 3073) for name in names])
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].astype(np.int64)


def moment(value, total, per_epoch):
    """A TIME of the recipe as a number of steps."""
    if isinstance(value, str):
        number, unit = re.fullmatch(r"(-?[\d.]+)\s*(steps?|epochs?)", value).groups()
        steps = math.ceil(float(number) * per_epoch) if unit.startswith("epoch") else int(number)
        return steps + total if steps < 0 else steps
    return math.floor(value * total + 1e-9)


def factor(schedule, step, total, per_epoch):
    """The factor of the learning rate at 0-based step `step`."""
    name = schedule.get("name", "constant")
    if name == "constant":
        return 1.0
    if name == "piecewise_linear":
        points = [(p if not isinstance(p, str) else moment(p, total, per_epoch) / total, f) for p, f in schedule["points"]]
        now = step / total
        for (start, low), (end, high) in zip(points, points[1:]):
            if now <= end:
                return low + (high - low) * (now - start) / (end - start) if end > start else high
        return points[-1][1]
    raise SystemExit(f"torch_recipe.py: schedule {name} is not carried out here")


class Run:
    def __init__(self, options):
        self.recipe = yaml.safe_load(pathlib.Path(options.recipe).read_text())
        self.dtype = torch.float64 if options.double else torch.float32
        self.network = Network(options.model, self.dtype)
        folder = pathlib.Path(options.data)
        folder = folder if (folder / "test_batch.bin").exists() else folder / "cifar-10-batches-bin"
        self.train = read_records(folder, [f"data_batch_{i}.bin" for i in range(1, 6)])
        self.test = read_records(folder, ["test_batch.bin"])
        data = self.recipe.get("data", {})
        normalize = data.get("normalize", PUBLISHED)
        self.mean = torch.tensor(normalize["mean"], dtype=self.dtype).view(1, 3, 1, 1) * 255
        self.scale = 1 / (torch.tensor(normalize["std"], dtype=self.dtype).view(1, 3, 1, 1) * 255)
        self.crop = next((a["crop"] for a in data.get("augment", []) if "crop" in a), None)
        images, batch = data.get("train_images", 50000), self.recipe["batch_size"]
        self.batch = batch
        self.per_epoch = images // batch if self.recipe.get("drop_last") else math.ceil(images / batch)
        self.total = self.recipe.get("steps") or math.ceil(self.recipe["epochs"] * self.per_epoch - 1e-9)
        self.images = images
        norm = self.recipe.get("batch_norm", {})
        self.norm = {"keep": norm.get("keep"), "epsilon": norm.get("eps"), "sample_variance": norm.get("running_variance") == "sample"}
        self.settings = {name: self.settle(name) for name in self.network.parameters}
        self.optimizer = self.make_optimizer()

    def settle(self, name):
        """The keys of all groups that match a parameter; the first group that has a key decides."""
        kind, keys = self.network.kinds[name], {}
        for group in self.recipe.get("groups", []):
            if ("match" not in group or fnmatch.fnmatchcase(name, group["match"])) and group.get("kind", kind) == kind:
                for key, value in group.items():
                    keys.setdefault(key, value)
        return keys

    def frozen(self, name, step):
        keys = self.settings[name]
        if keys.get("trainable") is False:
            return True
        return "freeze_at" in keys and step >= moment(keys["freeze_at"], self.total, self.per_epoch)

    def make_optimizer(self):
        base = self.recipe["optimizer"]
        groups = []
        for name, keys in self.settings.items():
            if keys.get("trainable") is False:
                continue
            value = self.network.values[name].requires_grad_()
            lr = keys.get("lr", base["lr"] * keys.get("lr_scale", 1))
            decay = keys.get("weight_decay", base.get("weight_decay", 0))
            decoupled = keys.get("decay", base.get("decay", "l2")) == "decoupled" and base["name"] == "sgd"
            groups.append({"params": [value], "name": name, "base": lr, "lr": lr, "weight_decay": 0 if decoupled else decay,
                           "decoupled": decay if decoupled else 0, "schedule": keys.get("schedule", self.recipe.get("schedule", {}))})
        betas = {"betas": tuple(base.get("betas", (0.9, 0.999))), "eps": base.get("eps", 1e-8)}
        if base["name"] == "sgd":
            return torch.optim.SGD(groups, lr=base["lr"], momentum=base.get("momentum", 0), nesterov=base.get("nesterov", False))
        return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[base["name"]](groups, lr=base["lr"], **betas)

    def normalize(self, images):
        return (torch.from_numpy(images).to(self.dtype) - self.mean) * self.scale

    def draw(self, rows):
        records = np.array([row["record"] for row in rows])
        x = self.normalize(self.train[0][records])
        flips = torch.tensor([row["flip"] for row in rows], dtype=torch.bool)
        x = torch.where(flips.view(-1, 1, 1, 1), x.flip(3), x)
        if self.crop:
            pad = self.crop["pad"]
            padded = F.pad(x, (pad,) * 4, mode="reflect" if self.crop.get("mode") == "reflect" else "constant")
            x = torch.stack([image[:, row["dy"] : row["dy"] + 32, row["dx"] : row["dx"] + 32] for image, row in zip(padded, rows)])
        return x, torch.from_numpy(self.train[1][records])

    def loss(self, logits, labels):
        keys = self.recipe["loss"]
        return F.cross_entropy(logits, labels, label_smoothing=keys.get("label_smoothing", 0), reduction=keys.get("reduction", "mean"))

    def step(self, index, rows):
        for name in self.network.parameters:
            self.network.values[name].requires_grad_(not self.frozen(name, index))
            self.network.values[name].grad = None
        x, labels = self.draw(rows)
        loss = self.loss(self.network(x, True, **self.norm), labels)
        loss.backward()
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * factor(group["schedule"], index, self.total, self.per_epoch)
            with torch.no_grad():
                if group["decoupled"] and group["params"][0].grad is not None:
                    group["params"][0].mul_(1 - group["lr"] * group["decoupled"])
        self.optimizer.step()
        return loss.item()

    def average(self, finished, slow):
        keys = self.recipe.get("averaging")
        if not keys or keys["name"] != "lookahead" or finished % moment(keys["every"], self.total, self.per_epoch):
            return
        weight = keys["keep"]["scale"] * (finished / self.total) ** keys["keep"]["power"]
        with torch.no_grad():
            for name, value in slow.items():
                value.mul_(weight).add_(self.network.values[name], alpha=1 - weight)
                self.network.values[name].copy_(value)

    def evaluate(self):
        keys = {"epsilon": self.norm["epsilon"]}
        logits = lambda x: torch.cat([self.network(part, False, **keys) for part in x.split(1000)])
        mirror = lambda x: 0.5 * logits(x) + 0.5 * logits(x.flip(3))
        with torch.no_grad():
            x, labels = self.normalize(self.test[0]), torch.from_numpy(self.test[1])
            padded = F.pad(x, (1,) * 4, mode="reflect")
            # The image moved by (-1, -1) shows the rows and columns from 2 of the padded one.
            moved = 0.25 * mirror(padded[:, :, 2:34, 2:34]) + 0.25 * mirror(padded[:, :, 0:32, 0:32])
            views = {"plain": logits(x), "mirror": mirror(x), "mirror_translate": 0.5 * mirror(x) + moved}
            return {name: (view.argmax(1) == labels).double().mean().item() for name, view in views.items()}


def read_order(path, steps, run):
    """Rows of the batches in step order; without a file the records in order, as they are."""
    plain = {"flip": 0, "dy": 0, "dx": 0}
    if path is None:
        rows = [{**plain, "record": record} for record in range(run.images)]
        epochs = math.ceil(steps / run.per_epoch)
        batches = [rows[start : start + run.batch] for start in range(0, run.per_epoch * run.batch, run.batch)] * epochs
        return batches[:steps]
    epochs = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            values = {key: int(row[key] or 0) for key in ("record", "flip", "dy", "dx")}
            epochs.setdefault(int(row["epoch"]), []).append(values)
    batches = [rows[start : start + run.batch] for rows in epochs.values() for start in range(0, len(rows), run.batch)]
    return batches[:steps]


def main():
    parser = argparse.ArgumentParser(description="carry out a Tally recipe with PyTorch")
    parser.add_argument("model")
    parser.add_argument("recipe")
    parser.add_argument("data")
    parser.add_argument("--order")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--double", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-evaluation", action="store_true")
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    run = Run(options)
    steps = min(options.steps or run.total, run.total)
    averaged = run.network.parameters + (run.network.statistics if run.recipe.get("averaging", {}).get("statistics") else [])
    slow = {name: run.network.values[name].detach().clone() for name in averaged}
    start, losses = time.time(), []
    for index, rows in enumerate(read_order(options.order, steps, run)):
        losses.append(run.step(index, rows))
        run.average(index + 1, slow)
    seconds = time.time() - start
    if run.recipe.get("averaging", {}).get("name") == "lookahead":
        with torch.no_grad():
            for name, value in slow.items():
                run.network.values[name].copy_(value)
    result = {"torch": torch.__version__, "script": "tools/scripts/torch_recipe.py", "threads": options.threads,
              "dtype": str(run.dtype), "steps": steps, "seconds": round(seconds, 2), "losses": losses}
    if not options.no_evaluation:
        result["accuracy"] = run.evaluate()
    text = json.dumps(result, indent=1)
    pathlib.Path(options.output).write_text(text + "\n") if options.output else print(text)


if __name__ == "__main__":
    main()
