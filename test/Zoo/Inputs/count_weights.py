# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the number of float initializer elements of each model, without running statistics and limits."""
import math
import pathlib
import sys

import onnx

assert len(sys.argv) > 1, "no model"
for path in sys.argv[1:]:
    initializers = onnx.load(path).graph.initializer
    total = sum(math.prod(tensor.dims) for tensor in initializers if not tensor.name.endswith((".mean", ".var", ".min", ".max")))
    print(pathlib.Path(path).name, total)
