# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A linear network of 10 classes: loss_inside.py MODEL.onnx OUTPUT...; of the outputs logits, loss and weighted, a loss of weighted classes,
those that are named."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

path, *outputs = sys.argv[1:]
weight = np.random.default_rng(5).uniform(-0.02, 0.02, (3072, 10)).astype(np.float32)
nodes = [helper.make_node("Flatten", ["images"], ["rows"]), helper.make_node("Gemm", ["rows", "head.weight", "head.bias"], ["logits"])]
inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, 32, 32])]
tensors = {"head.weight": weight, "head.bias": np.zeros(10, np.float32)}
if "weighted" in outputs:
    tensors["classes"] = 0.5 + np.arange(10, dtype=np.float32) / 8
for loss in set(outputs) - {"logits"}:
    nodes.append(helper.make_node("SoftmaxCrossEntropyLoss", ["logits", "labels", *(["classes"] if loss == "weighted" else [])], [loss], reduction="mean"))
    inputs.append(helper.make_tensor_value_info("labels", TensorProto.INT64, ["batch"]))
shapes = {"logits": ["batch", 10], "loss": [], "weighted": []}
graph = helper.make_graph(nodes, "linear", inputs, [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in outputs],
                          [numpy_helper.from_array(values, name) for name, values in tensors.items()])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9), path)
