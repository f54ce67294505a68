# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Computes the run of mean-pixel.mlir anew and compares its log: check-mean-pixel.py FOLDER LOG"""
import json
import pathlib
import struct
import sys

folder, log = sys.argv[1:]
train = b"".join(path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("data_batch_*.bin")))
pixels = [train[3073 * record + 1] for record in range(4)]


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


w, v, losses = 0.25, 0.0, []
for t, lr in enumerate([0.5, 0.25, 0.125, 0.0625, 0.5]):
    d = f32(w - f32(pixels[t % 4] / 255.0))
    losses.append(f32(d * d))
    v = f32(f32(0.5 * v) + f32(2 * d))
    w = f32(w - f32(lr * v))
events = [json.loads(line) for line in open(log, encoding="utf-8")]
found = [f32(event["loss"]) for event in events if event["event"] == "step"]
assert found == losses, (found, losses)
print("5 losses agree to the last bit")
