# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains three seeds with targets around what they reach and compares the verdicts and exit statuses with the rule.
check-verdict.py mean|each LOG TRAINER DATA"""
import json
import os
import statistics
import subprocess
import sys

of, log, trainer, data = sys.argv[1:]


def train(target):
    patch = {"target": {"accuracy": target, "view": "mirror", "of": of}}
    status = subprocess.run([trainer, "--data", data, "--seeds", "1..3", "--overwrite", "--log", log, "--progress", "none"], check=False,
                            stdout=subprocess.DEVNULL, env={**os.environ, "TALLY_FAKE_PATCH": json.dumps(patch)}).returncode
    events = [json.loads(line) for line in open(log, encoding="utf-8")]
    return status, [event["accuracy"] for event in events if event["event"] == "end"], events[-1]["passed"]


accuracies = train(0)[1]
assert min(accuracies) < max(accuracies), accuracies
for target in (0, min(accuracies), min(accuracies) + 1e-6, statistics.mean(accuracies) - 1e-6, statistics.mean(accuracies) + 1e-6, 1):
    expected = min(accuracies) >= target if of == "each" else statistics.mean(accuracies) >= target
    status, _, passed = train(target)
    assert passed is expected and status == (0 if expected else 1), (target, accuracies, status, passed)
