# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A linear network of 300 classes of 1x4x4 images, in batches of all 600, and its first loss: wide_labels.py INTO, then wide_labels.py INTO LOG."""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

into, classes, count = pathlib.Path(sys.argv[1]), 300, 600
random = np.random.default_rng(7)
images, weight = random.integers(0, 256, (count, 1, 4, 4), np.uint8), random.standard_normal((classes, 16)).astype(np.float32)
labels = random.integers(0, classes, count)
if len(sys.argv) == 2:
    into.mkdir(parents=True)
    np.savez(into / "set.npz", x_train=images, y_train=labels, x_test=images[:30], y_test=labels[:30])
    nodes = [helper.make_node("Flatten", ["x"], ["f"], "flatten"), helper.make_node("Gemm", ["f", "w"], ["y"], "head", transB=1)]
    graph = helper.make_graph(nodes, "wide", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1, 4, 4])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", classes])],
                              [helper.make_tensor("w", TensorProto.FLOAT, weight.shape, weight.ravel())])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), into / "model.onnx")
    (into / "recipe.yaml").write_text(f"""loss: cross_entropy
optimizer: {{name: sgd, lr: 0.05}}
epochs: 1
batch_size: {count}
data: {{shape: [1, 4, 4], classes: {classes}, train_images: {count}, test_images: 30}}
""")
else:
    logits = (images.reshape(count, 16) / 127.5 - 1) @ weight.T.astype(np.float64)
    expected = np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(count), labels])
    found = [event["loss"] for event in map(json.loads, open(sys.argv[2])) if event["event"] == "step"]
    print("losses", found, "expected", expected)
    sys.exit(0 if abs(found[0] - expected) < 1e-4 else 1)
