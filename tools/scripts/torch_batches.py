# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CIFAR records as PyTorch batches: the ones that a trainer drew (--dump-order), augmented as it did, and the views of an evaluation."""
import csv
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

# name: (folder, training files, test files, label bytes, mean, deviation)
LAYOUTS = {
    "cifar10": ("cifar-10-batches-bin", [f"data_batch_{i}.bin" for i in range(1, 6)], ["test_batch.bin"], 1,
                [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
    "cifar100": ("cifar-100-binary", ["train.bin"], ["test.bin"], 2, [0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
}


def read_records(folder, names, label_bytes):
    """Images [N, 3, 32, 32] and labels [N]; of two label bytes the second is the fine class."""
    records = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(-1, label_bytes + 3072) for name in names])
    return records[:, label_bytes:].reshape(-1, 3, 32, 32), torch.from_numpy(records[:, label_bytes - 1].astype(np.int64))


def read_order(path, seed, per_epoch, batch_size):
    """The batches that the trainer drew with a seed, in order; each a list of rows {record, flip, dy, dx}."""
    batches = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if int(row["seed"]) == seed:
                step = (int(row["epoch"]) - 1) * per_epoch + int(row["position"]) // batch_size
                batches.setdefault(step, []).append({key: int(row[key]) for key in ("record", "flip", "dy", "dx")})
    assert sorted(batches) == list(range(len(batches))), "steps are missing in the order list"
    return [batches[step] for step in range(len(batches))]


class Batches:
    def __init__(self, data, folder, dtype):
        """data: the section of the recipe."""
        self.dtype, self.augment = dtype, data.get("augment") or []
        below, train, test, label_bytes, mean, deviation = LAYOUTS[data.get("name", "cifar10")]
        folder = pathlib.Path(folder)
        folder = folder / below if (folder / below).exists() else folder
        self.train, self.train_labels = read_records(folder, train, label_bytes)
        self.test, self.test_labels = read_records(folder, test, label_bytes)
        normalize = data.get("normalize", {"mean": mean, "std": deviation})
        self.mean = torch.tensor(normalize["mean"], dtype=dtype).view(1, 3, 1, 1)
        self.deviation = torch.tensor(normalize["std"], dtype=dtype).view(1, 3, 1, 1)

    def normalized(self, images):
        return (torch.from_numpy(images).to(self.dtype) / 255 - self.mean) / self.deviation

    def draw(self, rows):
        """Images and labels of a step."""
        records = [row["record"] for row in rows]
        x = self.normalized(self.train[records])
        for augment in self.augment:
            if "flip" in augment:
                flips = torch.tensor([row["flip"] for row in rows], dtype=torch.bool)
                x = torch.where(flips.view(-1, 1, 1, 1), x.flip(3), x)
            elif "crop" in augment:
                x = self.crop(x, rows, **augment["crop"])
            else:
                raise SystemExit(f"torch_batches.py: {', '.join(augment)} is not in the order list")
        return x.contiguous(memory_format=torch.channels_last), self.train_labels[records]  # PyTorch's faster layout

    @staticmethod
    def crop(x, rows, pad, mode="zero"):
        padded = F.pad(x, (pad,) * 4, mode="reflect" if mode == "reflect" else "constant")
        return torch.stack([image[:, row["dy"] : row["dy"] + 32, row["dx"] : row["dx"] + 32] for image, row in zip(padded, rows)])


def views_of(logits, x):
    """The answers of a network to images under each view of an evaluation."""

    def mirror(images):
        return 0.5 * logits(images) + 0.5 * logits(images.flip(3))

    padded = F.pad(x, (1,) * 4, mode="reflect")
    # The image moved by (-1, -1) shows the rows and columns from 2 of the padded one.
    moved = 0.25 * mirror(padded[:, :, 2:34, 2:34]) + 0.25 * mirror(padded[:, :, 0:32, 0:32])
    plain, mirrored = logits(x), mirror(x)
    return {"plain": plain, "mirror": mirrored, "mirror_translate": 0.5 * mirrored + moved}
