# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds trainers and runs them."""
from __future__ import annotations

import html
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

from tally.program import Model, PathLike, Recipe, TallyError, files, find_program, run


@dataclass(frozen=True)
class Evaluation:
    """One evaluation; `views` are the accuracies with each kind of test-time augmentation."""

    epoch: float
    accuracy: Optional[float]
    loss: Optional[float]
    views: Dict[str, float]


@dataclass(frozen=True)
class SeedResult:
    """The run of one seed. `losses` are those of the logged steps, before their updates."""

    seed: int
    accuracy: Optional[float]
    passed: Optional[bool]
    seconds: float
    images_per_second: Optional[float]
    losses: List[Optional[float]] = field(repr=False)
    evaluations: List[Evaluation] = field(repr=False)


@dataclass(frozen=True)
class TrainingResult:
    """All seeds of a run. `passed` is None without a target, or when a run was cut short."""

    seeds: List[SeedResult]
    accuracy: Optional[float]
    passed: Optional[bool]

    @classmethod
    def from_events(cls, events: Sequence[Dict[str, Any]]) -> "TrainingResult":
        seeds = []
        for end in (event for event in events if event["event"] == "end" and "accuracy" in event):
            own = [event for event in events if event.get("seed") == end.get("seed")]
            seeds.append(SeedResult(
                seed=end.get("seed", 0), accuracy=end["accuracy"], passed=end["passed"], seconds=end["seconds"],
                images_per_second=end["images_per_second"], losses=[event["loss"] for event in own if event["event"] == "step"],
                evaluations=[Evaluation(event["epoch"], event["accuracy"], event["loss"], event["views"]) for event in own if event["event"] == "eval"]))
        reached = [seed.accuracy for seed in seeds if seed.accuracy is not None]
        verdicts = [seed.passed for seed in seeds]
        return cls(seeds, sum(reached) / len(reached) if reached and len(reached) == len(seeds) else None,
                   None if None in verdicts or not verdicts else all(verdicts))

    def _repr_html_(self) -> str:
        def cell(value: Any) -> str:
            return f"<td style='text-align:right'>{html.escape(value if isinstance(value, str) else '–' if value is None else str(value))}</td>"

        rows = "".join("<tr>" + cell(seed.seed) + cell(None if seed.accuracy is None else f"{seed.accuracy:.2%}") + cell(f"{seed.seconds:.1f}")
                       + cell(None if seed.images_per_second is None else f"{seed.images_per_second:,.0f}") + "</tr>" for seed in self.seeds)
        return "<table><tr><th>seed</th><th>accuracy</th><th>seconds</th><th>images/s</th></tr>" + rows + "</table>"


def build(model: Model, recipe: Recipe, output: PathLike, *, input_shape: Optional[Sequence[int]] = None, march: str = "native") -> pathlib.Path:
    """Compiles a trainer: a program of its own, that takes `--data` and needs neither Tally nor Python."""
    with files(model, recipe, input_shape) as (model_path, recipe_path):
        assert recipe_path is not None
        run(["build", model_path, "--recipe", recipe_path, "--march", march, "-o", output])
    return pathlib.Path(output)


def _read_events(log: pathlib.Path, running: Callable[[], bool]) -> Iterator[Dict[str, Any]]:
    """The events of a log while it is written."""
    position, last = 0, False
    while True:
        if log.exists():
            with log.open() as file:
                file.seek(position)
                for line in iter(file.readline, ""):
                    if not line.endswith("\n"):
                        break
                    position += len(line.encode())
                    yield json.loads(line)
        if last:
            return
        last = not running()
        if not last:
            time.sleep(0.1)


class _Progress:
    """A bar of tqdm where it is installed; without, a line for each evaluation."""

    def __init__(self, shown: bool):
        self.shown, self.bar = shown, None

    def show(self, event: Dict[str, Any]) -> None:
        if not self.shown:
            return
        if event["event"] == "start":
            try:
                from tqdm.auto import tqdm

                self.bar = tqdm(total=event.get("steps"), desc=f"seed {event.get('seed')}", unit="step")
            except ImportError:
                self.bar = None
        elif event["event"] == "step" and self.bar is not None:
            self.bar.update(event["step"] - self.bar.n)
            self.bar.set_postfix(loss=event["loss"], refresh=False)
        elif event["event"] == "eval" and self.bar is None and event["accuracy"] is not None:
            print(f"seed {event.get('seed')}: epoch {event['epoch']}, accuracy {event['accuracy']:.2%}", file=sys.stderr)
        elif event["event"] == "end" and self.bar is not None:
            self.bar.close()


def train(model: Model, recipe: Recipe, data: PathLike, *, input_shape: Optional[Sequence[int]] = None, seeds: Optional[range] = None,
          threads: Optional[int] = None, max_steps: Optional[int] = None, export: Optional[PathLike] = None, checkpoint: Optional[PathLike] = None,
          resume: bool = False, log: Optional[PathLike] = None, progress: bool = True) -> TrainingResult:
    """Builds a trainer (into the cache of `tally train`), runs it on the folder `data` and returns what its log says.

    A missed target is no error (`passed` is False); wrong input, a loss that is not finite and the like are TallyErrors.
    """
    options: List[str] = ["--progress", "none"]
    if seeds is not None:
        options += ["--seeds", f"{seeds[0]}..{seeds[-1]}"]
    for name, value in (("--threads", threads), ("--max-steps", max_steps), ("--export", export), ("--checkpoint", checkpoint)):
        if value is not None:
            options += [name, os.fspath(value) if not isinstance(value, int) else str(value)]
    if resume:
        options.append("--resume")
    with files(model, recipe, input_shape) as (model_path, recipe_path), tempfile.TemporaryDirectory(prefix="tally-") as folder:
        assert recipe_path is not None
        log_path = pathlib.Path(log) if log is not None else pathlib.Path(folder) / "log.jsonl"
        arguments = [find_program(), "train", model_path, "--recipe", recipe_path, "--data", os.fspath(data), "--", *options, "--log", str(log_path)]
        with open(pathlib.Path(folder) / "messages", "w+") as messages:
            process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=messages)
            try:
                shown, events = _Progress(progress), []
                for event in _read_events(log_path, lambda: process.poll() is None):
                    events.append(event)
                    shown.show(event)
                status = process.wait()
            finally:
                if process.poll() is None:  # an interrupt: the trainer saves its checkpoint and ends
                    process.terminate()
                    process.wait()
            messages.seek(0)
            if status not in (0, 1) or not events:
                raise TallyError(messages.read().strip() or f"the trainer ended with status {status}", status)
        return TrainingResult.from_events(events)
