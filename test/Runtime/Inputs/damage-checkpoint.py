# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Damages a checkpoint in many ways and lets a trainer resume from each: damage-checkpoint.py TRAINER DATA FOLDER"""
import hashlib
import json
import pathlib
import random
import subprocess
import sys

trainer, data, folder = sys.argv[1:]
path = pathlib.Path(folder) / "checkpoint.seed1.safetensors"
good = path.read_bytes()
length = int.from_bytes(good[:8], "little")
header = json.loads(good[8 : 8 + length])
values = good[8 + length :]
assert hashlib.sha256(values).hexdigest() == header["__metadata__"]["values_sha256"]
print(f"values: the {len(values)} bytes contents match its digest")


def resume(content):
    path.write_bytes(content)
    result = subprocess.run([trainer, "--data", data, "--checkpoint", folder, "--resume", "--max-steps", "10", "--progress", "none"],
                            check=False, capture_output=True, text=True)
    if result.returncode != 0:
        assert path.read_bytes() == content, "the checkpoint changed"
    return result


def expect_refusal(what, content):
    result = resume(content)
    assert result.returncode == 3, (what, result)
    print(f"refused: {what}: {result.stderr.strip().split(': ', 2)[2]}")


def pack(text):
    return len(text).to_bytes(8, "little") + text + values


def changed(change):
    copy = json.loads(json.dumps(header))
    change(copy)
    return pack(json.dumps(copy).encode())


def run(**fields):
    def change(copy):
        copy["__metadata__"]["run"] = json.dumps({**json.loads(copy["__metadata__"]["run"]), **fields})

    return changed(change)


assert resume(changed(lambda copy: None)).returncode == 0
expect_refusal("cut off after 4 bytes", good[:4])
expect_refusal("cut off after 40 bytes", good[:40])
expect_refusal("cut off by one byte", good[:-1])
expect_refusal("one byte too many", good + b"\0")
expect_refusal("huge header", (1 << 63).to_bytes(8, "little") + good[8:])
expect_refusal("no JSON", pack(b"hello"))
expect_refusal("deeply nested JSON", pack(b"[" * 1000000))
expect_refusal("other format", changed(lambda copy: copy["__metadata__"].update(format="x")))
expect_refusal("other code", changed(lambda copy: copy["__metadata__"].update(program_sha256="another", processor="old")))
expect_refusal("other recipe", changed(lambda copy: copy["__metadata__"].update(program_sha256="another", recipe_sha256="another")))
expect_refusal("other both", changed(lambda copy: copy["__metadata__"].update(model_sha256="m", recipe_sha256="r")))
expect_refusal("other shape", changed(lambda copy: copy["weight"].update(shape=[4, 4])))
expect_refusal("variable missing", changed(lambda copy: copy.pop("weight")))
expect_refusal("step beyond the end", run(step=26))
expect_refusal("step of wrong type", run(step="3"))
expect_refusal("other step", run(step=9))
expect_refusal("flipped bit", good[:-100] + bytes([good[-100] ^ 1]) + good[-99:])
generator = random.Random(1)
tries = 100
for attempt in range(tries):
    content = bytearray(good)
    for change in range(generator.randrange(1, 4)):
        content[generator.randrange(8 + length)] = generator.randrange(256)
    result = resume(bytes(content))
    assert result.returncode in (0, 2, 3), (attempt, result)
path.write_bytes(good)
print(f"{tries} random changes survived")
