# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The cost report as Python values."""
from __future__ import annotations

import html
import json
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Optional, Sequence

from tally.program import Model, Recipe, files, run

PHASES = ("initialization", "data", "forward", "loss", "backward", "optimizer", "averaging", "selection")


@dataclass(frozen=True)
class Layer:
    """What one layer costs in one phase, over the whole run."""

    name: str
    op: str
    phase: str
    operations: int
    parameters: int


@dataclass(frozen=True)
class Memory:
    """Bytes of the compiled trainer; the data set comes to it."""

    peak: int
    parameters: int
    state: int
    activations: int
    scratch_per_thread: int


@dataclass(frozen=True)
class CostReport:
    """complexity = parameters + operations of the whole training run (HAET 2021); `json` is the whole report of `tally cost --format json`."""

    complexity: int
    parameters: int
    operations: int
    operations_by_phase: Dict[str, int]
    evaluation: int
    steps: int
    layers: List[Layer]
    memory: Optional[Memory]
    verified: bool
    json: Dict[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, report: Dict[str, Any]) -> "CostReport":
        operations, memory = report["operations"], report["memory"]
        return cls(
            complexity=int(report["complexity"]),
            parameters=int(report["parameters"]["total"]),
            operations=int(operations["total"]),
            operations_by_phase={phase: int(operations[phase]) for phase in PHASES},
            evaluation=int(report["evaluation"]),
            steps=int(report["steps"]),
            layers=[Layer(row["name"], row["op"], row["phase"], int(row["operations"]), int(row["parameters"])) for row in report["layers"]],
            memory=memory and Memory(
                peak=int(memory["peak_bytes"]),
                parameters=int(memory["parameters_bytes"]),
                state=int(memory["state_bytes"]),
                activations=int(memory["activations_bytes"]),
                scratch_per_thread=int(memory["scratch_bytes_per_thread"]),
            ),
            verified=report["verified"] is not None,
            json=report,
        )

    def most_expensive(self, number: int = 5) -> List[Layer]:
        """Layers by their operations of all phases but evaluation and monitoring, the most expensive first (op and phase: of the first row)."""
        totals: Dict[str, Layer] = {}
        for row in self.layers:
            if row.phase in ("evaluation", "monitoring"):
                continue
            known = totals.get(row.name)
            totals[row.name] = row if known is None else replace(
                known, operations=known.operations + row.operations, parameters=max(known.parameters, row.parameters))
        return sorted(totals.values(), key=lambda row: -row.operations)[:number]

    def __str__(self) -> str:
        lines = [f"complexity {self.complexity:,} = {self.parameters:,} parameters + {self.operations:,} operations in {self.steps:,} steps"]
        lines += [f"  {phase:14} {count:>28,} {count / max(self.operations, 1):8.2%}" for phase, count in self.operations_by_phase.items() if count]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        def row(*cells: str) -> str:
            return "<tr>" + "".join(f"<td style='text-align:{'right' if i else 'left'}'>{cell}</td>" for i, cell in enumerate(cells)) + "</tr>"

        rows = [row("<b>complexity</b>", f"<b>{self.complexity:,}</b>", ""), row("parameters", f"{self.parameters:,}", ""),
                row("operations", f"{self.operations:,}", "")]
        rows += [row(phase, f"{count:,}", f"{count / max(self.operations, 1):.2%}") for phase, count in self.operations_by_phase.items() if count]
        rows += [row(html.escape(layer.name), f"{layer.operations:,}", f"{layer.operations / max(self.operations, 1):.2%}")
                 for layer in self.most_expensive()]
        return "<table>" + "".join(rows) + "</table>"


def cost(model: Model, recipe: Recipe, *, input_shape: Optional[Sequence[int]] = None, verify: bool = False, memory: bool = True) -> CostReport:
    """What training `model` as `recipe` says costs. `verify` counts again from the loops after every pass."""
    with files(model, recipe, input_shape) as (model_path, recipe_path):
        assert recipe_path is not None
        options = ["--verify"] * verify + ["--no-memory"] * (not memory)
        return CostReport.from_json(json.loads(run(["cost", model_path, "--recipe", recipe_path, "--format", "json", *options])))
