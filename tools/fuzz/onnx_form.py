# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a description as an ONNX model of its opset."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Opset since which there is the op; 7 for the others.
SINCE = {"Sum": 8, "Expand": 8, "Where": 9, "Sinh": 9, "Cosh": 9, "Asinh": 9, "Acosh": 9, "Atanh": 9, "Erf": 9, "Sign": 9, "Shrink": 9,
         "MeanVarianceNormalization": 9, "Mod": 10, "ThresholdedRelu": 10, "TopK": 10, "Round": 11, "GatherElements": 11, "CumSum": 11,
         "Resize": 11, "GatherND": 11, "ScatterElements": 11, "Celu": 12, "LessOrEqual": 12, "GreaterOrEqual": 12, "Einsum": 12,
         "HardSwish": 14, "Trilu": 14, "LayerNormalization": 17, "Mish": 18, "GroupNormalization": 18, "CenterCropPad": 18,
         "Gelu": 20, "RMSNormalization": 23, "Swish": 24}

# op -> inputs behind the first that the description has as attributes: (name, opset since which it is an input, else an attribute)
STATIC_INPUTS = {
    "Squeeze": [("axes", 13)], "Unsqueeze": [("axes", 13)], "ReduceSum": [("axes", 13)],
    "Split": [("split", 13)], "Slice": [("starts", 10), ("ends", 10), ("axes", 10), ("steps", 10)],
    "Pad": [("pads", 11), ("value", 11), ("axes", 18)], "Clip": [("min", 11), ("max", 11)], "Reshape": [("shape", 7)],
    "Tile": [("repeats", 7)], "Expand": [("shape", 8)], "Gather": [("indices", 7)], "TopK": [("k", 10)], "CumSum": [("axis", 11)],
    "Trilu": [("k", 14)], "CenterCropPad": [("shape", 18)], "Resize": [("roi", 11), ("scales", 11), ("sizes", 11)],
    **{f"Reduce{kind}": [("axes", 18)] for kind in ("Mean", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare")},
}
REAL = {"value", "min", "max"}  # static inputs of the type of the data


def exists(op, opset):
    return SINCE.get(op, 7) <= opset


class Writer:
    def __init__(self, description, value_of):
        """value_of(name): the array of a parameter."""
        self.description, self.opset = description, description["opset"]
        self.real = np.float64 if description["type"] == "double" else np.float32
        self.nodes, self.initializers = [], []
        for name in description["params"]:
            self.initializers.append(numpy_helper.from_array(value_of(name).astype(self.real), name))
        for name, number in description["numbers"].items():
            self.constant(name, np.array(number, self.real))

    def constant(self, name, array):
        tensor = numpy_helper.from_array(array, name)
        if self.description["constants"] == "initializer" or (self.opset < 9 and array.dtype != np.float32):  # constants were f32 once
            self.initializers.append(tensor)
        else:
            self.nodes.append(helper.make_node("Constant", [], [name], f"{name}.node", value=tensor))
        return name

    def static(self, node, attribute, value):
        """A known input as a constant; its name."""
        if attribute == "shape" and node["op"] == "Reshape" and self.description["batch_form"] == "static" and value[0] in (0, -1):
            value = [self.description["batch"], *value[1:]]
        if attribute in REAL:
            array = np.array(value, self.real)
        elif attribute in ("scales", "roi"):
            array = np.array(value, np.float32)
        else:
            array = np.array(value, np.int64)
        return self.constant(f"{node['out'][0]}.{attribute}", array.reshape(-1) if attribute in ("k",) and node["op"] == "TopK" else array)

    def node(self, node):
        op, inputs, attributes = node["op"], list(node["in"]), dict(node["a"])
        for name, since in STATIC_INPUTS.get(op, []):
            if self.opset < since:
                continue
            if name == "roi" and self.opset < 13:
                attributes.setdefault(name, [])
            inputs.append(self.static(node, name, attributes.pop(name)) if name in attributes else "")
        while inputs and not inputs[-1]:
            inputs.pop()
        if op == "Pad" and self.opset < 18 and "axes" in attributes:
            raise ValueError("axes of Pad came with opset 18")
        if op == "Cast":
            attributes["to"] = {"bool": TensorProto.BOOL, "int64": TensorProto.INT64}.get(attributes["to"]) or \
                (TensorProto.DOUBLE if self.real == np.float64 else TensorProto.FLOAT)
        attributes = {name: value for name, value in attributes.items() if not name.startswith("_")}
        self.nodes.append(helper.make_node(op, inputs, node["out"], node["out"][0], **attributes))

    def model(self):
        for node in self.description["nodes"]:
            self.node(node)
        kind = TensorProto.DOUBLE if self.real == np.float64 else TensorProto.FLOAT
        batch = self.description["batch"] if self.description["batch_form"] == "static" else "N"
        graph = helper.make_graph(
            self.nodes, f"fuzz_{self.description['seed']}",
            [helper.make_tensor_value_info("x", kind, [batch, *self.description["shape"]])],
            [helper.make_tensor_value_info("logits", kind, [batch, self.description["classes"]])], self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8 if self.opset < 20 else 10)


def write(description, path, value_of):
    onnx.save(Writer(description, value_of).model(), path)
