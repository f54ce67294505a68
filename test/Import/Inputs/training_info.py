# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the step of `tally build --emit onnx` with two steps of a trainer: training_info.py FOLDER. The step is executed by ONNX's
reference evaluator, its Gradient by differences, and read by tally-translate --as-written."""
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from typed_checks import as_check, check, import_graph

BATCH, CLASSES, SHAPE = 4, 3, (2, 5, 5)
MEAN, DEVIATION = [0.4, 0.5], [0.25, 0.2]
DATA = (f"data: {{shape: {list(SHAPE)}, classes: {CLASSES}, format: npy, train_images: {2 * BATCH}, test_images: 2, "
        f"normalize: {{mean: {MEAN}, std: {DEVIATION}}}}}\nbatch_size: {BATCH}\nshuffle: false\n")
SGD = "optimizer: {name: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01}\n"
# name: (the network has BatchNormalization, steps that are compared, recipe)
CASES = {
    "momentum": (False, 2, SGD + "loss: cross_entropy\nepochs: 1\n"
                 "groups: [{kind: bias, lr_scale: 2, weight_decay: 0}, {match: conv.bias, optimizer: {name: sgd, lr: 0.3, momentum: 0.8}}]\n"),
    "adamw": (True, 2, "loss: {name: cross_entropy, label_smoothing: 0.2}\noptimizer: {name: adamw, lr: 0.01, weight_decay: 0.1, eps: 1.0e-3}\nepochs: 1\n"
              "clip: {norm: 0.05}\nbatch_norm: {keep: 0.8, eps: 1.0e-3, running_variance: sample}\n"),
    "frozen": (False, 2, SGD + "loss: cross_entropy\nprecision: f64\nepochs: 1\nclip: {norm: 0.05}\ngroups: [{kind: bias, freeze_at: 1 steps}]\n"),
    "decoupled": (True, 2, "loss: {name: cross_entropy, class_weights: [1, 0.5, 3], ignore_index: 2, reduction: sum}\nprecision: f64\nepochs: 1\n"
                  "optimizer: {name: sgd, lr: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0.1, decay: decoupled}\n"
                  "groups: [{match: conv.weight, freeze_at: 1 steps}, {kind: norm.scale, trainable: false}, {match: norm.mean, freeze_statistics: 1 steps}]\n"),
    "adam": (False, 1, "loss: mean_squared_error\noptimizer: {name: adam, lr: 0.01, weight_decay: 0.1}\nprecision: f64\nsteps: 5\n"
             "schedule: {name: cosine, warmup: 4 steps, start: 0.25}\nclip: {value: 0.002}\ngroups: [{match: conv.*, schedule: constant}]\n"),
    "plain": (False, 2, "loss: {name: binary_cross_entropy, reduction: sum}\noptimizer: {name: sgd, lr: 0.01, weight_decay: 0.5}\nprecision: f64\nepochs: 1\n"
              "groups: [{kind: conv.weight, init: kaiming_normal}, {kind: linear.weight, init: uniform_fan_in}, {match: conv.bias, init: zeros}]\n"),
}


def network(path, normalized):
    random = np.random.default_rng(1)
    shapes = {"conv.weight": (3, 2, 3, 3), "conv.bias": (3,), "head.weight": (CLASSES, 3), "head.bias": (CLASSES,)}
    if normalized:
        shapes |= {f"norm.{part}": (3,) for part in ("scale", "bias", "mean", "variance")}
    weights = {name: random.uniform(0.2, 0.8, shape).astype(np.float32) for name, shape in shapes.items()}
    nodes = [helper.make_node("Conv", ["x", "conv.weight", "conv.bias"], ["h"], pads=[1, 1, 1, 1], strides=[2, 2])]
    if normalized:
        nodes.append(helper.make_node("BatchNormalization", ["h", *(f"norm.{part}" for part in ("scale", "bias", "mean", "variance"))], ["n"], momentum=0.7))
    else:
        nodes.append(helper.make_node("MaxPool", ["h"], ["n"], kernel_shape=[2, 2]))
    nodes += [helper.make_node("Sigmoid", ["n"], ["a"]), helper.make_node("GlobalAveragePool", ["a"], ["p"]),
              helper.make_node("Flatten", ["p"], ["f"]), helper.make_node("Gemm", ["f", "head.weight", "head.bias"], ["y"], transB=1)]
    graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, (BATCH, *SHAPE))],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, (BATCH, CLASSES))],
                              [numpy_helper.from_array(values, name) for name, values in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    helper.set_model_props(model, {"origin": "test"})
    onnx.save(model, path)


def data(folder):
    """Batches as the trainer sees them."""
    folder.mkdir()
    random = np.random.default_rng(2)
    images, labels = random.integers(0, 256, (2 * BATCH, *SHAPE), np.uint8), np.arange(2 * BATCH) % CLASSES
    for half, number in (("train", 2 * BATCH), ("test", 2)):
        np.save(folder / f"{half}_images.npy", images[:number])
        np.save(folder / f"{half}_labels.npy", labels[:number])
    normalized = (images / 255 - np.reshape(MEAN, (2, 1, 1))) / np.reshape(DEVIATION, (2, 1, 1))
    return [(normalized[at:at + BATCH], labels[at:at + BATCH].astype(np.int64)) for at in (0, BATCH)]


def initializers(graph):
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def combine(model):
    """The graph that ONNX says to execute."""
    combined, step = onnx.ModelProto(), model.training_info[0].algorithm
    combined.CopyFrom(model)
    del combined.training_info[:]
    for field in ("node", "initializer", "input", "output"):
        getattr(combined.graph, field).extend(getattr(step, field))
    checker.check_model(combined)
    return combined


def evaluate(model, nodes, inputs, outputs):
    graph = helper.make_graph(nodes, "part", [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(values.dtype), values.shape)
                                              for name, values in inputs.items()],
                              [helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None) for name in outputs])
    part = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    return dict(zip(outputs, ReferenceEvaluator(part).run(None, inputs), strict=True))


def differences(loss, x):
    gradient, distance = np.zeros_like(x), 1e-5
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + distance
        above = loss()
        x[place] = kept - distance
        gradient[place] = (above - loss()) / (2 * distance)
        x[place] = kept
    return gradient


def execute(model, values):
    """The outputs of the combined graph; gradients are those of doubles."""
    nodes = list(model.graph.node)
    place = next(index for index, node in enumerate(nodes) if node.op_type == "Gradient")
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in nodes[place].attribute}
    assert list(nodes[place].input) == [name.decode() for name in attributes["xs"] + attributes["zs"]]
    wide = {name: array.astype(np.float64) if array.dtype.kind == "f" else array for name, array in values.items()}
    target = attributes["y"].decode()
    before = [node for node in nodes[:place] if "step.new" not in node.output]
    loss = lambda: evaluate(model, before, wide, [target])[target]  # noqa: E731
    gradients = {output: differences(loss, wide[name]).astype(values[name].dtype)
                 for name, output in zip(nodes[place].input, nodes[place].output, strict=False)}
    return evaluate(model, nodes[:place] + nodes[place + 1:], values | gradients, [output.name for output in model.graph.output])


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=300)


def compare(folder, case):
    normalized, steps, recipe = CASES[case]
    net, text, written = folder / "net.onnx", folder / "recipe.yaml", folder / "step.onnx"
    folder.mkdir(parents=True)
    network(net, normalized)
    text.write_text(recipe + DATA, encoding="utf-8")
    batches = data(folder / "data")
    run("tally", "build", net, "--recipe", text, "-O0", "-o", folder / "trainer")
    trained = []
    for number in range(steps + 1):
        exported = folder / f"{number}.onnx"
        run(folder / "trainer", "--data", folder / "data", "--max-steps", number, "--export", exported)
        trained.append(initializers(onnx.load(exported).graph))
    run("tally", "build", net, "--recipe", text, "--emit", "onnx", "-o", written)
    model = onnx.load(written)
    checker.check_model(model, full_check=True)
    assert model.metadata_props == onnx.load(net).metadata_props
    combined, info = combine(model), model.training_info[0]
    values = initializers(combined.graph)
    drawn = [binding.key for binding in info.initialization_binding]
    if drawn:
        initial = onnx.ModelProto(graph=info.initialization, opset_import=model.opset_import, ir_version=model.ir_version)
        initial = dict(zip([output.name for output in info.initialization.output], ReferenceEvaluator(initial).run(None, {}), strict=True))
        for binding in info.initialization_binding:
            ours = initial[binding.value]
            assert ours.shape == values[binding.key].shape and ours.dtype == values[binding.key].dtype, binding.key
            node = next(node for node in info.initialization.node if binding.value in node.output)
            numbers = [f"{attribute.name} {attribute.f:.3f}" for attribute in node.attribute if attribute.type == onnx.AttributeProto.FLOAT]
            print(f"{case}: {binding.key} is {' '.join([node.op_type, *numbers])}")
            values[binding.key] = trained[0][binding.key]
    tolerance = 1e-5 if next(iter(values.values())).dtype == np.float32 else 1e-8
    floats = next(iter(values.values())).dtype
    functions = []
    for number in range(steps):
        images, labels = batches[number]
        outputs = execute(combined, values | {"x": images.astype(floats), "labels": labels})
        if number == 0 and not drawn:
            functions.append(as_check("step", import_graph(written, "--as-written"), [images.astype(floats), labels], outputs.values(), 1e-5))
        for binding in info.update_binding:
            values[binding.key] = outputs[binding.value]
        distance = max(np.abs(values[name] - array).max() for name, array in trained[number + 1].items())
        moved = min(np.abs(array - trained[number][name]).max() for name, array in trained[number + 1].items())
        print(f"{case}: step {number + 1} of the trainer: {'equal' if distance < tolerance else f'differs by {distance}'}"
              f"{'' if moved else ', something stays'}")
    print(f"{case}: {int(values['step'])} steps, {len(info.update_binding)} updates, {len(trained[0])} tensors")
    if functions:
        check(folder / "checks.mlir", functions)


if __name__ == "__main__":
    for CASE in CASES:
        compare(pathlib.Path(sys.argv[1]) / CASE, CASE)
