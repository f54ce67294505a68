# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads lit's results (lit -o FILE) and prints the closing line; exits 1 when a test failed or none ran."""
import collections
import json
import pathlib
import sys

path = pathlib.Path(sys.argv[1])
tests = json.loads(path.read_text())["tests"] if path.exists() else []
codes = collections.Counter(test["code"] for test in tests)
passed = codes["PASS"] + codes["XFAIL"] + codes["FLAKYPASS"]
skipped = codes["UNSUPPORTED"] + codes["SKIPPED"] + codes["EXCLUDED"]
failed = len(tests) - passed - skipped
for test in tests:
    if test["code"] == "UNSUPPORTED":
        print(f"skipped: {test['name']}")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed > 0 or passed == 0)
