# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the reader of a page has: reader.py FOLDER SHAPE DATA makes net.onnx, a small network of SHAPE, and recipe.yaml for DATA."""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

folder, shape = pathlib.Path(sys.argv[1]), [int(size) for size in sys.argv[2].split("x")]
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(1)
sizes = {"conv.weight": (8, shape[0], 3, 3), "head.weight": (10, 8), "head.bias": (10,)}
nodes = [helper.make_node("Conv", ["x", "conv.weight"], ["c"], "conv", pads=[1, 1, 1, 1]), helper.make_node("Relu", ["c"], ["r"], "relu"),
         helper.make_node("GlobalAveragePool", ["r"], ["p"], "pool"), helper.make_node("Flatten", ["p"], ["f"], "flatten"),
         helper.make_node("Gemm", ["f", "head.weight", "head.bias"], ["y"], "head", transB=1)]
graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *shape])],
                          [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 10])],
                          [helper.make_tensor(name, TensorProto.FLOAT, size, (random.standard_normal(size) / 4).ravel()) for name, size in sizes.items()])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), folder / "net.onnx")
(folder / "recipe.yaml").write_text("loss: cross_entropy\noptimizer: {name: sgd, lr: 0.1, momentum: 0.9}\nepochs: 1\nbatch_size: 10\n"
                                    f"data: {sys.argv[3]}\n")
