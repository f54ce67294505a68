# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares rows of the worked example on the machine of machine.test with what a pencil says: machine_rows.py REPORT.json"""
import json
import math
import sys

machine = json.load(open(sys.argv[1], encoding="utf-8"))["machine"]
rows = {(row["phase"], row["layer"], row["op"]): row for row in machine["layers"]}
products = 2 * 4 * 32 * 32 * 27
image, weight, result = 4 * 2 * 3 * 32 * 32, 4 * 4 * 27, 4 * 2 * 4 * 32 * 32
small, large = 3e-12, 10e-12  # joules a byte: the image and the weight lie in the cache, the result does not
expected = {
    # Operations at a billion a second take longer than the bytes.
    ("forward", "conv", "conv"): (2 * products - 8192, image + weight + result, 434176e-9, "compute",
                                  2e-12 * products + 1e-12 * (products - 8192) + small * (image + weight) + large * result),
    # x and y in memory at a billion bytes a second take longer than 8,192 maxima; these count as other kinds of operation.
    ("forward", "relu", "relu"): (8192, 2 * result, 65536e-9, "memory", 0.5e-12 * 8192 + large * 2 * result),
    # Moved without an operation: read and written, in the cache. Labels and pixels of two records, two of each image.
    ("data", "image", "slice"): (0, 2 * 6144, 2 * 6144e-10, "memory", small * 2 * 6144),
}
for key, (operations, moved, seconds, bound, joules) in expected.items():
    row = rows[key]
    assert int(row["operations"]) == operations and int(row["bytes"]) == moved and row["bound"] == bound, (key, row)
    assert math.isclose(row["seconds"], seconds, rel_tol=1e-12) and math.isclose(row["joules"], joules, rel_tol=1e-12), (key, row, seconds, joules)
outside = {"evaluation", "monitoring"}
for key in "seconds", "joules":
    assert math.isclose(sum(row[key] for row in machine["layers"] if row["phase"] not in outside), machine[key], rel_tol=1e-9)
assert sum(int(row["operations"]) for row in machine["layers"] if row["phase"] not in outside) == 1044290
assert machine["peak_operations_per_second"] == {"f32": 1e9, "other": 1e9} and machine["bytes_per_second"] == 1e9
