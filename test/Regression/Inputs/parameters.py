# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains small networks whose tensors are given in unusual forms and compares losses and trained tensors with numpy, whose gradients are
complex steps: parameters.py CASE FOLDER"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STEPS, BATCH, RATE = 3, 4, 0.1
random = np.random.default_rng(8)
values = {}


def tensor(name, *shape):
    values[name] = (random.standard_normal(shape) / 2).astype(np.float32)
    return numpy_helper.from_array(values[name], name)


def given(name, array):
    values[name] = np.asarray(array, np.float32)
    return numpy_helper.from_array(values[name], name)


def integers(name, numbers):
    return numpy_helper.from_array(np.array(numbers, np.int64), name)


def node(op, name, *inputs, **attributes):
    return helper.make_node(op, list(inputs), [name], name=name, **attributes)


def constant(name, given_tensor):
    return node("Constant", name, value=given_tensor)


def head(x, features):
    return [node("Gemm", "y", node("Flatten", "flat", x).output[0], "fc", "fb")], [tensor("fc", features, 10), tensor("fb", 10)]


def pooled():
    return [node("GlobalAveragePool", "pool", "x"), node("Flatten", "p", "pool")]


def bias_of_one():
    """A linear layer to one feature on tokens: its bias has one element."""
    nodes = [node("Reshape", "r", "x", "shape"), node("Transpose", "q", "r", perm=[0, 2, 1]), node("MatMul", "s", "q", "w"),
             node("Add", "sb", "b1", "s"), node("Tanh", "t", "sb"), node("Flatten", "flat", "t"), node("Gemm", "y", "flat", "fc", "fb")]
    tensors = [tensor("w", 48, 1), tensor("b1", 1), tensor("fc", 64, 10), tensor("fb", 10), integers("shape", [0, 48, 64])]

    def forward(x, v):
        return np.tanh((x.reshape(-1, 48, 64).transpose(0, 2, 1) @ v["w"] + v["b1"])[..., 0]) @ v["fc"] + v["fb"]

    return nodes, tensors, forward


def constant_weights():
    """Weights and a bias of zeros as Constant nodes beside an initializer; a constant of one number stays one."""
    values["zeros"] = np.zeros(5, np.float32)
    nodes = pooled() + [constant("w", tensor("other", 3, 5)), constant("zeros", numpy_helper.from_array(values["zeros"])),
                        constant("half", numpy_helper.from_array(np.float32(0.5))), node("Mul", "h", "p", "half"),
                        node("Gemm", "a", "h", "w", "zeros"), node("Tanh", "t", "a"), constant("fc", tensor("any", 5, 10)),
                        node("MatMul", "m", "t", "fc"), node("Add", "y", "m", "fb")]
    values["w"], values["fc"] = values.pop("other"), values.pop("any")

    def forward(x, v):
        return np.tanh(x.mean((2, 3)) / 2 @ v["w"] + v["zeros"]) @ v["fc"] + v["fb"]

    return nodes, [tensor("fb", 10)], forward


def tied_zero_bias():
    """A linear layer that is used twice, with a bias of zeros: in Gemm nodes, then in MatMul and Add."""
    nodes = pooled() + [node("MatMul", "l1", "p", "w"), node("Gemm", "l2", "l1", "t", "tb"), node("Tanh", "r2", "l2"),
                        node("Gemm", "l3", "r2", "t", "tb"), node("Tanh", "r3", "l3"), node("MatMul", "m4", "r3", "u"),
                        node("Add", "l4", "m4", "ub"), node("Tanh", "r4", "l4"), node("MatMul", "m5", "r4", "u"),
                        node("Add", "l5", "ub", "m5"), node("Gemm", "y", "l5", "fc", "fb")]
    tensors = [tensor("w", 3, 5), tensor("t", 5, 5), given("tb", np.zeros(5)), tensor("u", 5, 5), given("ub", np.zeros(5)),
               tensor("fc", 5, 10), tensor("fb", 10)]

    def forward(x, v):
        a = np.tanh(x.mean((2, 3)) @ v["w"] @ v["t"] + v["tb"])
        a = np.tanh(np.tanh(a @ v["t"] + v["tb"]) @ v["u"] + v["ub"])
        return (a @ v["u"] + v["ub"]) @ v["fc"] + v["fb"]

    return nodes, tensors, forward


def clip_boundary():
    """Clip at its bounds: pixels are 0 or 1, so that many sums are exactly 0 or 2."""
    nodes = [node("Add", "v", "x", "t"), node("Clip", "h", "v", "low", "high"), node("GlobalAveragePool", "pool", "h"),
             node("Flatten", "p", "pool"), node("Gemm", "y", "p", "fc", "fb")]
    shift = np.full((1, 3, 32, 32), 5.0)
    shift[..., :2, :4] = random.choice([-1.0, 0.0, 0.25, 1.0], (1, 3, 2, 4))
    tensors = [given("t", shift), tensor("fc", 3, 10), tensor("fb", 10)]
    bounds = [numpy_helper.from_array(np.float32(0), "low"), numpy_helper.from_array(np.float32(2), "high")]

    def forward(x, v):
        moved = x + v["t"]
        inside = (moved.real > 0) & (moved.real < 2)
        return np.where(inside, moved, np.clip(moved.real, 0, 2)).mean((2, 3)) @ v["fc"] + v["fb"]

    return nodes, tensors + bounds, forward


