# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the installed program, and hands models and recipes to it."""
from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from typing import Any, Iterator, Mapping, Optional, Sequence, Tuple, Union

PathLike = Union[str, "os.PathLike[str]"]
Recipe = Union[PathLike, Mapping[str, Any]]
Model = Any  # a torch.nn.Module, or the path of an ONNX file


class TallyError(RuntimeError):
    """What a program of Tally said when it refused; `status` is its exit status (1 no, 2 usage, 3 bad input, 70 internal error)."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


def find_program() -> str:
    """The program `tally`: what the environment variable TALLY names, the one that the wheel carries, or the one in PATH."""
    carried = pathlib.Path(__file__).with_name("installed") / "bin/tally"
    program = os.environ.get("TALLY") or (str(carried) if carried.exists() else shutil.which("tally"))
    if not program:
        raise TallyError("the program 'tally' is not found: install it (cmake --install, or the Debian package), or set TALLY to its path", 2)
    return program


def run(arguments: Sequence[PathLike]) -> str:
    """The standard output of `tally` with these arguments."""
    done = subprocess.run([find_program(), *map(os.fspath, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise TallyError(done.stderr.strip() or f"tally ended with status {done.returncode}", done.returncode)
    return done.stdout


@contextlib.contextmanager
def files(model: Model, recipe: Optional[Recipe], input_shape: Optional[Sequence[int]]) -> Iterator[Tuple[str, Optional[str]]]:
    """The paths of model and recipe; a module and a dict are written to a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="tally-") as folder:
        if not isinstance(model, (str, os.PathLike)):
            if input_shape is None:
                raise ValueError("a module needs input_shape, the channels, height and width of an image, such as (3, 32, 32)")
            from tally.export import export

            model = export(model, pathlib.Path(folder) / "model.onnx", input_shape)
        if isinstance(recipe, Mapping):
            path = pathlib.Path(folder) / "recipe.yaml"
            path.write_text(json.dumps(recipe, indent=1))  # YAML, too
            recipe = path
        yield os.fspath(model), None if recipe is None else os.fspath(recipe)
