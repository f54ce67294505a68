# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a set of images of one's own, in every form that make-dataset reads, and a network for it:
own_data.py grey|colour INTO: 12 classes of 1x28x28 images or 5 classes of 3x64x64, 60 to train and 30 to test."""
import gzip
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

kind, into = sys.argv[1], pathlib.Path(sys.argv[2])
into.mkdir(parents=True)
classes, shape = {"grey": (12, (1, 28, 28)), "colour": (5, (3, 64, 64))}[kind]
random = np.random.default_rng(7)
patterns = random.integers(60, 196, (classes, *shape))
halves = {}
for half, count in (("train", 60), ("test", 30)):
    labels = np.arange(count) % classes
    noise = random.integers(-40, 41, (count, *shape))
    halves[half] = (patterns[labels] + noise).astype(np.uint8), labels

for half, (images, labels) in halves.items():
    folder = into / "npy"
    folder.mkdir(exist_ok=True)
    np.save(folder / f"{half}_images.npy", images[:, 0] if kind == "grey" else images.transpose(0, 2, 3, 1).copy())
    np.save(folder / f"{half}_labels.npy", labels)
np.savez(into / "set.npz", x_train=halves["train"][0], y_train=halves["train"][1], x_test=halves["test"][0], y_test=halves["test"][1])
if kind == "grey":  # as MNIST comes, one file of each half compressed
    (into / "idx").mkdir()
    for half, prefix in (("train", "train"), ("test", "t10k")):
        images, labels = halves[half]
        header = b"\0\0\x08\x03" + b"".join(size.to_bytes(4, "big") for size in (len(images), 28, 28))
        with gzip.open(into / "idx" / f"{prefix}-images-idx3-ubyte.gz", "wb") as file:
            file.write(header + images.tobytes())
        header = b"\0\0\x08\x01" + len(labels).to_bytes(4, "big")
        (into / "idx" / f"{prefix}-labels-idx1-ubyte").write_bytes(header + labels.astype(np.uint8).tobytes())

channels = shape[0]
weights = [("conv.weight", (8, channels, 3, 3)), ("head.weight", (classes, 8)), ("head.bias", (classes,))]
initializers = [helper.make_tensor(name, TensorProto.FLOAT, size, (random.standard_normal(size) / 4).ravel())
                for name, size in weights]
nodes = [helper.make_node("Conv", ["x", "conv.weight"], ["c"], "conv", strides=[2, 2], pads=[1, 1, 1, 1]),
         helper.make_node("Relu", ["c"], ["r"], "relu"),
         helper.make_node("GlobalAveragePool", ["r"], ["p"], "pool"),
         helper.make_node("Flatten", ["p"], ["f"], "flatten"),
         helper.make_node("Gemm", ["f", "head.weight", "head.bias"], ["y"], "head", transB=1)]
graph = helper.make_graph(nodes, kind, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *shape])],
                          [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", classes])], initializers)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), into / "model.onnx")
recipe = f"""loss: cross_entropy
optimizer: {{name: sgd, lr: 0.05, momentum: 0.9}}
epochs: 2
batch_size: 16
data: {{shape: [{channels}, {shape[1]}, {shape[2]}], classes: {classes}, train_images: 60, test_images: 30, format: FORMAT,
       augment: [{{flip: random}}, {{crop: {{pad: 2, mode: reflect}}}}, {{cutout: {{size: 5}}}}]SUBSET}}
evaluate: {{views: [plain, mirror_translate]}}
"""
for name, form, subset in (("raw", "raw", ""), ("npy", "npy", ""), ("subset", "raw", ", subset: 40")):
    (into / f"{name}.yaml").write_text(recipe.replace("FORMAT", form).replace("SUBSET", subset))