def trainable_number():
    """Two numbers outside of weight, scale and bias slots that the recipe asks to train, of rank 0 and 1, and one that it does not."""
    nodes = pooled() + [node("Gemm", "a", "p", "w", "b"), node("Tanh", "t", "a"), node("Mul", "g", "t", "gain"),
                        node("MatMul", "m", "g", "fc"), node("Mul", "h", "m", "logit_scale"), node("Mul", "y", "h", "fixed")]
    tensors = [tensor("w", 3, 5), tensor("b", 5), given("gain", 0.5), tensor("fc", 5, 10), given("logit_scale", [1.5]),
               numpy_helper.from_array(np.float32(2), "fixed")]

    def forward(x, v):
        return np.tanh(x.mean((2, 3)) @ v["w"] + v["b"]) * v["gain"] @ v["fc"] * v["logit_scale"] * 2

    return nodes, tensors, forward


def loss(logits, labels):
    shifted = logits - logits.real.max(1, keepdims=True)
    return (np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(labels)), labels]).mean()


def train(forward, images, labels):
    """The losses of the steps; `values` become the trained ones. A gradient is the imaginary part of a complex step."""
    trained = {name: value.astype(np.float64) for name, value in values.items()}
    losses = []
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        value = lambda v: loss(forward(images[rows], v), labels[rows])
        losses.append(value(trained).real)
        gradients = {name: np.zeros_like(tensor) for name, tensor in trained.items()}
        for name, tensor in trained.items():
            moved = {**trained, name: tensor.astype(np.complex128)}
            for index in np.ndindex(tensor.shape):
                if name == "t" and tensor.shape[1] == 3 and (index[2] > 1 or index[3] > 3):
                    continue
                moved[name][index] += 1e-30j
                gradients[name][index] = value(moved).imag * 1e30
                moved[name][index] = tensor[index]
        trained = {name: np.asarray(tensor - RATE * gradients[name]) for name, tensor in trained.items()}
    return losses, trained


def main(case, folder):
    folder.mkdir(parents=True)
    nodes, tensors, forward = {"bias-of-one": bias_of_one, "const-weights": constant_weights, "tied-zero-bias": tied_zero_bias,
                               "clip-boundary": clip_boundary, "trainable-number": trainable_number}[case]()
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 32, 32])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 10])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(helper.make_graph(nodes, case, [x], [y], tensors), opset_imports=opset, ir_version=8), folder / "model.onnx")
    pixels, labels = random.integers(0, 2, (20, 3072), np.uint8) * 255, random.integers(0, 10, 20)
    for file, rows in [(f"data_batch_{k + 1}", slice(4 * k, 4 * k + 4)) for k in range(5)] + [("test_batch", slice(0, 10))]:
        np.concatenate([labels[rows, None].astype(np.uint8), pixels[rows]], 1).tofile(folder / f"{file}.bin")
    recipe = {"loss": {"name": "cross_entropy"}, "optimizer": {"name": "sgd", "lr": RATE}, "steps": STEPS, "batch_size": BATCH,
              "drop_last": True, "shuffle": False, "precision": "f64",
              "data": {"name": "cifar10", "train_images": 20, "test_images": 10, "normalize": {"mean": [0, 0, 0], "std": [1, 1, 1]}}}
    if case == "trainable-number":
        recipe["groups"] = [{"match": "gain", "trainable": True}, {"match": "logit_*", "trainable": True}]
    (folder / "recipe.yaml").write_text(json.dumps(recipe))
    run = lambda *command: subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout
    inputs = [folder / "model.onnx", "--recipe", folder / "recipe.yaml"]
    run("tally", "build", *inputs, "-o", folder / "trainer", "-O0")
    run(folder / "trainer", "--data", folder, "--progress", "none", "--log", folder / "log", "--export", folder / "trained.onnx")
    report = json.loads(run("tally", "cost", *inputs, "--format", "json", "--no-memory"))
    expected, trained = train(forward, pixels.reshape(-1, 3, 32, 32) / 255.0, labels)
    events = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
    losses = [event["loss"] for event in events if event["event"] == "step"]
    assert np.allclose(losses, expected, rtol=1e-9), (losses, expected)
    exported = onnx.load(folder / "trained.onnx")
    onnx.checker.check_model(exported, full_check=True)
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in exported.graph.initializer}
    for name, tensor in trained.items():
        assert np.abs(found[name] - tensor).max() <= 1e-12, (name, found[name] - tensor)
    assert int(report["parameters"]["trained"]) == sum(tensor.size for tensor in trained.values()), report["parameters"]
    print(f"{case}: {len(losses)} losses and {len(trained)} tensors agree")


main(sys.argv[1], pathlib.Path(sys.argv[2]))
