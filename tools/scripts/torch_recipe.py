# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A Tally recipe carried out by PyTorch: the same network, initial weights and batches; torch.autograd, torch.optim, its schedulers.

torch_recipe.py INITIAL.onnx RECIPE.yaml DATA ORDER.csv [--seed S] [--threads N] [--weights] -o RESULT.json

INITIAL holds the initial values (a trainer writes them with --max-steps 0 --export), ORDER the batches (--dump-order). The result has
the loss of each step, and accuracy and loss on the test images under each view; with --weights the trained values, too.
"""
import argparse
import fnmatch
import json
import math
import pathlib
import re
import time
from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from torch.optim import lr_scheduler, swa_utils
from torch_batches import Batches, read_order, views_of
from torch_network import Network


class Clock:
    """Times of a recipe as steps."""

    def __init__(self, recipe, records):
        images = recipe.get("data", {}).get("train_images", records)
        self.batch = recipe["batch_size"]
        self.per_epoch = images // self.batch if recipe.get("drop_last") else math.ceil(images / self.batch)
        self.total = recipe.get("steps") or math.ceil(Fraction(str(recipe["epochs"])) * self.per_epoch)

    def exactly(self, when):
        """The time in steps, not rounded: a fraction of all steps, "N steps" or "X epochs"."""
        number, unit = re.fullmatch(r"(\S+)(?: (step|epoch)s?)?", str(when)).groups()
        steps = Fraction(number) * {None: self.total, "step": 1, "epoch": self.per_epoch}[unit]
        return steps + self.total if steps < 0 else steps

    def steps(self, when):
        exact = self.exactly(when)
        return math.ceil(exact) if str(when).endswith(("epoch", "epochs")) else math.floor(exact)


def make_scheduler(optimizer, schedule, clock):
    keys = {"name": schedule} if isinstance(schedule, str) else schedule
    name = keys["name"]
    if name == "constant":
        return lr_scheduler.ConstantLR(optimizer, factor=1.0)
    if name == "step" and "every" in keys:
        return lr_scheduler.StepLR(optimizer, clock.steps(keys["every"]), keys.get("gamma", 0.1))
    if name == "step":
        return lr_scheduler.MultiStepLR(optimizer, [clock.steps(at) for at in keys["milestones"]], keys.get("gamma", 0.1))
    if name == "cosine":
        warmup, base = clock.steps(keys.get("warmup", 0)), optimizer.param_groups[0]["lr"]
        cosine = lr_scheduler.CosineAnnealingLR(optimizer, clock.total - warmup, eta_min=base * keys.get("final", 0))
        if not warmup:
            return cosine
        linear = lr_scheduler.LinearLR(optimizer, start_factor=keys["start"], total_iters=warmup)
        return lr_scheduler.SequentialLR(optimizer, [linear, cosine], milestones=[warmup])
    if name == "one_cycle":
        options = {key: keys[key] for key in ("pct_start", "div_factor", "final_div_factor") if key in keys}
        return lr_scheduler.OneCycleLR(optimizer, optimizer.param_groups[0]["lr"], clock.total, cycle_momentum=False, **options)
    times, factors = zip(*((float(clock.exactly(at)), factor) for at, factor in keys["points"]))
    return lr_scheduler.LambdaLR(optimizer, lambda step: float(np.interp(step, times, factors)))


class Updates:
    """One torch optimizer with its scheduler, and the parameters that share them."""

    def __init__(self, parameters, settings, clock):
        spec, decay = dict(settings["optimizer"]), settings["weight_decay"]
        name = spec.pop("name")
        decoupled = settings.get("decay", spec.pop("decay", "decoupled" if name == "adamw" else "l2")) == "decoupled"
        self.shrink = decay if decoupled and name == "sgd" else 0.0  # torch.optim.SGD knows no decoupled decay
        spec.update(lr=settings["lr"], weight_decay=0.0 if self.shrink else decay)
        if name == "sgd":
            self.optimizer = torch.optim.SGD(parameters, **spec)
        else:
            self.optimizer = (torch.optim.AdamW if decoupled else torch.optim.Adam)(parameters, **spec)
        self.scheduler = make_scheduler(self.optimizer, settings["schedule"], clock)

    def step(self):
        group = self.optimizer.param_groups[0]
        with torch.no_grad():
            for parameter in group["params"]:
                if self.shrink and parameter.grad is not None:
                    parameter.mul_(1 - group["lr"] * self.shrink)
        self.optimizer.step()
        self.scheduler.step()


class Averages:
    """Lookahead or ema: slow copies of the tensors; tensors: name -> the step at which it freezes."""

    def __init__(self, keys, network, tensors, clock):
        self.keys, self.network, self.tensors, self.clock = keys, network, tensors, clock
        self.every, self.start = clock.steps(keys.get("every", "1 steps")), clock.steps(keys.get("from", 0))
        self.slow = {name: network.values[name].detach().clone() for name in tensors}

    def after(self, finished):
        """To be called after each step, with the number of finished ones."""
        past = finished - self.start
        for name, frozen_at in self.tensors.items():
            slow, fast = self.slow[name], self.network.values[name].detach()
            if past <= 0:
                slow.copy_(fast)
            elif past % self.every == 0 and finished - self.every < frozen_at:
                self.synchronise(slow, fast, finished)

    def synchronise(self, slow, fast, finished):
        if self.keys["name"] == "ema":
            slow.copy_(swa_utils.get_ema_avg_fn(self.keys["decay"])(slow, fast, None))
            return
        keep = self.keys["keep"] if isinstance(self.keys["keep"], dict) else {"scale": self.keys["keep"]}
        kept = keep["scale"] * (finished / self.clock.total) ** keep.get("power", 0)
        slow.mul_(kept).add_(fast, alpha=1 - kept)
        fast.copy_(slow)

    def use(self):
        with torch.no_grad():
            for name, value in self.slow.items():
                self.network.values[name].copy_(value)


class Run:
    """model: the path of an ONNX file, or what makes the like of a Network in a dtype."""

    def __init__(self, model, recipe, data):
        self.recipe = yaml.safe_load(pathlib.Path(recipe).read_text())
        self.dtype = torch.float64 if self.recipe.get("precision") == "f64" else torch.float32
        self.network = model(self.dtype) if callable(model) else Network(model, self.dtype)
        self.batches = Batches(self.recipe.get("data", {}), data, self.dtype)
        self.clock = Clock(self.recipe, len(self.batches.train))
        self.settings = {name: self.settle(name) for name in self.network.parameters}
        self.freeze = {name: self.freeze_step(name, keys) for name, keys in self.settings.items()}
        self.updates = self.make_updates()
        self.averages = self.make_averages()
        norm = self.recipe.get("batch_norm", {})
        self.norm = {"epsilon": norm.get("eps"), "keep": norm.get("keep"), "sample_variance": norm.get("running_variance") == "sample"}

    def settle(self, name):
        """The keys of all groups that match a parameter; the first group that has a key decides."""
        keys = {}
        for group in self.recipe.get("groups", []):
            if fnmatch.fnmatchcase(name, group.get("match", "*")) and group.get("kind") in (None, self.network.kinds[name]):
                keys = {**group, **keys}
        optimizer = keys.setdefault("optimizer", self.recipe["optimizer"])
        keys["lr"] = keys.get("lr", optimizer["lr"]) * keys.get("lr_scale", 1)
        keys.setdefault("weight_decay", optimizer.get("weight_decay", 0))
        keys.setdefault("schedule", self.recipe.get("schedule", "constant"))
        return keys

    def freeze_step(self, name, keys):
        named = lambda key: any(fnmatch.fnmatchcase(name, glob) for glob in self.recipe.get(key, []))
        trained = keys.get("trainable", True) and not named("freeze") and (named("train") or "train" not in self.recipe)
        return self.clock.steps(keys.get("freeze_at", 1)) if trained else 0

    def make_updates(self):
        shared = {}
        for name, keys in self.settings.items():
            if self.freeze[name]:
                used = {key: keys[key] for key in ("optimizer", "lr", "weight_decay", "decay", "schedule") if key in keys}
                shared.setdefault(json.dumps(used, sort_keys=True), (used, []))[1].append(self.network.values[name].requires_grad_())
        return [Updates(parameters, used, self.clock) for used, parameters in shared.values()]

    def make_averages(self):
        keys = self.recipe.get("averaging", "none")
        if keys == "none":
            return None
        tensors = {name: step for name, step in self.freeze.items() if step}
        if keys.get("statistics"):
            tensors.update(dict.fromkeys(self.network.statistics, self.clock.total))
        return Averages(keys, self.network, tensors, self.clock)

    def loss(self, logits, labels):
        """As the recipe has it, and as an evaluation reports it: for each image."""
        keys = self.recipe["loss"] if isinstance(self.recipe["loss"], dict) else {"name": self.recipe["loss"]}
        reduction = keys.get("reduction", "mean")
        if keys["name"] == "cross_entropy":
            options = {key: keys[key] for key in ("label_smoothing", "ignore_index") if key in keys}
            if "class_weights" in keys:
                options["weight"] = torch.tensor(keys["class_weights"], dtype=self.dtype)
            loss, whole = (F.cross_entropy(logits, labels, reduction=how, **options) for how in (reduction, "sum"))
            return loss, whole / len(labels)
        function = {"mean_squared_error": F.mse_loss, "binary_cross_entropy": F.binary_cross_entropy_with_logits}[keys["name"]]
        loss = function(logits, F.one_hot(labels, logits.shape[1]).to(self.dtype), reduction=reduction)
        return loss, loss / len(labels) if reduction == "sum" else loss

    def clip(self):
        parameters, keys = [self.network.values[name] for name in self.network.parameters], self.recipe.get("clip", {})
        if "norm" in keys:
            torch.nn.utils.clip_grad_norm_(parameters, keys["norm"])
        if "value" in keys:
            torch.nn.utils.clip_grad_value_(parameters, keys["value"])

    def differentiate(self, x, labels):
        """The loss of a batch, from its micro-batches; adds their gradients up."""
        micro, total, keys = self.clock.batch // self.recipe.get("accumulate", 1), 0.0, self.recipe["loss"]
        for images, targets in zip(x.split(micro), labels.split(micro)):
            share = 1 if isinstance(keys, dict) and keys.get("reduction") == "sum" else len(images) / len(x)
            loss = self.loss(self.network(images, True, **self.norm), targets)[0] * share
            loss.backward()
            total += loss.item()
        return total

    def step(self, index, rows):
        for name in self.network.parameters:
            self.network.values[name].requires_grad_(index < self.freeze[name])
            self.network.values[name].grad = None
        x, labels = self.batches.draw(rows)
        loss = self.differentiate(x, labels)
        self.clip()
        for updates in self.updates:
            updates.step()
        if self.averages:
            with torch.no_grad():
                self.averages.after(index + 1)
        return loss

    def evaluate(self):
        """{view: {accuracy, loss}} on the test images; the loss as a mean over them."""
        x, labels = self.batches.normalized(self.batches.test), self.batches.test_labels
        answer = lambda images: torch.cat([self.network(part, False, **self.norm) for part in images.split(1000)])
        with torch.no_grad():
            views = views_of(answer, x)
            return {name: {"accuracy": (view.argmax(1) == labels).double().mean().item(),
                           "loss": self.loss(view, labels)[1].item()} for name, view in views.items()}


def carry_out(model, recipe, data, order, seed=0, threads=2, weights=False):
    """The result as a dictionary."""
    torch.set_num_threads(threads)
    run = Run(model, recipe, data)
    start, losses = time.time(), []
    for index, rows in enumerate(read_order(order, seed, run.clock.per_epoch, run.clock.batch)):
        losses.append(run.step(index, rows))
    seconds = time.time() - start
    if run.averages:
        run.averages.use()
    result = {"torch": torch.__version__, "numpy": np.__version__, "script": "tools/scripts/torch_recipe.py", "dtype": str(run.dtype),
              "threads": threads, "seed": seed, "steps": len(losses), "seconds": round(seconds, 2), "losses": losses,
              "views": run.evaluate()}
    if weights:
        result["weights"] = {name: value.detach().flatten().tolist() for name, value in run.network.values.items()}
    return result


def main():
    parser = argparse.ArgumentParser(description="carry out a Tally recipe with PyTorch")
    for name in ("model", "recipe", "data", "order"):
        parser.add_argument(name)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weights", action="store_true", help="the trained values in the result")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    options = vars(parser.parse_args())
    output = options.pop("output")
    output.write_text(json.dumps(carry_out(**options)) + "\n")


if __name__ == "__main__":
    main()
