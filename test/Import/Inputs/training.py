# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares training ops with NumPy: training.py FOLDER PART. `losses` prints functions whose gradients tally-check-op compares with
differences; `values` computes Gradient nodes, optimizers and training forms;
`info` a step of training_info, of the model that it leaves in FOLDER."""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from typed_checks import as_check, check, import_graph

TRAINING = "ai.onnx.preview.training"
TYPES = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE, "int64": TensorProto.INT64, "bool": TensorProto.BOOL}


def save(path, nodes, inputs, outputs, initializers=(), opset=22):
    """`inputs` are arrays by name, `outputs` names of floats."""
    infos = [helper.make_tensor_value_info(name, TYPES[values.dtype.name], values.shape) for name, values in inputs.items()]
    graph = helper.make_graph(nodes, "net", infos, [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
                              [numpy_helper.from_array(values, name) for name, values in dict(initializers).items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid(TRAINING, 1)], ir_version=10)
    onnx.save(model, path)
    return model


def node(op, inputs, outputs, **attributes):
    domain = TRAINING if op in ("Gradient", "Adam", "Adagrad", "Momentum") else ""
    return helper.make_node(op, inputs.split(), outputs.split(), name=f"{op}_{outputs.replace(' ', '_')}", domain=domain, **attributes)


def loss_gradients(folder):
    """Functions of scores and class weights; labels are constants, some of them out of range where they are ignored."""
    labels = np.array([[0, 4], [2, 9], [4, 1]])
    scores, weights = np.zeros((3, 5, 2), np.float32), np.zeros(5, np.float32)
    for op in ("SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss"):
        for reduction in ("none", "sum", "mean"):
            for weighted in (False, True):
                inputs = {"x": scores, **({"w": weights} if weighted else {})}
                loss = node(op, "x t w" if weighted else "x t", "y", reduction=reduction, ignore_index=9)
                save(folder / "model.onnx", [loss], inputs, ["y"], {"t": labels})
                module = import_graph(folder / "model.onnx")
                body = module[module.index("func.func @main"):module.rindex("}")].replace("f32", "f64")
                head, rest = body.split("\n", 1)
                head = head.split(" attributes ")[0].removesuffix(" {").replace("@main", f"@{op}_{reduction}{'_weighted' * weighted}")
                # Weights are positive, and a mean divides by their sum.
                print(f"{head} attributes {{check_gradient = {{low = 0.5, high = 2.0}}}} {{\n{rest}")


def gradients():
    """(nodes, inputs, expected outputs by name, initializers) of Gradient nodes."""
    random = np.random.default_rng(1)
    x, w, z, h = (random.standard_normal(shape).astype(np.float32) for shape in ((3, 4), (4, 5), (5, 2), (3, 5)))
    ones = np.ones((3, 2), np.float32)
    linear = [node("MatMul", "x w", "h"), node("Tanh", "h", "t"), node("MatMul", "t z", "y")]
    slope = 1 - np.tanh(x @ w) ** 2
    at_h = 1 - np.tanh(h) ** 2
    yield ([*linear, node("Gradient", "w z x", "dw dz", xs=["w", "z"], zs=["x"], y="y")], {"x": x, "w": w, "z": z},
           {"dw": x.T @ (ones @ z.T * slope), "dz": np.tanh(x @ w).T @ ones}, {})
    yield ([*linear, node("Gradient", "h z", "dh dz", xs=["h", "z"], y="y")], {"x": x, "w": w, "z": z},
           {"dh": ones @ z.T * slope, "dz": np.tanh(x @ w).T @ ones}, {})
    # At another value than that of the graph.
    yield ([*linear, node("Gradient", "other z", "dh", xs=["h", "z"], y="y")], {"x": x, "w": w, "z": z, "other": h},
           {"y": np.tanh(x @ w) @ z, "dh": ones @ z.T * at_h}, {})
    # Of initializers: one of which each use is a tensor of its own here, and one of a single element.
    half, two = np.full(4, 0.5, np.float32), np.array([2.0], np.float32)
    twice = [node("Mul", "x half", "a"), node("Add", "a half", "b"), node("Mul", "b two", "c"),
             node("Gradient", "half two", "dhalf dtwo", xs=["half", "two"], y="c")]
    yield (twice, {"x": x}, {"dhalf": (2 * (x + 1)).sum(0), "dtwo": (x * 0.5 + 0.5).sum().reshape(1)}, {"half": half, "two": two})
    # A gradient of a gradient.
    yield ([node("Mul", "x x", "square"), node("Mul", "square x", "cube"), node("Gradient", "x", "dx", xs=["x"], y="cube"),
            node("Gradient", "x", "ddx", xs=["x"], y="dx")], {"x": x}, {"dx": 3 * x * x, "ddx": 6 * x}, {})


def steps():
    """Optimizers in the first step and a later one, with all attributes."""
    random = np.random.default_rng(2)
    x, g, v, h = (random.uniform(0.5, 1.5, (2, 3)).astype(np.float32) for _ in range(4))
    extra = {"norm_coefficient": 0.1}
    for rate, count in ((0.1, 0), (0.1, 3)):
        inputs = {"r": np.array(rate, np.float32), "k": np.array(count), "x": x, "g": g, "v": v}
        for mode in ("standard", "nesterov"):
            yield [node("Momentum", "r k x g v", "x1 v1", mode=mode, alpha=0.9, beta=0.7, **extra)], inputs, ["x1", "v1"]
        yield [node("Adagrad", "r k x g v", "x1 v1", decay_factor=0.2, epsilon=1e-3, **extra)], inputs, ["x1", "v1"]
        yield ([node("Adam", "r k x g v h", "x1 v1 h1", alpha=0.8, beta=0.9, epsilon=1e-3, norm_coefficient_post=0.05, **extra)],
               {**inputs, "h": h}, ["x1", "v1", "h1"])


def batch_norm(momentum, outputs):
    """BatchNormalization in training, and what it computes."""
    random = np.random.default_rng(3)
    x = random.standard_normal((4, 3, 2, 5)).astype(np.float32)
    scale, bias, mean, variance = (random.uniform(0.5, 1.5, 3).astype(np.float32) for _ in range(4))
    inputs = {"x": x, "scale": scale, "bias": bias, "mean": mean, "variance": variance}
    new_mean, new_variance = x.mean((0, 2, 3)), x.var((0, 2, 3))
    column = (1, 3, 1, 1)
    y = (x - new_mean.reshape(column)) / np.sqrt(new_variance.reshape(column) + 1e-5) * scale.reshape(column) + bias.reshape(column)
    expected = [y, mean * momentum + new_mean * (1 - momentum), variance * momentum + new_variance * (1 - momentum), new_mean, new_variance]
    return inputs, expected[:outputs]


def values(folder):
    path, functions = folder / "model.onnx", []

    def add(inputs, expected):
        functions.append(as_check(f"case{len(functions)}", import_graph(path, "--as-written"), inputs.values(), expected))

    for nodes, inputs, expected, initializers in gradients():
        save(path, nodes, inputs, expected, initializers)
        add(inputs, expected.values())
    x = np.random.default_rng(4).uniform(0.1, 0.9, (6, 5)).astype(np.float32)
    written = [*steps(),
               ([node("Dropout", "x r t", "y", seed=7)], {"x": x, "r": np.array(0.3, np.float32), "t": np.array(True)}, ["y"]),
               ([node("Dropout", "x r t", "y", seed=7)], {"x": x, "r": np.array(0.3, np.float32), "t": np.array(False)}, ["y"]),
               ([node("RandomUniformLike", "x", "y", seed=3.0, low=-2.0, high=1.0)], {"x": x}, ["y"]),
               ([node("RandomNormalLike", "x", "y", seed=5.0, mean=1.0, scale=0.5)], {"x": x}, ["y"]),
               ([node("RandomUniform", "", "u", seed=3.0, shape=[6, 1]), node("Mul", "u x", "y")], {"x": x}, ["y"]),
               ([node("RandomNormal", "", "u", seed=3.0, shape=[5]), node("Mul", "u x", "y")], {"x": x}, ["y"])]
    for nodes, inputs, outputs in written:
        model = save(path, nodes, inputs, outputs)
        add(inputs, [values.astype(np.float32) for values in ReferenceEvaluator(model).run(None, inputs)])
    # The reference draws a binomial number; here it is 1 where a uniform one is below the probability.
    save(path, [node("Bernoulli", "x", "y", seed=11.0)], {"x": x}, ["y"])
    add({"x": x}, [(np.random.RandomState(11).uniform(size=x.shape) < x).astype(np.float32)])
    save(path, [node("Log", "x", "l"), node("Multinomial", "l", "m", seed=2.0, sample_size=4), node("Cast", "m", "y", to=1)], {"x": x}, ["y"])
    shares, uniform = np.cumsum(x / x.sum(1, keepdims=True), 1), np.random.RandomState(2).uniform(size=(6, 4, 1))
    add({"x": x}, [(uniform >= shares[:, None, :-1]).sum(2).astype(np.float32)])
    for opset, outputs in ((7, 5), (9, 5), (14, 3), (15, 3)):
        inputs, expected = batch_norm(0.7, outputs)
        names = " ".join(f"y{number}" for number in range(outputs))
        training = {"training_mode": 1} if opset >= 14 else {}
        norm = node("BatchNormalization", "x scale bias mean variance", names, momentum=0.7, **training)
        save(path, [norm], inputs, names.split(), opset=opset)
        add(inputs, expected)
    return check(folder / "checks.mlir", functions)


def training_info(folder):
    """A classifier whose file says how to train it: cross entropy, and Momentum for its weight, step by step."""
    random = np.random.default_rng(6)
    x, t, step, v = random.standard_normal((4, 3)).astype(np.float32), np.array([0, 1, 1, 0]), np.array(0), np.zeros((3, 2), np.float32)
    w, rate = random.standard_normal((3, 2)).astype(np.float32), np.array(0.5, np.float32)
    model = save(folder / "info.onnx", [node("MatMul", "x w", "y")], {"x": x}, ["y"], {"w": w})
    nodes = [node("SoftmaxCrossEntropyLoss", "y t", "loss"), node("Gradient", "w x", "dw", xs=["w"], zs=["x"], y="loss"),
             node("Momentum", "rate step w dw v", "w1 v1", mode="standard", alpha=0.9, beta=0.8, norm_coefficient=0.0),
             node("Add", "step one", "step1")]
    info = model.training_info.add()
    info.algorithm.CopyFrom(helper.make_graph(
        nodes, "step", [helper.make_tensor_value_info("t", TensorProto.INT64, t.shape)],
        [helper.make_tensor_value_info(name, TensorProto.INT64 if name == "step1" else TensorProto.FLOAT, None)
         for name in ("loss", "w1", "v1", "step1")],
        [numpy_helper.from_array(values, name) for name, values in (("rate", rate), ("step", step), ("v", v), ("one", np.array(1)))]))
    for key, value in (("w", "w1"), ("v", "v1"), ("step", "step1")):
        info.update_binding.add(key=key, value=value)
    info.initialization.CopyFrom(helper.make_graph([helper.make_node("RandomNormal", [], ["w0"], shape=[3, 2])], "initial", [], []))
    info.initialization_binding.add(key="w", value="w0")
    onnx.save(model, folder / "info.onnx")
    y = x @ w
    p = np.exp(y) / np.exp(y).sum(1, keepdims=True)
    dw = x.T @ (p - np.eye(2)[t]) / 4
    expected = [y, -np.log(p[range(4), t]).mean(), w - 0.5 * dw, dw, np.array(1)]
    expected = [values.astype(np.float32) if values.dtype.kind == "f" else values for values in map(np.asarray, expected)]
    return check(folder / "checks.mlir", [as_check("step", import_graph(folder / "info.onnx", "--as-written"), [x, t], expected)])


if __name__ == "__main__":
    FOLDER = pathlib.Path(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    sys.exit({"losses": loss_gradients, "values": values, "info": training_info}[sys.argv[2]](FOLDER))
