# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of interrupted runs share: one run of a trainer in a folder of its own, and what it left behind."""
import json
import os
import pathlib
import shutil
import subprocess

# Fields that may differ between runs that are otherwise equal.
VARYING = ("seconds", "images_per_second", "time", "threads", "resumed")


class Run:
    """A trainer's files in `folder`, and the command that writes them."""

    def __init__(self, trainer, data, folder, *options):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.command = [trainer, "--data", data, "--progress", "none"]
        for name, file in (("log", "log.jsonl"), ("export", "trained.onnx"), ("dump-order", "order.csv"), ("checkpoint", "checkpoints")):
            self.command += [f"--{name}", str(self.folder / file)]
        self.command += options

    def start(self, *options, **environment):
        """Starts the trainer; `environment` is added to ours."""
        return subprocess.Popen([*self.command, *options], env={**os.environ, **environment}, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def finish(self, *options, status=0, **environment):
        """Runs the trainer to its end, checks its exit status and returns what it wrote to stderr."""
        process = self.start(*options, **environment)
        errors = process.communicate()[1]
        assert process.returncode == status, f"expected status {status}, got {process.returncode}: {errors}"
        return errors

    def log(self):
        """The events, without what may vary."""
        events = [json.loads(line) for line in (self.folder / "log.jsonl").read_text().splitlines()]
        return [{key: value for key, value in event.items() if key not in VARYING} for event in events]

    def steps_logged(self):
        """How many steps the log tells of, while the trainer may be writing it."""
        try:
            return (self.folder / "log.jsonl").read_text().count('{"event":"step"')
        except FileNotFoundError:  # not begun, or just being replaced
            return 0

    def outcome(self):
        """Everything that must be equal in equal runs."""
        exports = {path.name: path.read_bytes() for path in sorted(self.folder.glob("*.onnx"))}
        assert exports, "no export"
        checkpoints = {path.name: tensors(path) for path in sorted(self.folder.glob("checkpoints/*"))}
        return self.log(), (self.folder / "order.csv").read_text(), exports, checkpoints


def tensors(path):
    """The values in a checkpoint, without the seconds that its header holds."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return content[8 + length:]


def assert_equal(found, expected, what):
    """Compares two outcomes part by part."""
    for part, name in enumerate(("log", "order list", "exports", "checkpoints")):
        assert found[part] == expected[part], f"{what}: the {name} differ"
