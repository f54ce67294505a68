# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports a model with external data in many wrong places: external.py TALLY_TRANSLATE FOLDER. Prints one line a case."""
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper

VALUES = np.arange(12, dtype=np.float32)


def write(folder, location, offset="0", length="48"):
    """A model whose matrix lies at `location`."""
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4, 3], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, "offset": offset, "length": length}.items():
        if value is not None:
            weight.external_data.add(key=key, value=value)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 3])
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"], name="product")], "net", [x], [y], [weight])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), folder / "model.onnx")


def main(tool, folder):
    outside = folder / "outside.bin"
    inside = folder / "model"
    shutil.rmtree(folder, ignore_errors=True)
    (inside / "sub").mkdir(parents=True)
    outside.write_bytes(VALUES.tobytes())
    (inside / "data.bin").write_bytes(b"head" + VALUES.tobytes())
    (inside / "sub" / "data.bin").write_bytes(VALUES.tobytes())
    (inside / "link.bin").symlink_to("data.bin")
    (inside / "sublink").symlink_to("sub")
    (inside / "twin.bin").write_bytes(VALUES.tobytes())
    os.link(inside / "twin.bin", folder / "twin.bin")
    os.mkfifo(inside / "pipe")
    cases = {
        "beside": ("data.bin", "4", "48"),
        "without length": ("data.bin", "4", None),
        "in a folder": ("sub/data.bin",),
        "parent": ("../outside.bin",),
        "hidden parent": ("sub/../../outside.bin",),
        "absolute": (str(outside.resolve()),),
        "link": ("link.bin",),
        "linked folder": ("sublink/data.bin",),
        "hard link": ("twin.bin",),
        "pipe": ("pipe",),
        "folder": ("sub",),
        "nowhere": ("nowhere.bin",),
        "empty name": ("",),
        "beyond the end": ("data.bin", "8", "48"),
        "overflowing offset": ("data.bin", "18446744073709551612", "48"),
        "negative offset": ("data.bin", "-4", "48"),
        "short length": ("data.bin", "4", "44"),
    }
    for case, arguments in cases.items():
        write(inside, *arguments)
        result = subprocess.run([tool, "--import-onnx", inside / "model.onnx", "-o", folder / "out.mlir"], capture_output=True,
                                text=True, timeout=60, check=False)
        print(f"{case}: {result.returncode} {result.stderr.strip().replace(str(outside.resolve()), 'OUTSIDE')}")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
