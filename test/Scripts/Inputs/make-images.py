# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a folder of small pictures of two classes: make-images.py FOLDER"""
import pathlib
import sys

import numpy as np
from PIL import Image

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(3)
for half, count in (("train", 3), ("test", 2)):
    for name in ("cat", "dog"):
        place = folder / half / name
        place.mkdir(parents=True)
        (place / ".hidden").write_text("no picture")
        for i in range(count):
            pixels = random.integers(0, 256, (6, 4, 3), np.uint8)
            pixels[0, 0] = (11, 22, 33) if name == "cat" else (44, 55, 66)
            Image.fromarray(pixels).save(place / f"{i}.png")
