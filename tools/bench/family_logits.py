# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The logits of a trained network by ONNX Runtime and by Tally: family_logits.py EXPORTED.onnx ORIGINAL.onnx

Checks the model that a trainer has exported with ONNX's checker, and that it kept the names of the original, then computes it for some random images with
ONNX Runtime and with tally-translate and tally-check-op of PATH. Prints the largest difference of a logit, over the largest logit; status 1 above 1e-4.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

LIMIT = 1e-4


def names_of(model):
    """Of all but the Constant nodes: those that say that Dropout trains are of no use any more."""
    graph = model.graph
    nodes = [node for node in graph.node if node.op_type != "Constant"]
    return {value.name for values in (graph.input, graph.output, graph.initializer, nodes) for value in values}


def main():
    path, original = sys.argv[1:]
    onnx.checker.check_model(path, full_check=True)
    model, before = onnx.load(path), onnx.load(original, load_external_data=False)
    lost = names_of(before) - names_of(model)
    images_of = model.graph.input[0]
    batch = images_of.type.tensor_type.shape.dim[0].dim_value or 2
    images = np.random.default_rng(1).standard_normal((batch, 3, 32, 32)).astype(np.float32)
    theirs = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {images_of.name: images})[0]
    with tempfile.TemporaryDirectory() as folder:
        module, inputs, outputs = (pathlib.Path(folder) / name for name in ("model.mlir", "inputs", "outputs"))
        inputs.write_bytes(images.tobytes())
        for command in (["tally-translate", "--import-onnx", f"--batch={batch}", path, "-o", module],
                        ["tally-check-op", module, "--run=main", f"--inputs={inputs}", f"--outputs={outputs}", "--optimize"]):
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        ours = np.fromfile(outputs, np.float32).reshape(theirs.shape)
    difference = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
    print(difference)
    if lost:
        sys.exit(f"error: names are lost: {', '.join(sorted(lost)[:5])}")
    sys.exit(not difference <= LIMIT)


if __name__ == "__main__":
    main()
