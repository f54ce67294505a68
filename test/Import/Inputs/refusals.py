# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports models and files that must be refused: refusals.py TALLY_TRANSLATE FOLDER. Prints status and messages of each."""
import pathlib
import subprocess
import sys

import onnx
from models import MODELS

CASES = ["unsupported", "too_new", "old_opset", "new_form", "old_form", "spatial", "old_ir", "missing", "mismatch", "cycle", "huge", "huge_initializer", "huge_expand",
         "short_data", "twice", "two_inputs", "constant_output", "mask_used", "bad_attribute", "no_inputs",
         "repeated", "schema"]


def main(tool, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"

    def show(case):
        result = subprocess.run([tool, "--import-onnx", path], capture_output=True, text=True, timeout=60, check=False)
        print(f"{case}: {result.returncode}\n{result.stderr}")

    for case in CASES:
        onnx.save(MODELS[case](), path)
        show(case)
    path.write_bytes(MODELS["conv"]().SerializeToString()[:500])
    show("truncated file")
    path.write_text("not a model\n")
    show("text file")
    path.write_bytes(b"")
    show("empty file")
    path.unlink()
    show("no file")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
