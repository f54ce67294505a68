# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the memory of a report with that of the trainer: memory.py TRAINER REPORT.json FOLDER (for data, which it makes)"""
import json
import os
import pathlib
import random
import re
import resource
import sys

trainer, report, folder = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), pathlib.Path(sys.argv[3])
memory = report["memory"]
content = pathlib.Path(trainer).read_bytes()
manifest, _ = json.JSONDecoder().raw_decode(content[content.index(b'{"arena_bytes":'):].decode("utf-8", "replace"))

peak = int(memory["peak_bytes"])
assert manifest["arena_bytes"] == peak == sum(int(tensor["bytes"]) for tensor in memory["at_peak"])
assert {part["name"]: int(part["bytes"]) for part in memory["bodies"]}[memory["body"]] == peak == max(int(part["bytes"]) for part in memory["bodies"])
# What the plan wastes is named; without it the peak is the most that any kernel sees.
gaps = sum(int(tensor["bytes"]) for tensor in memory["at_peak"] if tensor["name"] == "gaps between tensors")
assert max(int(moment["bytes"]) for moment in memory["timeline"]) + gaps == peak
names = {tensor["name"] for tensor in memory["at_peak"]}
assert {variable["name"] for variable in manifest["variables"]} <= names
calls = [call["kernel"] for call in manifest["calls"] if call["function"] == memory["body"]]
calls = [call for call in calls if not re.search(r"\.s[1-9]$", call)]  # later a kernel of several stages becomes several
assert len(calls) == len([moment for moment in memory["timeline"] if moment["op"].startswith("tally.")]), (calls, memory["timeline"])

# The process: the data set is random pixels.
generator = random.Random(1)
images, tests = manifest["data"]["train_images"], manifest["data"]["test_images"]
(folder / "cifar-10-batches-bin").mkdir(parents=True)
for name, count in [(f"data_batch_{number}", images // 5) for number in range(1, 6)] + [("test_batch", tests)]:
    records = b"".join(bytes([generator.randrange(10)]) + generator.randbytes(3072) for _ in range(count))
    (folder / "cifar-10-batches-bin" / f"{name}.bin").write_bytes(records)
for threads in 1, 2:
    process = os.posix_spawn(trainer, [trainer, "--data", str(folder), "--progress", "none", "--threads", str(threads)], os.environ)
    _, status, usage = os.wait4(process, 0)
    assert status == 0, status
    explained = sum(int(part["bytes"]) for part in memory["resident"]) + (threads - 1) * int(memory["scratch_bytes_per_thread"])
    measured = usage.ru_maxrss * 1024
    # The figure of a child is never below what its parent had when it was made.
    assert measured > 1.5 * 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{threads} threads: {measured} bytes resident, {explained} explained, {100 * (measured / explained - 1):+.2f} %")
    assert abs(measured - explained) <= 0.05 * measured
