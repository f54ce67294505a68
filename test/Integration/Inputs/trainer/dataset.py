# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads CIFAR's binary files, and normalizes, augments and moves images, all in f64 numpy."""
import pathlib

import numpy as np

FOLDERS = {"cifar10": "cifar-10-batches-bin", "cifar100": "cifar-100-binary"}
NORMAL = {"cifar10": ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
          "cifar100": ([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762])}


class Records:
    """Pixels [n, 3, 32, 32] and labels of some files."""

    def __init__(self, files, recipe):
        data = recipe.get("data", {})
        name = data.get("name", "cifar10")
        labels = 2 if name == "cifar100" else 1
        records = np.concatenate([np.fromfile(file, np.uint8).reshape(-1, labels + 3072) for file in files])
        self.pixels = records[:, labels:].reshape(-1, 3, 32, 32)
        self.labels = records[:, 1 if labels == 2 and data.get("labels") != "coarse" else 0].astype(np.int64)
        normalize = data.get("normalize", dict(zip(("mean", "std"), NORMAL[name])))
        self.mean, self.deviation = (np.array(normalize[key]).reshape(3, 1, 1) for key in ("mean", "std"))

    def images(self, records):
        """Normalized."""
        return (self.pixels[records] / 255.0 - self.mean) / self.deviation


def load(folder, recipe):
    """The training and the test records of a set's folder, or of one that holds it as the official archives do."""
    below = pathlib.Path(folder) / FOLDERS[recipe.get("data", {}).get("name", "cifar10")]
    files = sorted((below if below.exists() else pathlib.Path(folder)).glob("*.bin"))
    test = [file for file in files if file.name in ("test.bin", "test_batch.bin")]
    train = [file for file in files if file.name == "train.bin" or file.name.startswith("data_batch")]
    return Records(train, recipe), Records(test, recipe)


def crop(images, dy, dx, pad, mode):
    """Each image at its own place of the padded one."""
    padded = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="reflect" if mode == "reflect" else "constant")
    return np.stack([image[:, y : y + 32, x : x + 32] for image, y, x in zip(padded, dy, dx)])


def flip(images, flags):
    return np.where(np.asarray(flags, bool).reshape(-1, 1, 1, 1), images[..., ::-1], images)


def cutout(images, top, left, size):
    images = images.copy()
    for image, y, x in zip(images, top, left):
        image[:, y : y + size, x : x + size] = 0
    return images


def view(name, logits, images):
    """The answers of one view of an evaluation, from a function that maps images to logits."""
    if name == "plain":
        return logits(images)
    if name == "mirror":
        return (logits(images) + logits(images[..., ::-1])) / 2
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="reflect")
    moved = view("mirror", logits, padded[..., 2:, 2:]) + view("mirror", logits, padded[..., :32, :32])  # by (-1, -1) and (+1, +1)
    return view("mirror", logits, images) / 2 + moved / 4


def cross_entropy(logits, labels, smoothing=0.0):
    """The loss of each sample, and the probabilities."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    hit = np.take_along_axis(logarithms, labels[:, None], axis=1)[:, 0]
    return -(1 - smoothing) * hit - smoothing * logarithms.mean(axis=1), np.exp(logarithms)
