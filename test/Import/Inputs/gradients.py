# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints models of one node as functions whose gradients tally-check-op compares with differences: gradients.py TALLY_TRANSLATE FOLDER
[CASES]. All inputs that are floats are arguments, in f64. CASES: another module of cases."""
import importlib
import pathlib
import re
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CASES = []


def case(op, *inputs, numbers="", opset=22, **attributes):
    """Inputs: a shape of an argument, None, or an array that is known. `numbers`: how arguments are drawn."""
    CASES.append((op, inputs, numbers, opset, attributes))


def i64(*values):
    return np.array(values, np.int64)


def f32(*values):
    return np.array(values, np.float32)


LINE, IMAGE, VOLUME = (1, 2, 7), (1, 2, 5, 4), (1, 2, 4, 3, 3)
case("Conv", LINE, (2, 2, 3), (2,), strides=[2], pads=[1, 0], dilations=[2])
case("Conv", VOLUME, (2, 1, 2, 3, 2), (2,), group=2, strides=[2, 1, 2], pads=[1, 1, 0, 0, 0, 1], dilations=[2, 1, 1])
case("ConvTranspose", IMAGE, (2, 3, 3, 2), (3,), strides=[2, 3], pads=[1, 0, 0, 1], output_padding=[1, 2])
case("ConvTranspose", LINE, (2, 1, 3), (2,), group=2, strides=[2], dilations=[2])
case("ConvTranspose", (1, 2, 3, 2, 2), (2, 1, 2, 2, 3), (2,), group=2, strides=[3, 1, 2], pads=[1, 0, 1, 0, 1, 0])
case("Col2Im", (1, 12, 6), i64(4, 5), i64(2, 3), strides=[1, 2], pads=[0, 0, 0, 0])
for op in ("MaxPool", "AveragePool", "LpPool"):
    case(op, LINE, kernel_shape=[3], strides=[2], pads=[1, 0])
    case(op, VOLUME, kernel_shape=[2, 2, 3], strides=[2, 1, 1], pads=[1, 0, 0, 0, 1, 0])
case("MaxPool", IMAGE, kernel_shape=[2, 2], strides=[2, 1], outputs=2)
for op in ("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"):
    case(op, VOLUME)
case("MaxUnpool", (1, 2, 2, 2), i64(0, 3, 9, 14, 17, 22, 24, 31).reshape(1, 2, 2, 2), kernel_shape=[2, 2], strides=[2, 2])
for mode in ("nearest", "linear", "cubic"):
    case("Resize", IMAGE, None, None, i64(1, 2, 8, 3), mode=mode)
    case("Resize", IMAGE, None, f32(1, 1, 2, 2), mode=mode, exclude_outside=1)
case("Resize", IMAGE, None, None, i64(1, 2, 2, 3), mode="cubic", antialias=1)
for padding in ("zeros", "border", "reflection"):
    for mode in ("linear", "cubic"):
        case("GridSample", IMAGE, (1, 2, 3, 2), mode=mode, padding_mode=padding, numbers="low = -1.3, high = 1.3, seed = 5")
case("GridSample", VOLUME, (1, 2, 2, 2, 3), mode="linear")
case("AffineGrid", (1, 2, 3), i64(1, 2, 3, 4))
case("RoiAlign", IMAGE, (2, 4), i64(0, 0), output_height=2, output_width=2, sampling_ratio=2, numbers="low = 0.3, high = 2.7")
case("DeformConv", IMAGE, (2, 1, 2, 2), (1, 8, 4, 3), (2,), (1, 4, 4, 3), group=2)


def build(op, inputs, opset, attributes):
    names, initializers, arguments = [], [], []
    for position, given in enumerate(inputs):
        names.append("" if given is None else f"input{position}")
        if isinstance(given, np.ndarray):
            initializers.append(numpy_helper.from_array(given, names[-1]))
        elif given is not None:
            arguments.append(helper.make_tensor_value_info(names[-1], TensorProto.DOUBLE, given))
    outputs = ["y", *(f"output{number}" for number in range(1, attributes.pop("outputs", 1)))]
    node = helper.make_node(op, names, outputs, name="node", **attributes)
    graph = helper.make_graph([node], "net", arguments, [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def main(tool, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    for index, (op, inputs, numbers, opset, attributes) in enumerate(CASES):
        onnx.save(build(op, inputs, opset, attributes), path)
        module = subprocess.run([tool, "--import-onnx", path], check=True, capture_output=True, text=True).stdout
        function = re.search(r"func\.func @main(\(.*?\)) -> (.*?)(?: attributes [^\n]*)? \{\n(.*?)\n  \}", module, re.DOTALL)
        arguments, results, body = function.groups()
        body = re.sub(r"%(\d+) = nn\.max_pool ", r"%\1, %position\1 = nn.max_pool_training ", body)  # as recipes do
        options = f" = {{{numbers}}}" if numbers else ""
        print(f"func.func @{op}_{index}{arguments} -> {results} attributes {{check_gradient{options}}} {{\n{body}\n}}\n")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        CASES.clear()
        importlib.import_module(sys.argv[3])
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
