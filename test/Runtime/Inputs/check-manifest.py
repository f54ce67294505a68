# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the keys of a trainer's manifest with the table in runtime/README.md: check-manifest.py TRAINER README
In the table, a key followed by ? may be missing, and a row that says "or null" or "or missing", too."""
import json
import pathlib
import re
import sys

content = pathlib.Path(sys.argv[1]).read_bytes()
start = content.index(b'{"arena_bytes":')
manifest, _ = json.JSONDecoder().raw_decode(content[start:].decode("utf-8", "replace"))
section = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").split("## The manifest", 1)[1]
assert f'"schema": "{manifest.pop("schema")}"' in section, "another schema"
rows = {}
for line in section.split("\n\n", 1)[0].splitlines():
    if line.startswith("| `"):
        _, names, meaning, _ = line.split("|")
        rows |= {name: meaning.strip() for name in re.findall(r"`(\w+)`", names)}
assert len(rows) > 20, rows
wrong = []


def compare(place, found, known):
    """`known` is [(name, "?" or nothing)]."""
    wrong.extend(f"{place}{name}: not documented" for name in found.keys() - dict(known).keys())
    wrong.extend(f"{place}{name}: not in the manifest" for name, missing in known if not missing and name not in found)


compare("", manifest, [(name, re.search("or (null|missing)", meaning)) for name, meaning in rows.items()])
for name, meaning in rows.items():
    # The members of an object, or of each object of a list: what the outermost braces name.
    members = re.match(r"\[?\{(`.*?)\}", re.sub(r"(?<!^)\[\{[^}]*\}\]", "", meaning))
    if members and manifest.get(name):
        value = manifest[name]
        for entry in value if isinstance(value, list) else [value]:
            compare(f"{name}.", entry, re.findall(r"`(\w+)`(\??)", members.group(1)))
print("\n".join(sorted(set(wrong))) or f"{len(rows)} keys agree")
sys.exit(bool(wrong))
