# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Uses the package as a user does: use.py MODEL DATA FOLDER."""
import pathlib
import sys

import tally

model, data, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
recipe = {"loss": {"name": "cross_entropy"}, "optimizer": {"name": "sgd", "lr": 0.05}, "epochs": 1, "batch_size": 20, "drop_last": True,
          "data": {"name": "cifar10", "train_images": 100, "test_images": 40}}

report = tally.cost(model, recipe)
print(report)
assert report.complexity == report.parameters + report.operations
assert report.operations == sum(report.operations_by_phase.values()) == sum(
    layer.operations for layer in report.layers if layer.phase not in ("evaluation", "monitoring"))
assert report.memory.peak > report.memory.parameters > 0 and not report.verified
assert tally.cost(model, recipe, memory=False).memory is None
assert tally.cost(model, recipe, verify=True).verified
assert f"{report.complexity:,}" in report._repr_html_()
print("five layers:", [layer.name for layer in report.most_expensive()])

trainer = tally.build(model, recipe, folder / "trainer")
assert trainer.stat().st_mode & 0o100
result = tally.train(model, recipe, data, seeds=range(1, 3), threads=1, export=folder / "trained.onnx", progress=False)
print("seeds:", [seed.seed for seed in result.seeds], "steps:", [len(seed.losses) for seed in result.seeds])
assert 0 <= result.accuracy <= 1 and result.passed is None
assert all(seed.evaluations[-1].accuracy == seed.accuracy for seed in result.seeds)
assert (folder / "trained.seed1.onnx").exists() and "<td" in result._repr_html_()
short = tally.train(model, recipe, data, seeds=range(3, 4), max_steps=2, progress=False)
assert short.accuracy is None and len(short.seeds[0].losses) == 2

for wrong in (lambda: tally.cost(folder / "absent.onnx", recipe), lambda: tally.cost(model, {**recipe, "epoch": 1}),
              lambda: tally.train(model, recipe, folder / "absent", progress=False)):
    try:
        wrong()
        raise AssertionError("no error")
    except tally.TallyError as error:
        print("status", error.status, str(error).splitlines()[0])
