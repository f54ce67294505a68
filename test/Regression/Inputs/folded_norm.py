# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One network twice, as written and as PyTorch's default export folds it, and what a comparison needs: folded_norm.py make FOLDER | compare LOG LOG MODEL"""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def make(folder):
    random = np.random.default_rng(5)
    weights = {"first.weight": random.normal(0, 0.2, (6, 3, 3, 3)), "second.weight": random.normal(0, 0.2, (4, 6, 3, 3)),
               "fc.weight": random.normal(0, 0.3, (10, 4)), "fc.bias": np.zeros(10)}
    norms = {"first": random.normal(0, 0.1, 6), "second": random.normal(0, 0.1, 4)}
    for folded in (False, True):
        values, nodes, x = dict(weights), [], "x"
        for name, shift in norms.items():
            weight = values.pop(f"{name}.weight")
            if folded:
                values[f"onnx::Conv_{len(nodes)}"] = weight / np.sqrt(1 + 1e-5)
                values[f"onnx::Conv_{len(nodes) + 1}"] = shift
                nodes.append(helper.make_node("Conv", [x, *list(values)[-2:]], [f"{name}.y"], f"/{name}/Conv", pads=[1, 1, 1, 1]))
            else:
                values.update({f"{name}.weight": weight, f"{name}.scale": np.ones(len(shift)), f"{name}.shift": shift,
                               f"{name}.mean": np.zeros(len(shift)), f"{name}.variance": np.ones(len(shift))})
                nodes.append(helper.make_node("Conv", [x, f"{name}.weight"], [f"{name}.conv"], f"/{name}/Conv", pads=[1, 1, 1, 1]))
                nodes.append(helper.make_node("BatchNormalization", [f"{name}.conv", *list(values)[-4:]], [f"{name}.y"], f"{name}.norm"))
            nodes.append(helper.make_node("Relu", [f"{name}.y"], [f"{name}.relu"], f"/{name}/Relu"))
            x = f"{name}.relu"
        nodes += [helper.make_node("GlobalAveragePool", [x], ["pooled"]), helper.make_node("Flatten", ["pooled"], ["flat"]),
                  helper.make_node("Gemm", ["flat", "fc.weight", "fc.bias"], ["logits"], "/fc/Gemm", transB=1)]
        graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 32, 32])],
                                  [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 10])],
                                  [numpy_helper.from_array(value.astype(np.float32), name) for name, value in values.items()])
        model = helper.make_model(graph, producer_name="pytorch", opset_imports=[helper.make_opsetid("", 17)])
        onnx.checker.check_model(model)
        onnx.save(model, folder / ("folded.onnx" if folded else "written.onnx"))


    data = folder / "data"
    data.mkdir()
    for half, count in (("train", 80), ("test", 20)):
        np.save(data / f"{half}_images.npy", random.integers(0, 256, (count, 3, 32, 32), dtype=np.uint8))
        np.save(data / f"{half}_labels.npy", np.arange(count) % 10)


def losses(log):
    return [event["loss"] for event in map(json.loads, pathlib.Path(log).read_text().splitlines()) if event["event"] == "step"]


def compare(written, restored, exported):
    pairs = list(zip(losses(written), losses(restored), strict=True))
    assert len(pairs) == 8 and all(abs(a - b) < 2e-5 * a for a, b in pairs), pairs
    model = onnx.load(exported)
    onnx.checker.check_model(model, full_check=True)
    print(len(pairs), "losses agree;", *[node.op_type for node in model.graph.node])


if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]))
else:
    compare(*sys.argv[2:])
