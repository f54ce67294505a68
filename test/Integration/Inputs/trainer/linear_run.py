# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains the linear network as a recipe says, in numpy, with its own draws: the yardstick of compiled trainers."""
import math

import dataset
import numpy as np
import philox


class LinearRun:
    """The whole run is carried out when it is made; `events` are those of a trainer's log, `order` is its order list."""

    def __init__(self, recipe, data, weight, bias):
        self.recipe, self.seed = recipe, int(recipe.get("seeds", 0))
        self.train, test = dataset.load(data, recipe)
        held_out = recipe["data"].get("validation_images", 0)
        self.images, self.batch = len(self.train.labels) - held_out, recipe["batch_size"]
        self.per_epoch = self.images // self.batch if recipe.get("drop_last") else math.ceil(self.images / self.batch)
        self.steps = recipe.get("steps") or math.ceil(recipe["epochs"] * self.per_epoch)
        self.values = {"head.weight": weight.astype(np.float64), "head.bias": bias.astype(np.float64)}
        self.keys = {name: self.settings(name) for name in self.values}
        self.initialize()
        self.initial = dict(self.values)
        self.average = dict(self.values)
        self.state = {name: [np.zeros_like(value), np.zeros_like(value)] for name, value in self.values.items()}
        self.evaluated = (self.train, np.arange(self.images, self.images + held_out))
        if recipe.get("evaluate", {}).get("split") != "validation":
            self.evaluated = (test, np.arange(len(test.labels)))
        self.events, self.order = [], []
        self.run()

    def settings(self, name):
        kind = {"head.weight": "linear.weight", "head.bias": "bias"}[name]
        keys = {}
        for group in self.recipe.get("groups", []):
            if group.get("kind", kind) == kind:
                keys = {**group, **keys}
        return keys

    def initialize(self):
        for use, name in enumerate(self.values):
            if self.keys[name].get("init") == "uniform_fan_in":
                shape, bound = self.values[name].shape, 1 / math.sqrt(3072)
                rows = np.arange(shape[0])[:, None] if len(shape) == 2 else np.arange(shape[0])
                draws = np.arange(shape[1])[None] if len(shape) == 2 else 0
                self.values[name] = philox.uniform64(self.seed, philox.INITIAL + use, rows, draws) * (2 * bound) - bound

    def factor(self, step):
        schedule = self.recipe.get("schedule", {"name": "constant"})
        at = step / self.steps
        if schedule["name"] == "cosine":
            return (1 + math.cos(math.pi * at)) / 2
        return float(np.interp(at, *zip(*schedule["points"]))) if "points" in schedule else 1.0

    def draw(self, step):
        """The batch of a step; what was drawn goes to the order list."""
        epoch, place = divmod(step, self.per_epoch)
        if place == 0 and self.recipe.get("shuffle", True):
            philox.shuffle(self.permutation, self.seed, epoch)
        records = self.permutation[place * self.batch : (place + 1) * self.batch]
        random = lambda use, below: philox.positions(self.seed, use, epoch, records, below)
        images, drawn = self.train.images(records), {}
        for (kind, how), in (augment.items() for augment in self.recipe["data"].get("augment", [])):
            if kind == "flip":
                alternating = how == "alternating"
                flags = philox.positions(self.seed, philox.FLIP, 0, records, 2) + epoch if alternating else random(philox.FLIP, 2)
                drawn["flip"] = flags % 2
                images = dataset.flip(images, drawn["flip"])
            elif kind == "crop":
                drawn["dy"], drawn["dx"] = (random(use, 2 * how["pad"] + 1) for use in (philox.CROP_Y, philox.CROP_X))
                images = dataset.crop(images, drawn["dy"], drawn["dx"], how["pad"], how.get("mode"))
            else:
                images = dataset.cutout(images, *(random(use, 33 - how["size"]) for use in (philox.CUTOUT_Y, philox.CUTOUT_X)), how["size"])
        for i, record in enumerate(records):
            self.order.append([self.seed, epoch + 1, place * self.batch + i, record, *(drawn[key][i] if key in drawn else 0 for key in ("flip", "dy", "dx"))])
        return images.reshape(len(records), -1), self.train.labels[records]

    def step(self, step):
        x, labels = self.draw(step)
        loss = self.recipe["loss"] if isinstance(self.recipe["loss"], dict) else {}
        smoothing, scale = loss.get("label_smoothing", 0), 1.0 if loss.get("reduction") == "sum" else 1 / len(x)
        losses, p = dataset.cross_entropy(x @ self.values["head.weight"].T + self.values["head.bias"], labels, smoothing)
        classes = p.shape[1]
        dz = (p - smoothing / classes - (1 - smoothing) * (labels[:, None] == np.arange(classes))) * scale
        rate = self.recipe["optimizer"]["lr"] * self.factor(step)
        self.events.append({"event": "step", "step": step + 1, "loss": losses.sum() * scale, "lr": rate})
        for name, gradient in (("head.weight", dz.T @ x), ("head.bias", dz.sum(axis=0))):
            if step < int(self.keys[name].get("freeze_at", f"{self.steps} steps").split()[0]):
                self.update(name, gradient, step + 1, rate * self.keys[name].get("lr_scale", 1))

    def update(self, name, g, t, lr):
        spec, p, state = self.recipe["optimizer"], self.values[name], self.state[name]
        decay = spec.get("weight_decay", 0)
        if spec.get("decay", "decoupled" if spec["name"] == "adamw" else "l2") == "decoupled":
            p = p * (1 - lr * decay)
        else:
            g = g + decay * p
        if spec["name"] == "sgd":
            momentum = spec.get("momentum", 0)
            state[0] = momentum * state[0] + g
            g = g + momentum * state[0] if spec.get("nesterov") else state[0]
            self.values[name] = p - lr * g
            return
        beta1, beta2 = spec.get("betas", (0.9, 0.999))
        state[0] = beta1 * state[0] + (1 - beta1) * g
        state[1] = beta2 * state[1] + (1 - beta2) * g * g
        self.values[name] = p - lr * (state[0] / (1 - beta1**t)) / (np.sqrt(state[1] / (1 - beta2**t)) + 1e-8)

    def synchronise(self, done):
        spec = self.recipe.get("averaging")
        if spec is None:
            self.average = dict(self.values)
            return
        every, start = int(spec["every"].split()[0]), int(spec.get("from", "0 steps").split()[0])
        if done <= start:
            self.average = dict(self.values) if start else self.average
            return
        if (done - start) % every:
            return
        keep = spec.get("keep", spec.get("decay"))
        a = keep["scale"] * (done / self.steps) ** keep["power"] if isinstance(keep, dict) else keep
        for name, fast in self.values.items():
            frozen = int(self.keys[name].get("freeze_at", f"{self.steps} steps").split()[0])
            if done - every >= frozen:  # the first synchronisation at or after it froze was its last
                continue
            self.average[name] = a * self.average[name] + (1 - a) * fast
            if spec["name"] == "lookahead":
                self.values[name] = self.average[name]

    def evaluate(self, done):
        records, which = self.evaluated
        loss = self.recipe["loss"] if isinstance(self.recipe["loss"], dict) else {}
        logits = lambda images: images.reshape(len(images), -1) @ self.average["head.weight"].T + self.average["head.bias"]
        wanted = self.recipe.get("evaluate", {}).get("views", ["plain"])
        outcomes = {view: dataset.view(view, logits, records.images(which)) for view in wanted}
        accuracies = {view: float((outcomes[view].argmax(axis=1) == records.labels[which]).mean()) for view in wanted}
        losses = dataset.cross_entropy(outcomes[wanted[-1]], records.labels[which], loss.get("label_smoothing", 0))[0]
        self.events.append({"event": "eval", "epoch": done / self.per_epoch, "step": done, "loss": losses.mean(),
                            "accuracy": accuracies[wanted[-1]], "views": accuracies})

    def run(self):
        self.permutation = np.arange(self.images)
        every = self.per_epoch * self.recipe.get("evaluate", {}).get("every_epochs", 1)
        for step in range(self.steps):
            self.step(step)
            self.synchronise(step + 1)
            if (step + 1) % every == 0 or step + 1 == self.steps:
                self.evaluate(step + 1)
