# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints functions with 3x3 convolutions and their gradients, and what NumPy computes for them."""
import numpy as np

random = np.random.default_rng(11)
# batch, channels, filters, height, width, pads
CASES = [(2, 3, 2, 8, 8, (1, 1, 1, 1)), (1, 2, 3, 5, 7, (1, 1, 1, 1)), (2, 1, 2, 9, 4, (0, 2, 1, 0)), (1, 2, 2, 3, 3, (0, 0, 0, 0)), (1, 1, 1, 4, 6, (2, 2, 2, 2))]


def constant(name, value):
    return f"  %{name} = nn.constant dense<{value.tolist()}> : {typeof(value)}"


def typeof(value):
    return f"tensor<{'x'.join(map(str, value.shape))}xf64>"


def reference(x, weight, dy, pads):
    """y, dx and dweight, tap by tap."""
    top, left, bottom, right = pads
    padded = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    height, width = dy.shape[2:]
    y, dx, dweight = np.zeros(dy.shape), np.zeros(padded.shape), np.zeros(weight.shape)
    for r in range(3):
        for s in range(3):
            part = padded[:, :, r : r + height, s : s + width]
            y += np.einsum("nchw,kc->nkhw", part, weight[:, :, r, s])
            dweight[:, :, r, s] = np.einsum("nchw,nkhw->kc", part, dy)
            dx[:, :, r : r + height, s : s + width] += np.einsum("nkhw,kc->nchw", dy, weight[:, :, r, s])
    return y, dx[:, :, top : top + x.shape[2], left : left + x.shape[3]], dweight


for number, (n, c, k, h, w, pads) in enumerate(CASES):
    x, weight = random.standard_normal((n, c, h, w)), random.standard_normal((k, c, 3, 3))
    dy = random.standard_normal((n, k, h + pads[0] + pads[2] - 2, w + pads[1] + pads[3] - 2))
    expected = dict(zip(("y", "dx", "dweight"), reference(x, weight, dy, pads)))
    types = ", ".join(typeof(value) for value in expected.values())
    print(f"func.func @case{number}() -> ({types}, {types}) attributes {{check_values = 1.0e-10}} {{")
    for name, value in {"x": x, "weight": weight, "dy": dy, **{"expected_" + name: value for name, value in expected.items()}}.items():
        print(constant(name, value))
    attributes = f"pads {list(pads)}"
    print(f"  %y = nn.conv %x, %weight {attributes} : {typeof(x)}, {typeof(weight)}")
    print(f"  %dx = nn.conv_grad_input %dy, %weight size {[h, w]} {attributes} : {typeof(dy)}, {typeof(weight)}")
    print(f"  %dweight = nn.conv_grad_weight %x, %dy kernel [3, 3] {attributes} : {typeof(x)}, {typeof(dy)}")
    print(f"  return %y, %dx, %dweight, %expected_y, %expected_dx, %expected_dweight : {types}, {types}")
    print("}")
