# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lets each system call of saving a checkpoint fail, or be the last one of the process; a complete checkpoint must remain
and lead to the same result. save-failures.py TRAINER DATA FOLDER LIBRARY"""
import errno
import pathlib
import resource
import sys
import time

import runs

trainer, data, folder, library = sys.argv[1:]
reference = runs.Run(trainer, data, f"{folder}/reference", "--checkpoint-every", "10")
reference.finish()
expected = reference.outcome()


def attempt(call, how, statuses):
    """One run with a failure, and its resumption; how many calls the failing run made."""
    run = runs.Run(trainer, data, f"{folder}/run", "--checkpoint-every", "10")
    count = run.folder / "count"
    process = run.start(LD_PRELOAD=library, TALLY_FAIL_CALL=str(call), TALLY_FAIL_HOW=how, TALLY_FAIL_COUNT=str(count))
    errors = process.communicate()[1]
    assert process.returncode in statuses, f"call {call}, {how}: status {process.returncode}: {errors}"
    if process.returncode == 3:
        assert "checkpoint" in errors, errors
    if how != "kill":
        left = [path.name for path in (run.folder / "checkpoints").iterdir()]
        assert left == ["checkpoint.seed1.safetensors"], left
    run.finish("--resume")
    runs.assert_equal(run.outcome(), expected, f"call {call}, {how}")
    return int(count.read_text()) if count.exists() else None


total = attempt(0, "none", (0,))
per_save = total // 2
assert per_save >= 20, total
# Writes of the many variables are all alike: the first two, and the last.
interesting = [*range(1, 5), *range(per_save - 6, per_save + 1)]
for call in interesting:
    attempt(call, "kill", (137,))
    attempt(call, f"once:{errno.EINTR}", (0,))
    for error in (errno.ENOSPC, errno.EIO):
        # After the folder is synchronised, nothing depends on how its descriptor closes.
        attempt(call, str(error), (3,) if call < per_save else (0,))
attempt(0, "short", (0,))

# The disk is full (the file size limit, as the kernel reports it) from some moment on.
run = runs.Run(trainer, data, f"{folder}/run", "--checkpoint-every", "1")
checkpoint = pathlib.Path(run.folder / "checkpoints/checkpoint.seed1.safetensors")
process = run.start(TALLY_FAKE_STEP_US="20000")
while not checkpoint.exists():
    time.sleep(0.01)
resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1000, 1000))
errors = process.communicate()[1]
assert process.returncode == 3 and "File too large" in errors, (process.returncode, errors)
assert checkpoint.stat().st_size > 1000
run.finish("--resume")
runs.assert_equal(run.outcome(), expected, "full disk")
print(f"{per_save} calls a save")
