# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares export templates with their models under ONNX Runtime: templates.py TALLY_TRANSLATE FOLDER EXPORTED."""
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
from flow_models import build
from models import MODELS
from onnx import checker, numpy_helper

onnxruntime.set_default_logger_severity(3)


def inference_form(model):
    """The model without what only training needs, made independently of the tool."""
    for node in model.graph.node:
        if node.op_type in ("BatchNormalization", "Dropout"):
            del node.output[1:]
        if node.op_type == "Dropout":
            del node.input[2:]
        kept = [attribute for attribute in node.attribute if attribute.name != "training_mode"]
        del node.attribute[:]
        node.attribute.extend(kept)
    return model


def evaluate(model):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    shape = [size if isinstance(size, int) else 2 for size in session.get_inputs()[0].shape]
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    return session.run(None, {session.get_inputs()[0].name: x})[0]


def main(tool, folder, exported):
    folder.mkdir(parents=True, exist_ok=True)

    def template(path, *options):
        output = folder / "template.onnx"
        result = subprocess.run([tool, "--import-onnx", path, "-o", folder / "out.mlir", f"--export-template={output}", *options],
                                capture_output=True, text=True, timeout=60, check=True)
        model, data = onnx.load(output), output.read_bytes()
        checker.check_model(model, full_check=True)
        tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        for line in result.stderr.splitlines():
            if line.startswith("slot "):
                _, offset, size, name = line.split(" ", 3)
                assert data[int(offset):int(offset) + int(size)] == tensors[name].raw_data, name
        return model

    def compare(case, path):
        ours, theirs = evaluate(template(path)), evaluate(inference_form(onnx.load(path)))
        print(f"{case}: {'equal' if np.array_equal(ours, theirs, equal_nan=True) else 'different'}")

    for case in ("conv", "norm", "sharing", "matmul"):
        onnx.save(MODELS[case](), folder / "model.onnx")
        compare(case, folder / "model.onnx")
    for case in ("functions", "recurrent"):
        onnx.save(build(case), folder / "model.onnx")
        compare(case, folder / "model.onnx")
    compare("residual-legacy-eval-raw", exported / "residual-legacy-eval-raw.onnx")
    onnx.save(MODELS["conv"](), folder / "external.onnx", save_as_external_data=True, location="external.bin", size_threshold=0)
    compare("external", folder / "external.onnx")
    double = template(folder / "external.onnx", "--f64")
    assert all(numpy_helper.to_array(tensor).dtype == np.float64 for tensor in double.graph.initializer)
    print("double: valid")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
