# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every key that lib/Recipe reads has a row in docs/recipes.md, and every row is such a key. Usage: check_recipe_docs.py ROOT"""
import pathlib
import re
import sys

READ = re.compile(r'\b(?:reader|inner)\.(?:read|readInteger|readWord|find|require|refuse)\("(\w+)"|readChannels\(\w+, "(\w+)"')
REFUSED = re.compile(r"for \(StringRef word : \{([^}]*)\}")
ROW = re.compile(r"^\| `(\w+)` \|", re.M)


def main():
    root = pathlib.Path(sys.argv[1])
    keys = set()
    for path in sorted((root / "lib/Recipe").glob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        keys.update(first or second for first, second in READ.findall(text))
        for words in REFUSED.findall(text):
            keys.update(re.findall(r'"(\w+)"', words))
    rows = set(ROW.findall((root / "docs/recipes.md").read_text(encoding="utf-8")))
    problems = [f"key '{key}' has no row" for key in sorted(keys - rows)] + [f"row '{row}' is no key" for row in sorted(rows - keys)]
    print("\n".join(problems))
    print(f"{len(keys)} keys, {len(problems)} problems")
    sys.exit(not keys or bool(problems))


main()
