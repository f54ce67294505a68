# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Includes point one way: Interfaces/Support <- dialects <- lib <- tools; runtime includes none of them. A tree without any include
is not what was meant. Usage: check_includes.py ROOT"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')
LOW = ("tally/Interfaces/", "tally/Support/")
# folder: what it must not include
FORBIDDEN = {
    "include/tally/Interfaces": lambda name: name.startswith("dialects/") or (name.startswith("tally/") and not name.startswith(LOW)),
    "include/tally/Support": lambda name: name.startswith("dialects/") or (name.startswith("tally/") and not name.startswith(LOW)),
    "dialects": lambda name: (name.startswith("tally/") and not name.startswith(LOW)) or "Linalg" in name or name.startswith("mlir/Conversion"),
    "dialects/Nn": lambda name: name.startswith("dialects/Train"),
    "lib": lambda name: name.startswith("tools/"),
    "runtime": lambda name: name.startswith(("mlir/", "llvm/", "tally/", "dialects/", "google/")),
}
PROTOBUF = re.compile(r"google/protobuf|onnx.*\.pb\.h")


def main():
    root = pathlib.Path(sys.argv[1])
    failed, number_checked = False, 0
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.suffix not in (".h", ".cpp", ".td", ".def") or relative.startswith("build"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match = INCLUDE.match(line)
            if not match:
                continue
            number_checked += 1
            name = match.group(1)
            wrong = any(relative.startswith(folder + "/") and rule(name) for folder, rule in FORBIDDEN.items())
            if PROTOBUF.search(name) and not relative.startswith("lib/Import/Onnx/OnnxModel"):
                wrong = True
            if wrong:
                print(f"{relative}:{number}: must not include {name}")
                failed = True
    print(f"{number_checked} includes")
    sys.exit(failed or number_checked == 0)


main()
