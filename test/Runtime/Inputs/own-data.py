# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes sets of 40 training and 20 test images of 3x32x32 for the fake program, right and wrong ones: own-data.py INTO"""
import pathlib
import sys

import numpy as np

into = pathlib.Path(sys.argv[1])
random = np.random.default_rng(5)
train, test = (random.integers(0, 256, (n, 3, 32, 32), np.uint8) for n in (40, 20))
train_labels, test_labels = (random.integers(0, 10, n) for n in (40, 20))


def folder(name):
    (into / name).mkdir(parents=True)
    return into / name


def raw(name, change=lambda records: records):
    records = [np.concatenate([labels[:, None].astype(np.uint8), images.reshape(-1, 3072)], axis=1)
               for images, labels in ((train, train_labels), (test, test_labels))]
    place = folder(name)
    (place / "train-2.bin").write_bytes(change(records[0][15:].tobytes()))
    (place / "train-1.bin").write_bytes(records[0][:15].tobytes())
    (place / "test.bin").write_bytes(records[1].tobytes())
    return place


def npy(name, **changed):
    place = folder(name)
    arrays = {"train_images": train, "train_labels": train_labels, "test_images": test, "test_labels": test_labels}
    for key, array in (arrays | changed).items():
        np.save(place / f"{key}.npy", array)
    return place


raw("raw")
raw("short", lambda records: records[:-1])
raw("few", lambda records: records[:-3073])
raw("label", lambda records: records[: 2 * 3073] + b"\x0b" + records[2 * 3073 + 1 :])
(raw("half") / "test.bin").unlink()
npy("npy")
npy("last", train_images=train.transpose(0, 2, 3, 1).copy(), train_labels=train_labels.astype(">i4")[:, None], test_labels=test_labels.astype(np.uint8))
npy("float", test_images=test / np.float32(255))
npy("fortran", train_images=np.asfortranarray(train))
npy("shape", train_images=train[:, :, :, :31].copy())
npy("names", train_labels=train_labels.astype(np.float32))
npy("count", test_labels=test_labels[:-1])
npy("negative", train_labels=np.where(np.arange(40) == 7, -1, train_labels).astype(np.int16))
npy("large", train_labels=np.where(np.arange(40) == 7, 10, train_labels))
npy("fewer", train_images=train[1:], train_labels=train_labels[1:])
cut = npy("cut") / "train_images.npy"
cut.write_bytes(cut.read_bytes()[:-1])
(npy("text") / "train_images.npy").write_text("these are no numbers at all")
(npy("absent") / "test_labels.npy").unlink()
