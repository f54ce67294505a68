# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports models of one node that must be refused: window_refusals.py TALLY_TRANSLATE FOLDER. Prints status and messages of each."""
import pathlib
import subprocess
import sys

import onnx
from cases import CASES, build, case, f32, i64, weights

CASES.clear()
LINE, IMAGE = (2, 4, 9), (2, 4, 7, 6)
case("Conv", (2, 4), "x", weights(3, 4))
case("Conv", IMAGE, "x", weights(3, 4, 3))
case("Conv", LINE, "x", weights(3, 4, 6), dilations=[2])
case("Conv", LINE, "x", weights(3, 4, 3), kernel_shape=[2])
case("Conv", LINE, "x", weights(3, 4, 3), weights(4))
case("Conv", LINE, "x", weights(3, 4, 3), strides=[1, 1])
case("ConvTranspose", IMAGE, "x", weights(3, 4, 3, 3))
case("ConvTranspose", IMAGE, "x", weights(4, 3, 1, 1), pads=[3, 0, 4, 0])
case("ConvTranspose", IMAGE, "x", weights(4, 3, 1, 1), output_padding=[1])
case("LpPool", IMAGE, kernel_shape=[2, 2], p=0)
case("MaxUnpool", LINE, "x", i64(0, 1), kernel_shape=[2])
case("Col2Im", (2, 12, 20), "x", i64(5, 6), i64(2, 3))
case("Resize", IMAGE, "x", None, f32(1, 1, 2, 2), i64(2, 4, 14, 12))
case("Resize", IMAGE, "x", None, f32(2, 2))
case("Resize", IMAGE, "x", None, f32(1, 1, 2, 2), mode="area")
case("Resize", IMAGE, "x", None, f32(1, 1, 2, 2), coordinate_transformation_mode="tf_crop_and_resize")
case("GridSample", IMAGE, "x", weights(2, 3, 5, 3))
case("GridSample", IMAGE, "x", weights(2, 3, 5, 2), mode="area")
case("RoiAlign", IMAGE, "x", f32([0, 0, 1, 1], [0, 0, 1, 1]), i64(0, 1))
case("AffineGrid", (2, 2, 3), "x", i64(3, 1, 4, 4))
case("DeformConv", IMAGE, "x", weights(3, 4, 2, 2), weights(2, 8, 5, 5))


def main(tool, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    for refused in CASES:
        onnx.save(build(refused, refused.until)[0], path)
        result = subprocess.run([tool, "--import-onnx", path], capture_output=True, text=True, timeout=60, check=False)
        print(f"{refused.op}: {result.returncode}\n{result.stderr}")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
