# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tests of onnx.backend.test: models with inputs and expected outputs."""
import contextlib
import dataclasses
import io
import pathlib
import re
import warnings

import numpy as np
import onnx
from onnx.backend.test.loader import load_model_tests

KINDS = ("node", "simple", "pytorch-converted", "pytorch-operator")

# Inputs of an op that say what is computed, or of what shape, rather than with which numbers: a compiler of static shapes may ask for them as constants.
STRUCTURAL = {
    **dict.fromkeys(("AffineGrid", "CenterCropPad", "Compress", "CumProd", "CumSum", "Expand", "OneHot", "Reshape", "Split", "SplitToSequence", "Squeeze",
                     "Tile", "TopK", "Trilu", "Unsqueeze", "Upsample"), (1,)),
    **dict.fromkeys(("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
                     "ReduceSumSquare"), (1,)),
    **dict.fromkeys(("BlackmanWindow", "ConstantOfShape", "HammingWindow", "HannWindow", "If", "NonZero", "Unique"), (0,)),
    **dict.fromkeys(("Col2Im", "DFT", "Dropout"), (1, 2)),
    "Loop": (0, 1), "MaxUnpool": (2,), "MelWeightMatrix": (0, 1, 2, 3, 4), "NonMaxSuppression": (0, 1, 2, 3, 4), "Pad": (1, 3), "Range": (0, 1, 2),
    "Resize": (1, 2, 3), "STFT": (1, 3), "SequenceAt": (1,), "SequenceErase": (1,), "SequenceInsert": (2,), "Slice": (1, 2, 3, 4),
}


@dataclasses.dataclass
class Case:
    name: str
    kind: str
    op: str  # that the test is about
    model: onnx.ModelProto
    data_sets: list  # of (inputs, expected outputs): arrays, or what numpy has no type for
    rtol: float
    atol: float
    structural: list[str]  # names of graph inputs, see STRUCTURAL


def to_array(value):
    return onnx.numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def read_value(path, kind):
    """The value of a test's file: an array, a list or None."""
    readers = {"tensor_type": (onnx.TensorProto, onnx.numpy_helper.to_array), "sequence_type": (onnx.SequenceProto, onnx.numpy_helper.to_list),
               "optional_type": (onnx.OptionalProto, onnx.numpy_helper.to_optional)}
    message, convert = readers[kind.WhichOneof("value")]
    return convert(message.FromString(path.read_bytes()))


def inputs_of(graph):
    """Inputs that have no value in the model."""
    initialized = {tensor.name for tensor in graph.initializer}
    return [value for value in graph.input if value.name not in initialized]


def read_folder(folder):
    """The model and the data sets of a test that is kept in files."""
    model, data_sets = onnx.load(folder / "model.onnx"), []
    for data in sorted(folder.glob("test_data_set_*")):
        sides = []
        for prefix, values in (("input", inputs_of(model.graph)), ("output", model.graph.output)):
            paths = sorted(data.glob(f"{prefix}_*.pb"), key=lambda path: int(path.stem.rsplit("_", 1)[1]))
            sides.append([read_value(path, value.type) for path, value in zip(paths, values)])
        data_sets.append(tuple(sides))
    return model, data_sets


def structural_inputs(graph):
    inputs = {value.name for value in inputs_of(graph)}
    return [node.input[slot] for node in graph.node for slot in STRUCTURAL.get(node.op_type, ())
            if slot < len(node.input) and node.input[slot] in inputs]


def tensors_of(value):
    """The tensors that a value is made of: none of an optional value that is not there."""
    if value is None:
        return []
    return [tensor for element in value for tensor in tensors_of(element)] if isinstance(value, list) else [value]


def assemble(info, value):
    """Inputs of tensors for one of a sequence or optional value, and the node that puts it together."""
    arrays = [np.asarray(tensor) for tensor in tensors_of(value)]
    infos = [onnx.helper.make_tensor_value_info(f"{info.name}.{i}", onnx.helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
             for i, array in enumerate(arrays)]
    names = [part.name for part in infos]
    if value is None:
        return infos, onnx.helper.make_node("Optional", [], [info.name], type=info.type.optional_type.elem_type)
    if isinstance(value, list):
        kind = info.type if info.type.HasField("sequence_type") else info.type.optional_type.elem_type
        element = kind.sequence_type.elem_type.tensor_type.elem_type
        return infos, (onnx.helper.make_node("SequenceConstruct", names, [info.name]) if names
                       else onnx.helper.make_node("SequenceEmpty", [], [info.name], dtype=element))
    return infos, onnx.helper.make_node("Identity", names, [info.name])


def of_tensors(case):
    """The case as a function of tensors: values of other types are put together in front of the graph and taken apart behind it."""
    if all(value.type.HasField("tensor_type") for value in [*inputs_of(case.model.graph), *case.model.graph.output]):
        return case
    model, nodes = onnx.ModelProto.FromString(case.model.SerializeToString()), []
    for info, value in zip(inputs_of(model.graph), case.data_sets[0][0]):
        if info.type.HasField("tensor_type"):
            for dimension, size in zip(info.type.tensor_type.shape.dim, np.shape(value)):
                dimension.dim_value = size
            continue
        at = list(model.graph.input).index(info)
        infos, node = assemble(info, value)
        del model.graph.input[at]
        for i, part in enumerate(infos):
            model.graph.input.insert(at + i, part)
        nodes.append(node)
    nodes.extend(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    data_sets = [tuple(tensors_of(list(side)) for side in data) for data in case.data_sets]
    return dataclasses.replace(case, model=model, data_sets=data_sets)


def load(kinds):
    """All tests of the kinds whose models are part of the package."""
    cases = []
    for kind in kinds:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # some tests overflow on purpose
            tests = load_model_tests(kind=kind)
        by_name = {test.name: test for test in tests}
        for test in tests:
            if test.model is None:
                model, data_sets = read_folder(pathlib.Path(test.model_dir))
            else:
                model = test.model
                data_sets = [tuple([to_array(value) for value in side] for side in data) for data in test.data_sets]
            # An "expanded" test is the function body of the op of another test, with the inputs of the same names.
            graph = by_name.get(re.sub(r"_expanded(_ver\d+)?$", "", test.name), test).model
            graph = model.graph if graph is None else graph.graph
            op = next((node.op_type for node in graph.node if node.op_type != "Constant"), "Constant")
            cases.append(of_tensors(Case(test.name, kind, op, model, data_sets, test.rtol, test.atol, structural_inputs(graph))))
    return sorted(cases, key=lambda case: (KINDS.index(case.kind), case.name))


def bind(case):
    """The model and data of a case with its structural inputs as initializers, or None where it has none or they differ between data sets."""
    model, data_sets = onnx.ModelProto.FromString(case.model.SerializeToString()), []
    inputs = inputs_of(model.graph)
    at = [i for i, value in enumerate(inputs) if value.name in case.structural]
    values = [[to_array(data[0][i]) for i in at] for data in case.data_sets]
    if not at or any(one.tobytes() != first.tobytes() for row in values for one, first in zip(row, values[0])):
        return None
    for i, value in zip(at, values[0]):
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, inputs[i].name))
        model.graph.input.remove(inputs[i])
    kept = [i for i in range(len(inputs)) if i not in at]
    data_sets = [([data[0][i] for i in kept], data[1]) for data in case.data_sets]
    return dataclasses.replace(case, model=model, data_sets=data_sets, structural=[])
