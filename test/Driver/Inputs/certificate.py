# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What somebody may do to a certificate, its log, or its files: certificate.py FOLDER COMMAND ARGUMENTS

validate SCHEMA              checks cert.json against the schema, and that the schema refuses a key of its own and a name that leads elsewhere
set PATH VALUE               sets a member of cert.json, given as runs.0.accuracy, to a JSON value; null takes it away
swap PATH PATH               swaps two members
log EVENT SEED STEP KEY VALUE [redigest]
                             sets a key of an event of run.jsonl; redigest: the certificate has the digest of what becomes of it
byte FILE                    changes the last byte of a file"""
import copy
import hashlib
import json
import pathlib
import sys
from typing import Any

folder, command, *arguments = pathlib.Path(sys.argv[1]), *sys.argv[2:]
path = folder / "cert.json"
certificate = json.loads(path.read_text())


def find(place: str) -> tuple[Any, Any]:
    """The container of a member, and its key there."""
    *outer, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    at = certificate
    for part in outer:
        at = at[part]
    return at, last


def assign(place: str, value: Any) -> None:
    container, key = find(place)
    if value is None:
        del container[key]
    else:
        container[key] = value


def validate(schema: str) -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(pathlib.Path(schema).read_text()))
    jsonschema.Draft202012Validator.check_schema(validator.schema)
    validator.validate(certificate)
    for place, value in {"surprise": 1, "model.file": "../tiny.onnx", "logs": [], "runs.0.weights.sha256": "0", "cost.operations": 5}.items():
        kept = copy.deepcopy(certificate)
        assign(place, value)
        assert not validator.is_valid(certificate), place
        certificate.clear()
        certificate.update(kept)
    print("the certificate has the form of its schema")


def change_log(event: str, seed: str, step: str, key: str, value: str, redigest: str = "") -> None:
    log = folder / "run.jsonl"
    lines = log.read_text().splitlines()
    for number, line in enumerate(lines):
        entry = json.loads(line)
        if (entry["event"], entry.get("seed"), entry.get("step", 0)) == (event, int(seed), int(step)):
            assert key in entry and entry[key] != json.loads(value)
            entry[key] = json.loads(value)
            lines[number] = json.dumps(entry, separators=(",", ":"))
            break
    else:
        sys.exit("there is no such event")
    log.write_text("\n".join(lines) + "\n")
    if redigest:
        certificate["logs"][0]["sha256"] = hashlib.sha256(log.read_bytes()).hexdigest()


if command == "validate":
    validate(*arguments)
elif command == "set":
    assign(arguments[0], json.loads(arguments[1]))
elif command == "swap":
    (a, first), (b, second) = map(find, arguments)
    a[first], b[second] = b[second], a[first]
elif command == "log":
    change_log(*arguments)
elif command == "byte":
    content = bytearray((folder / arguments[0]).read_bytes())
    content[-1] ^= 1
    (folder / arguments[0]).write_bytes(content)
if command != "validate":
    path.write_text(json.dumps(certificate, indent=2) + "\n")
