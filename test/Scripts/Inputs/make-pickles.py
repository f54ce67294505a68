# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the Python version of a CIFAR set from its binary version: make-pickles.py BINARY FOLDER"""
import pathlib
import pickle
import sys

import numpy as np

binary, folder = map(pathlib.Path, sys.argv[1:])
folder.mkdir(parents=True)
for path in sorted(binary.glob("*.bin")):
    labels = 2 if path.stem in ("train", "test") else 1
    records = np.fromfile(path, np.uint8).reshape(-1, labels + 3072)
    names = [b"labels"] if labels == 1 else [b"coarse_labels", b"fine_labels"]
    batch = {name: records[:, i].tolist() for i, name in enumerate(names)} | {b"data": records[:, labels:].copy()}
    (folder / path.stem).write_bytes(pickle.dumps(batch, protocol=2))
