# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The recipes of the tests of trainers, all but `real` of 100 training and 40 test images: recipes.py NAME OUTPUT (JSON is YAML, too)."""
import json
import sys

SMALL = {"name": "cifar10", "train_images": 100, "test_images": 40}
SGD = {"name": "sgd", "lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 5e-4}
SMOOTH = {"name": "cross_entropy", "label_smoothing": 0.1}
DRAWN = [{"kind": "linear.weight", "init": "uniform_fan_in"}, {"kind": "bias", "init": "uniform_fan_in", "lr_scale": 2}]

# For the linear network, in f64, which numpy repeats.
LINEAR = {
    "plain": {"loss": "cross_entropy", "optimizer": {"name": "sgd", "lr": 0.01}, "epochs": 2, "batch_size": 25, "shuffle": False},
    "sgd": {
        "loss": SMOOTH, "optimizer": SGD, "schedule": {"name": "piecewise_linear", "points": [[0, 0.2], [0.25, 1], [1, 0.1]]},
        "epochs": 3.5, "batch_size": 16, "seeds": 7, "groups": DRAWN,
        "averaging": {"name": "lookahead", "every": "3 steps", "keep": {"scale": 0.8, "power": 2}},
        "data": {**SMALL, "augment": [{"flip": "alternating"}, {"crop": {"pad": 2, "mode": "reflect"}}]},
        "evaluate": {"views": ["plain", "mirror", "mirror_translate"]}},
    "adam": {
        "loss": {"name": "cross_entropy", "reduction": "sum"}, "optimizer": {"name": "adam", "lr": 0.002, "weight_decay": 1e-3},
        "schedule": {"name": "cosine"}, "epochs": 3, "batch_size": 16, "drop_last": True, "seeds": 4294967297, "groups": DRAWN,
        "averaging": {"name": "ema", "decay": 0.9, "every": "2 steps", "from": "5 steps"},
        "data": {**SMALL, "augment": [{"crop": {"pad": 4}}, {"flip": "random"}, {"cutout": {"size": 8}}]}},
    "adamw": {
        "loss": "cross_entropy", "optimizer": {"name": "adamw", "lr": 0.003, "betas": [0.8, 0.95], "weight_decay": 0.1},
        "epochs": 2, "batch_size": 30, "groups": [{"kind": "bias", "freeze_at": "5 steps"}, DRAWN[0]],
        "averaging": {"name": "lookahead", "every": "3 steps", "keep": 0.5},
        "data": {**SMALL, "name": "cifar100", "augment": [{"flip": "random"}]}},
    "decoupled": {
        "loss": "cross_entropy", "optimizer": {**SGD, "decay": "decoupled"}, "steps": 9, "batch_size": 40,
        "data": {**SMALL, "name": "cifar100", "labels": "coarse", "validation_images": 20,
                 "normalize": {"mean": [0.5, 0.4, 0.3], "std": [0.2, 0.3, 0.25]}, "augment": [{"cutout": {"size": 20}}]},
        "evaluate": {"split": "validation", "every_epochs": 2}},
}
for recipe in LINEAR.values():
    recipe.setdefault("data", SMALL)
    recipe["precision"] = "f64"

# For the networks of convolutions.
WHITEN = [{"match": "whiten.weight", "trainable": False, "init": {"name": "patch_whitening", "images": 50, "eps": 5e-4}},
          {"match": "whiten.bias", "freeze_at": "2 epochs", "init": "zeros"},
          {"kind": "conv.weight", "init": {"name": "dirac", "rest": "kaiming_normal"}}]
NETWORKS = {
    "replayed": {
        "loss": SMOOTH, "optimizer": SGD, "epochs": 3, "batch_size": 16, "groups": DRAWN, "seeds": 5,
        "data": {**SMALL, "augment": [{"flip": "random"}, {"crop": {"pad": 3}}]}, "evaluate": {"views": ["plain", "mirror"]}},
    "lookahead": {
        "loss": SMOOTH, "optimizer": SGD, "schedule": {"name": "piecewise_linear", "points": [[0, 0.2], [0.25, 1], [1, 0.1]]},
        "epochs": 5.5, "batch_size": 16, "seeds": 3, "groups": WHITEN + DRAWN, "batch_norm": {"keep": 0.6, "running_variance": "sample"},
        "averaging": {"name": "lookahead", "every": "5 steps", "keep": {"scale": 0.77, "power": 3}, "statistics": True},
        "data": {**SMALL, "augment": [{"flip": "alternating"}, {"crop": {"pad": 2, "mode": "reflect"}}]},
        "evaluate": {"views": ["plain", "mirror", "mirror_translate"]}},
    "ema": {
        "loss": "cross_entropy", "optimizer": {"name": "adam", "lr": 0.01}, "schedule": {"name": "one_cycle"}, "epochs": 5,
        "batch_size": 16, "drop_last": True, "seeds": 11, "groups": DRAWN,
        "averaging": {"name": "ema", "decay": 0.9, "every": "2 steps", "from": "1 epochs"},
        "data": {**SMALL, "augment": [{"crop": {"pad": 4}}, {"flip": "random"}, {"cutout": {"size": 8}}]},
        "evaluate": {"every_epochs": 2}},
}

NETWORKS["real"] = {  # of the whole CIFAR-10
    "loss": SMOOTH, "optimizer": SGD, "epochs": 1, "batch_size": 250, "groups": DRAWN,
    "data": {"name": "cifar10", "augment": [{"flip": "random"}, {"crop": {"pad": 4, "mode": "reflect"}}]}}
NETWORKS["ema_f64"] = {**NETWORKS["ema"], "precision": "f64"}

if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({**LINEAR, **NETWORKS}[sys.argv[1]], file)
