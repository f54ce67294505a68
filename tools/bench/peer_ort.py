# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Speed of a training step of ONNX Runtime's on-device training: peer_ort.py MODEL.onnx

Its gradient graph is built from the ONNX file; its SGD has neither momentum nor decay. Needs the packages of requirements-ort.txt, an
environment of its own.
"""
import contextlib
import logging
import os
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnxruntime.training import artifacts
from onnxruntime.training.api import CheckpointState, Module, Optimizer

from peer import image_shape, memory, parse, print_speed

options = parse(__doc__)
logging.disable(logging.WARNING)
before = memory("VmRSS")
model = onnx.load(options.model)
statistics = {name for node in model.graph.node if node.op_type == "BatchNormalization" for name in node.input[3:]}
floats = [tensor.name for tensor in model.graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT and tensor.dims]
for node in model.graph.node:
    if node.op_type == "BatchNormalization":  # in its training form it has the new statistics as results, too
        node.attribute.append(onnx.helper.make_attribute("training_mode", 1))
        node.output.extend(f"{name}.new" for name in node.input[3:5])
shape, classes = image_shape(model.graph)
with tempfile.TemporaryDirectory() as folder:
    with contextlib.redirect_stdout(sys.stderr):
        artifacts.generate_artifacts(model, requires_grad=[name for name in floats if name not in statistics], frozen_params=sorted(statistics),
                                     loss=artifacts.LossType.CrossEntropyLoss, optimizer=artifacts.OptimType.SGD, artifact_directory=folder)
    session = onnxruntime.SessionOptions()
    session.intra_op_num_threads = options.threads
    state = CheckpointState.load_checkpoint(os.path.join(folder, "checkpoint"))
    module = Module(os.path.join(folder, "training_model.onnx"), state, session_options=session)
    optimizer = Optimizer(os.path.join(folder, "optimizer_model.onnx"), module)
random = np.random.default_rng(0)
x = random.standard_normal((options.batch, *shape), dtype=np.float32)
labels = random.integers(0, classes, options.batch).astype(np.int64)
module.train()


def step():
    module(x, labels)
    optimizer.step()
    module.lazy_reset_grad()


print_speed(step, options.batch, before)
