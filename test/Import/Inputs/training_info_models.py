# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models whose steps have a form of their own, or none: training_info_models.py FOLDER; or what a written step says: FILE."""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def save(path, nodes, weights, opset=17, outputs=(("y", (4, 3)),), inputs=(), functions=(), **others):
    """Of images [4, 2, 5, 5] to logits [4, 3]."""
    infos = [helper.make_tensor_value_info("x", TensorProto.FLOAT, (4, 2, 5, 5)), *inputs]
    graph = helper.make_graph([*nodes, helper.make_node("GlobalAveragePool", [nodes[-1].output[0]], ["p"]), helper.make_node("Flatten", ["p"], ["f"]),
                               helper.make_node("MatMul", ["f", "w"], ["y"]), *others.pop("behind", [])],
                              "net", infos, [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
                              [numpy_helper.from_array(values.astype(np.float32), name) for name, values in {**weights, "w": np.ones((2, 3)) / 7}.items()])
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(function.domain, 1) for function in functions)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9, functions=functions), path)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    statistics = {"s": np.full(2, 2.0), "b": np.zeros(2), "m": np.zeros(2), "v": np.ones(2)}
    norm = helper.make_node("BatchNormalization", ["x", "s", "b", "m", "v"], ["n"], name="norm")
    save(folder / "dropout.onnx", [helper.make_node("Relu", ["x"], ["r"]), helper.make_node("Dropout", ["r"], ["d"], name="drop")], {})
    save(folder / "norm12.onnx", [norm], statistics, opset=12)
    save(folder / "norm9.onnx", [norm], statistics, opset=9)
    # Exported in training mode: names of the statistics are there.
    trained = helper.make_node("BatchNormalization", ["x", "s", "b", "m", "v"], ["n", "m1", "v1"], name="norm", training_mode=1)
    save(folder / "trained.onnx", [trained], statistics)
    function = helper.make_function("own", "Normalize", ["x", "s", "b", "m", "v"], ["n"], [norm], [helper.make_opsetid("", 17)])
    save(folder / "function.onnx", [helper.make_node("Normalize", ["x", "s", "b", "m", "v"], ["n"], domain="own")], statistics, functions=[function])
    # Zeros that feed two layers, each of which trains its own; and a loss of the model's own.
    save(folder / "shared.onnx", [helper.make_node("BatchNormalization", ["x", "s", "b", "m", "v"], ["n"], name="first"),
                                  helper.make_node("BatchNormalization", ["n", "s2", "b", "m", "v"], ["n2"], name="second")], {**statistics, "s2": np.full(2, 0.5)})
    label = helper.make_tensor_value_info("labels", TensorProto.INT64, (4,))
    save(folder / "loss.onnx", [helper.make_node("Sigmoid", ["x"], ["a"])], {}, outputs=(("y", (4, 3)), ("l", ())), inputs=[label],
         behind=[helper.make_node("SoftmaxCrossEntropyLoss", ["y", "labels"], ["l"])])


def show(path):
    model = onnx.load(path)
    info = model.training_info[0]
    for node in model.graph.node:
        if node.op_type in ("BatchNormalization", "Dropout"):
            attributes = " ".join(f"{attribute.name}={helper.get_attribute_value(attribute):g}" for attribute in node.attribute)
            print(f"{node.op_type}({', '.join(node.input)}) -> {', '.join(node.output)} {attributes}")
    for part in ("initialization", "algorithm"):
        for node in getattr(info, part).node:
            print(f"{part}: {', '.join(node.output)} = {node.op_type}({', '.join(node.input)})")
    for binding in info.update_binding:
        print(f"update {binding.key}: {binding.value}")
    for tensor in info.algorithm.initializer:
        if not tensor.dims:
            print(f"{tensor.name} = {numpy_helper.to_array(tensor):g}")
    print(info.algorithm.doc_string)


if __name__ == "__main__":
    PATH = pathlib.Path(sys.argv[1])
    show(PATH) if PATH.suffix == ".onnx" else main(PATH)
