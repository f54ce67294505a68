# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports the backend tests of ONNX: backend.py TALLY_TRANSLATE TALLY_CHECK_OP FOLDER [OP...]. A test of an op that the importer knows
is imported as it stands, which may be refused, but not crash; and with its first input as the images and all others as
initializers: where that is imported, the values must be those of the test."""
import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import helper, numpy_helper
from values import as_check, check, translate

warnings.simplefilter("ignore")
OPS = ["Add", "AveragePool", "BatchNormalization", "Cast", "CastLike", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv", "Div",
       "Dropout", "Equal", "Erf", "Exp", "Expand", "Flatten", "Gather", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Identity",
       "LeakyRelu", "Log", "LogSoftmax", "MatMul", "MaxPool", "Mul", "Neg", "ReduceMax", "ReduceMean", "ReduceSum", "Relu", "Reshape",
       "Shape", "Sigmoid", "Size", "Slice", "Softmax", "Sqrt", "Squeeze", "Sub", "Swish", "Tanh", "Transpose", "Unsqueeze", "Where"]


def adapted(model, inputs, outputs):
    """The model with one input, whose dimension 0 is the batch, and a flat output; None where the test is not of that form."""
    x, expected = inputs[0], outputs[0]
    if not all(isinstance(value, np.ndarray) and value.dtype in (np.float32, np.float64) and value.ndim for value in (x, expected)):
        return None
    if x.shape[0] != expected.shape[0]:
        return None
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    rest = list(graph.input)[1:]
    del graph.input[1:], graph.output[:]
    for info, value in zip(rest, inputs[1:], strict=True):
        if not isinstance(value, np.ndarray):
            return None
        graph.initializer.append(numpy_helper.from_array(value, info.name))
    graph.node.append(helper.make_node("Flatten", [model.graph.output[0].name], ["flat_logits"], name="flat_logits"))
    graph.output.append(helper.make_tensor_value_info("flat_logits", model.graph.output[0].type.tensor_type.elem_type, None))
    return result


def main(translator, checker, folder, ops):
    from onnx.backend.test.case.node import collect_testcases
    folder.mkdir(parents=True, exist_ok=True)
    path, tests, refused, problems, functions = folder / "model.onnx", {}, 0, [], {}
    for op in ops:
        tests.update((test.name, test) for test in collect_testcases(op))
    for name, test in tests.items():
        inputs, outputs = ([value for value in part] for part in test.data_sets[0])
        for model in (test.model, adapted(test.model, inputs, outputs)):
            if model is None:
                continue
            onnx.save(model, path)
            imported = translate(translator, path)
            if imported.returncode not in (0, 1, 3) or (imported.returncode and "error: " not in imported.stderr):
                problems.append(f"{name}: status {imported.returncode}\n{imported.stderr}")
            elif imported.returncode:
                refused += 1
                if model is not test.model:
                    print(f"refused: {name}: {imported.stderr.split('error: ')[-1].strip()}")
            elif model is not test.model:
                functions[name] = as_check(name, imported.stdout, inputs[0], outputs[0].reshape(len(outputs[0]), -1))
    problems += check(checker, folder, functions)
    print("\n".join(problems))
    print(f"{len(tests)} tests: {len(functions)} imported with the values of the test, {len(problems)} problems")
    return len(problems) != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4:] or OPS))
