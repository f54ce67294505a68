# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a description as torch.onnx.export writes its PyTorch form."""
import contextlib
import io
import logging

import torch
import torch.nn.functional as F
import torch_form
from description import initial_value

# What PyTorch computes by functions that its exporter knows, without tables that it would write as tensors of the file.
OPS = {"Conv", "Gemm", "MatMul", "BatchNormalization", "GroupNormalization", "LayerNormalization", "InstanceNormalization",
       "GlobalAveragePool", "Softmax", "LogSoftmax", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Concat", "Split", "Tile",
       "Expand", "Identity", "Einsum", "DepthToSpace", "SpaceToDepth", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin",
       "ReduceLogSumExp", "CumSum", "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "Less", "Greater", "LessOrEqual",
       "GreaterOrEqual", "And", "Or", "Not", "Xor", "Where", "Cast", "Clip", "LeakyRelu", "Elu", "HardSigmoid", "Gelu", "Swish",
       "Relu", "Sigmoid", "Tanh", "Softsign", "Mish", "HardSwish", "Erf", "Exp", "Log", "Sqrt", "Reciprocal", "Neg", "Abs", "Sin", "Cos",
       "Tan", "Atan", "Sinh", "Cosh"}


class Module(torch.nn.Module):
    def __init__(self, description):
        super().__init__()
        self.description = description
        for name, param in description["params"].items():
            value = torch.from_numpy(initial_value(description, name))
            if param.get("statistic"):
                self.register_buffer(name, value)
            else:
                self.register_parameter(name, torch.nn.Parameter(value))

    def forward(self, x):
        values = {"x": x, **dict(self.named_parameters()), **dict(self.named_buffers()),
                  **{name: torch.tensor(number, dtype=x.dtype) for name, number in self.description["numbers"].items()}}
        for node in self.description["nodes"]:
            inputs = [values[name] for name in node["in"]]
            if node["op"] == "BatchNormalization":
                x, scale, bias, mean, variance = inputs
                keep, epsilon = (torch_form.f32(node["a"].get(key, value)) for key, value in (("momentum", 0.9), ("epsilon", 1e-5)))
                results = (F.batch_norm(x, mean, variance, scale, bias, self.training, 1 - keep, epsilon),)
            else:
                results = torch_form.apply(node, inputs)
            values.update(zip(node["out"], results))
        return values["logits"]


def write(description, path):
    logging.disable(logging.WARNING)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        torch.onnx.export(Module(description).eval(), (torch.zeros(description["batch"], *description["shape"], dtype=torch.float64),),
                          path, dynamo=True, optimize=False, external_data=False)
