# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PyTorch's export as Tally wants it."""
from __future__ import annotations

import pathlib
import warnings
from typing import Any, Sequence

from tally.program import PathLike


def export(module: Any, path: PathLike, input_shape: Sequence[int]) -> pathlib.Path:
    """Writes a torch.nn.Module as ONNX for training: BatchNormalization and Dropout as they train, nothing folded, any batch size.

    `input_shape` is (channels, height, width) of one image. The module's mode (train or eval) and its weights stay as they are.
    """
    import torch

    where = next((parameter.device for parameter in module.parameters()), torch.device("cpu"))
    images = torch.zeros(2, *input_shape, device=where)
    modes = {part: part.training for part in module.modules()}
    # The trace runs the module, which moves running statistics.
    state = {name: value.clone() for name, value in module.state_dict().items()}
    try:
        with warnings.catch_warnings():
            # That the number of batches is not counted on, once for each BatchNormalization; and that this exporter is the older one.
            warnings.filterwarnings("ignore", message="(?s).*num_batches_tracked")
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            torch.onnx.export(module.train(), (images,), str(path), training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False,
                              input_names=["x"], output_names=["logits"], dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}}, dynamo=False)
    finally:
        for part, training in modes.items():
            part.training = training
        module.load_state_dict(state)
    return pathlib.Path(path)
