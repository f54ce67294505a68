# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks with dropout written out, as exporters do: random_masks.py NAME FILE. random_masks.py export FILE TEMPLATE compares the
template of a model with what the random masks are in the mean."""
import sys

import numpy as np
import onnx
import onnxruntime
from net import Net
from onnx import TensorProto, helper, numpy_helper

onnxruntime.set_default_logger_severity(3)


def legacy(net, x, name, shape, keep):
    """Stochastic depth as torch.onnx.export(dynamo=False) writes it."""
    zeros = net.node("Constant", f"{name}.zeros", [], value=numpy_helper.from_array(np.zeros(shape, np.float32)))
    u = net.node("RandomUniformLike", f"{name}.u", [zeros], dtype=1, high=1.0, low=0.0)
    mask = net.node("Less", f"{name}.mask", [u, net.tensor(f"{name}.keep", np.float32(keep))])
    ones = net.node("Cast", f"{name}.ones", [mask], to=1)
    scaled = net.node("Div", f"{name}.scaled", [ones, net.tensor(f"{name}.keep2", np.float32(keep))])
    return net.node("Mul", f"{name}.mul", [x, scaled])


def dynamo(net, x, name, shape, keep):
    """Dropout and stochastic depth as torch.onnx.export(dynamo=True) writes them; without a shape it is that of x."""
    zero = net.tensor(f"{name}.zero", np.float32(0))
    sizes = net.integers(f"{name}.shape", shape) if shape else net.node("Shape", f"{name}.shape", [x])
    empty = net.node("Expand", f"{name}.empty", [zero, sizes])
    as_float = net.node("Cast", f"{name}.float", [empty], to=1)
    u = net.node("RandomUniformLike", f"{name}.u", [as_float], high=1.0, low=0.0)
    p = net.node("CastLike", f"{name}.p_cast", [net.tensor(f"{name}.p", np.float64(keep), np.float64), u])
    sampled = net.node("Less", f"{name}.sampled", [u, p])
    ones = net.node("CastLike", f"{name}.bernoulli", [sampled, empty])
    scaled = net.node("Div", f"{name}.scaled", [ones, net.tensor(f"{name}.keep", np.float32(keep))])
    return net.node("Mul", f"{name}.mul", [x, scaled])


def bernoulli(net, x, name, shape, keep):
    """As Tensor.bernoulli_ is written, without the division by what is kept."""
    p = net.node("ConstantOfShape", f"{name}.p", [net.integers(f"{name}.shape", shape)],
                 value=numpy_helper.from_array(np.array([keep], np.float32)))
    return net.node("Mul", f"{name}.mul", [net.node("Bernoulli", f"{name}.ones", [p]), x])


def decomposed(net, x, name, shape, keep):
    """As PyTorch decomposes dropout: drawn like x, and scaled behind."""
    u = net.node("RandomUniformLike", f"{name}.u", [x])
    mask = net.node("Greater", f"{name}.mask", [u, net.tensor(f"{name}.drop", np.float32(1 - keep))])
    kept = net.node("Cast", f"{name}.kept", [mask], to=1)
    masked = net.node("Mul", f"{name}.masked", [kept, x])
    return net.node("Mul", f"{name}.mul", [masked, net.tensor(f"{name}.scale", np.float32(1 / keep))])


def twice(net, x, name, shape, keep):
    """One mask of the shape of x for two tensors."""
    u = net.node("RandomUniformLike", f"{name}.u", [x])
    less = net.node("Less", f"{name}.less", [u, net.tensor(f"{name}.keep", np.float32(keep))])
    mask = net.node("Cast", f"{name}.mask", [less], to=1)
    return net.node("Add", f"{name}.add", [net.node("Mul", f"{name}.mul", [x, mask]), net.node("Mul", f"{name}.mul2", [x, mask])])


def noise(net, x, name, shape, keep):
    return net.node("Add", f"{name}.noisy", [x, net.node("RandomNormalLike", f"{name}.u", [x])])


def compared_twice(net, x, name, shape, keep):
    u = net.node("RandomUniformLike", f"{name}.u", [x])
    for limit in (0.5, 0.25):
        less = net.node("Less", f"{name}.less{limit}", [u, net.tensor(f"{name}.{limit}", np.float32(limit))])
        x = net.node("Mul", f"{name}.mul{limit}", [x, net.node("Cast", f"{name}.mask{limit}", [less], to=1)])
    return x


def conditional(net, x, name, shape, keep):
    u = net.node("RandomUniformLike", f"{name}.u", [x])
    mask = net.node("Less", f"{name}.less", [u, net.tensor(f"{name}.keep", np.float32(keep))])
    return net.node("Where", f"{name}.where", [mask, x, net.tensor(f"{name}.other", np.float32(1))])


FORMS = {form.__name__: form for form in (legacy, dynamo, bernoulli, decomposed, twice, noise, compared_twice, conditional)}


def build(forms, like_x=False):
    net = Net(shape=(2, 4, 6, 6), opset=20)
    x = net.node("Conv", "conv", ["x", net.weight("conv.weight", 4, 4, 1, 1)])
    for form in forms:
        x = FORMS[form](net, x, form, None if like_x else (2, 1, 1, 1), 0.75)
    return net.build(net.head(x, 144))


def evaluate(model, x):
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]


def compare(path, template):
    """The masks of the model as numbers, by hand: ones where they are divided by what is kept, else that."""
    expected, ours = onnx.load(path), onnx.load(template)
    onnx.checker.check_model(ours, full_check=True)
    means = {"legacy.scaled": 1, "dynamo.scaled": 1, "bernoulli.ones": 0.75, "decomposed.kept": 0.75, "twice.mask": 0.75}
    kept = [node for node in expected.graph.node if node.output[0] not in means]
    del expected.graph.node[:]
    expected.graph.node.extend(kept)
    expected.graph.initializer.extend(numpy_helper.from_array(np.float32(mean), name) for name, mean in means.items())
    x = np.random.default_rng(0).standard_normal((2, 4, 6, 6)).astype(np.float32)
    left = sorted({node.op_type for node in ours.graph.node} - {"Conv", "Mul", "Add", "Flatten", "Gemm"})
    print(f"{'equal' if np.allclose(evaluate(ours, x), evaluate(expected, x), rtol=1e-6, atol=1e-6) else 'different'}, beside: {left}")


if __name__ == "__main__":
    if sys.argv[1] == "export":
        compare(*sys.argv[2:])
    else:
        name = sys.argv[1].removesuffix("-like")
        onnx.save(build(list(FORMS)[:5] if name == "all" else [name], like_x=sys.argv[1] != name), sys.argv[2])
