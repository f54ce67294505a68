# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups the reasons for which tests do not pass: what tensors of static shapes cannot say, then what their messages say."""
import re

from onnx import AttributeProto, TensorProto

NARROW = re.compile(r"FLOAT8|FLOAT4|U?INT[24]$")
# Ops whose results have a shape that depends on the values of their inputs.
DYNAMIC = {"Compress", "NonMaxSuppression", "NonZero", "Unique"}


def graphs(graph):
    """A graph and all within its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from graphs(attribute.g)


def nature(model):
    """Why a model is beyond graphs of static tensors of numbers, or None."""
    kinds, elements, ops = set(), set(), set()
    for graph in graphs(model.graph):
        ops |= {node.op_type for node in graph.node}
        for value in [*graph.input, *graph.output, *graph.value_info]:
            kinds.add(value.type.WhichOneof("value"))
            elements.add(TensorProto.DataType.Name(value.type.tensor_type.elem_type))
        elements |= {TensorProto.DataType.Name(attribute.i) for node in graph.node if node.op_type == "Cast" for attribute in node.attribute if attribute.name == "to"}
    rules = (("sequences", "sequence_type" in kinds), ("optional values", "optional_type" in kinds), ("strings", "STRING" in elements),
             ("image files", "ImageDecoder" in ops), ("8-bit floats, and numbers of fewer than 8 bits", any(map(NARROW.match, elements))),
             ("a result whose shape depends on values", bool(ops & DYNAMIC)))
    return next((name for name, holds in rules if holds), None)


def shorten(reason):
    """The message of a node by its op, without its name and opset."""
    return re.sub(r"^(?:node|\d+ nodes, first) '.*?' \((?:[\w.]+\.)?(\w+)(?:, opset \d+)?\): ", r"\1: ", reason)


def generalize(reason):
    """What several tests have in common."""
    reason = re.sub(r"^values differ: .*", "values differ", reason)
    reason = re.sub(r"\[[-\d, ]*\]|'[^']*'", "...", reason)
    return re.sub(r"-?\b\d[\d.e+-]*\b", "N", reason)
