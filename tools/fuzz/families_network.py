# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Families with weights: convolutions, pools, normalizations, matrix products, attention."""
from builder import Unfit
from families import family


def window(g, sizes, kernel, pools=False):
    """Random strides, dilations and pads for spatial sizes."""
    rank = len(sizes)
    a = {}
    if g.chance(0.5):
        a["strides"] = [g.random.choice([1, 1, 2, 3]) for _ in range(rank)]
    if g.chance(0.25) and not pools:
        a["dilations"] = [g.random.choice([1, 2]) for _ in range(rank)]
    if g.chance(0.65):
        a["pads"] = [g.random.randint(0, k // 2 if pools else k - 1) for k in kernel] * 2
        if g.chance(0.4):
            a["pads"] = [g.random.randint(0, k // 2 if pools else k - 1) for k in [*kernel, *kernel]]
    elif g.chance(0.4):
        a["auto_pad"] = g.random.choice(["SAME_UPPER", "SAME_LOWER", "VALID"])
    return a


def images(g, ranks=(4,)):
    return g.pick(lambda name: g.rank(name) in ranks and all(size > 0 for size in g.shape(name)))


@family(6)
def convolution(g):
    x = images(g, (4, 4, 4, 3, 5) if g.chance(0.3) else (4,))
    channels, *sizes = g.shape(x)
    kernel = [g.random.choice([1, 2, 3, 3, 5]) for _ in sizes]
    groups = g.random.choice([1, 1, 1, channels, *(d for d in range(2, channels) if channels % d == 0)])
    outputs = groups * g.random.randint(1, max(1, 6 // groups))
    a = window(g, sizes, kernel)
    if groups > 1:
        a["group"] = groups
    if g.chance(0.6):
        a["kernel_shape"] = kernel
    weight = g.weight((outputs, channels // groups, *kernel), channels // groups * kernel[0] * kernel[-1])
    bias = [g.param((outputs,), slot="b")] if g.chance(0.5) else []
    y = g.tame(g.node("Conv", x, weight, *bias, **a))
    follow(g, y)


def follow(g, y):
    """What often stands behind a convolution."""
    if g.chance(0.3):
        y = norm_of(g, y)
    if g.chance(0.4):
        g.node(g.random.choice(["Relu", "Sigmoid", "LeakyRelu", "Tanh"]), y)


@family(1.5)
def transposed_convolution(g):
    x = images(g, (4, 4, 4, 3) if g.chance(0.3) else (4,))
    channels, *sizes = g.shape(x)
    kernel = [g.random.choice([1, 2, 3, 4]) for _ in sizes]
    groups = g.random.choice([1, 1, channels])
    outputs = g.random.randint(1, max(1, 4 // groups))
    a = {"strides": [g.random.choice([1, 2]) for _ in sizes]}
    if g.chance(0.3):
        a["dilations"] = [g.random.choice([1, 2]) for _ in sizes]
    if g.chance(0.5):
        a["pads"] = [g.random.randint(0, k - 1) for k in [*kernel, *kernel]]
    if g.chance(0.3):
        a["output_padding"] = [g.random.randrange(stride) for stride in a["strides"]]
    if groups > 1:
        a["group"] = groups
    weight = g.weight((channels, outputs, *kernel), channels // groups * kernel[0] * kernel[-1])
    bias = [g.param((outputs * groups,), slot="b")] if g.chance(0.5) else []
    g.tame(g.node("ConvTranspose", x, weight, *bias, **a))


@family(3)
def pool(g):
    x = images(g, (4, 4, 4, 3) if g.chance(0.2) else (4,))
    if g.chance(0.15):
        g.node(g.random.choice(["GlobalAveragePool", "GlobalMaxPool"]), x)
        return
    sizes = g.shape(x)[1:]
    kernel = [min(g.random.choice([1, 2, 2, 3]), size) for size in sizes]
    op = g.random.choice(["MaxPool", "MaxPool", "AveragePool", "AveragePool", "LpPool"])
    a = {"kernel_shape": kernel, **window(g, sizes, kernel, pools=True)}
    if op != "LpPool" and g.opset >= 10 and g.chance(0.3) and "auto_pad" not in a:
        a["ceil_mode"] = 1
    if op == "AveragePool" and g.chance(0.5):
        a["count_include_pad"] = 1
    if (op == "MaxPool" and g.opset >= 10 or op == "AveragePool" and g.opset >= 19) and g.chance(0.2) and "auto_pad" not in a:
        a["dilations"] = [2 if 2 * (k - 1) + 1 <= size else 1 for k, size in zip(kernel, sizes)]
    if op == "LpPool":
        a["p"] = g.random.choice([1, 2])
        x = g.into(x, "positive")
        a = {key: value for key, value in a.items() if key not in ("pads", "auto_pad")}
    g.node(op, x, **a)


def norm_of(g, x):
    """A normalization that the rank of x allows."""
    channels = g.shape(x)[0]
    affine = lambda shape: (g.param(shape, 0.5, 1.5, slot="scale"), g.param(shape, -0.5, 0.5, slot="bias"))
    epsilon = {"epsilon": g.random.choice([1e-5, 1e-3, 1e-2])} if g.chance(0.6) else {}
    kinds = ["BatchNormalization"] * 3 + ["LayerNormalization", "RMSNormalization"]
    kinds += ["GroupNormalization", "InstanceNormalization"] if g.rank(x) >= 3 else []
    kinds += ["MeanVarianceNormalization", "LRN"] if g.rank(x) == 4 else []
    op = g.random.choice(kinds)
    if op == "BatchNormalization":
        if g.rank(x) < 2:
            raise Unfit
        statistics = (g.param((channels,), -0.3, 0.3, True, "mean"), g.param((channels,), 0.5, 1.5, True, "variance"))
        momentum = {"momentum": g.random.choice([0.9, 0.99, 0.5])} if g.chance(0.5) else {}
        return g.node(op, x, *affine((channels,)), *statistics, **epsilon, **momentum)
    if op == "GroupNormalization":
        groups = g.random.choice([d for d in range(1, channels + 1) if channels % d == 0])
        return g.node(op, x, *affine((groups if g.opset < 21 else channels,)), num_groups=groups, **epsilon)
    if op == "InstanceNormalization":
        if g.values[x][0, 0].numel() < 2:
            raise Unfit
        return g.node(op, x, *affine((channels,)), **epsilon)
    if op in ("LayerNormalization", "RMSNormalization"):
        axis = g.random.randrange(1, g.rank(x))
        scale, bias = affine(g.shape(x)[axis - 1:])
        operands = [scale, bias] if op == "LayerNormalization" and g.chance(0.8) else [scale]
        return g.node(op, x, *operands, axis=axis - g.rank(x) if g.chance(0.5) else axis, **epsilon)
    if op == "LRN":
        size = g.random.randint(1, 4)
        alpha = size * g.random.randint(2, 20) / 64  # alpha / size is exact in f32
        return g.node(op, x, size=size, alpha=alpha, beta=g.random.choice([0.75, 0.5, 1.0]), bias=g.real(0.8, 2))
    return g.node(op, x, **({"axes": g.random.choice([[0, 2, 3], [2, 3], [1, 2, 3]])} if g.chance(0.6) else {}))


@family(4)
def normalization(g):
    norm_of(g, g.pick(lambda name: g.rank(name) >= 2))


@family(0.8)
def lp_normalization(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    g.node("LpNormalization", g.node("Add", x, g.number(0.3)), axis=g.random.randrange(1, g.rank(x)), p=g.random.choice([1, 2]))


@family(1)
def written_out_norm(g):
    """Layer or group normalization as older exporters write them."""
    x = g.pick(lambda name: g.rank(name) >= 3)
    if g.chance(0.6):
        axes = list(range(g.random.randrange(1, g.rank(x)), g.rank(x)))
        centered = g.node("Sub", x, g.node("ReduceMean", x, axes=axes, keepdims=1))
        square = g.node("Pow", centered, g.number(2)) if g.chance(0.5) else g.node("Mul", centered, centered)
        variance = g.node("ReduceMean", square, axes=axes, keepdims=1)
        y = g.node("Div", centered, g.node("Sqrt", g.node("Add", variance, g.number(1e-4))))
        size = g.shape(x)[-1]
        if size > 1:
            y = g.node("Add", g.node("Mul", y, g.param((size,), 0.5, 1.5)), g.param((size,)))
        return
    channels, *sizes = g.shape(x)
    groups = g.random.choice([d for d in range(1, channels + 1) if channels % d == 0])
    flat = g.node("Reshape", x, shape=[0, groups, -1])
    if g.shape(flat)[1] < 2:
        raise Unfit
    y = g.node("InstanceNormalization", flat, g.param((groups,), 0.5, 1.5), g.param((groups,), -0.5, 0.5))
    g.node("Reshape", y, shape=[-1, channels, *sizes])


@family(4)
def linear(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    size, outputs = g.shape(x)[-1], g.random.randint(1, 7)
    kind = g.random.randrange(5)
    if g.rank(x) == 2 and kind < 2:
        transposed = g.chance(0.6)
        weight = g.weight((outputs, size) if transposed else (size, outputs), size)
        bias = [g.param(g.random.choice([(outputs,), (1, outputs)]), slot="b")] if g.chance(0.7) or g.opset < 11 else []
        a = {"transB": 1} if transposed else {}
        a |= {"alpha": g.real(0.5, 1.5)} if g.chance(0.2) else {}
        a |= {"beta": g.real(0.5, 1.5)} if bias and g.chance(0.2) else {}
        y = g.node("Gemm", x, weight, *bias, **a)
    elif kind == 2 and g.rank(x) >= 3:
        rows = g.shape(x)[-2]
        y = g.node("MatMul", g.weight((outputs, rows), rows), x)  # from the left
    elif kind == 3 and g.rank(x) >= 3:
        lead = [size_ if g.chance(0.6) else 1 for size_ in g.shape(x)[:-2]]
        y = g.node("MatMul", x, g.weight((*lead, size, outputs), size))
    else:
        y = g.node("MatMul", x, g.weight((size, outputs), size))
        if g.chance(0.6) and outputs > 1:
            bias = g.param((outputs,), slot="b")
            y = g.node("Add", *g.random.sample([y, bias], 2))
    y = g.tame(y)
    if g.chance(0.3):
        g.node(g.random.choice(["Relu", "Tanh", "Sigmoid"]), y)


@family(1)
def vector_product(g):
    """A product with a vector, which drops a dimension."""
    x = g.pick(lambda name: g.rank(name) >= 3 and g.shape(name)[-1] > 1)
    g.tame(g.node("MatMul", x, g.weight((g.shape(x)[-1],), g.shape(x)[-1])))


@family(1.5)
def values_product(g):
    """A product of two values."""
    x = g.pick(lambda name: g.rank(name) >= 3)
    y = g.pick(lambda name: g.rank(name) == g.rank(x) and g.shape(name)[:-2] == g.shape(x)[:-2])
    order = list(range(g.rank(x)))
    if g.shape(x)[-1] == g.shape(y)[-2]:
        g.tame(g.node("MatMul", x, y))
    elif g.shape(x)[-1] == g.shape(y)[-1]:
        g.tame(g.node("MatMul", x, g.node("Transpose", y, perm=order[:-2] + [order[-1], order[-2]])))
    else:
        raise Unfit


def tokens(g):
    """A value as [N, T, D]."""
    x = g.pick(lambda name: g.rank(name) in (3, 4))
    if g.rank(x) == 4:
        x = g.node("Reshape", x, shape=[0, g.shape(x)[0], -1])
        x = g.node("Transpose", x, perm=[0, 2, 1]) if g.chance(0.7) else x
    return x


@family(2.5)
def attention(g):
    x = tokens(g)
    length, width = g.shape(x)
    heads, size = g.random.choice([1, 2, 3]), g.random.choice([1, 2, 3])
    if length < 2 or length > 30:
        raise Unfit

    def project(name):
        y = g.node("MatMul", name, g.weight((width, heads * size), width))
        if g.chance(0.5) and heads * size > 1:
            y = g.node("Add", y, g.param((heads * size,), slot="b"))
        return g.node("Transpose", g.node("Reshape", y, shape=[0, length, heads, size]), perm=[0, 2, 1, 3])

    query, key, value = project(x), project(x), project(x)
    scores = g.node("MatMul", query, g.node("Transpose", key, perm=[0, 1, 3, 2]))
    scores = g.node("Mul", scores, g.number(size ** -0.5)) if g.chance(0.5) else g.node("Div", scores, g.number(size ** 0.5))
    kind = g.random.randrange(3)
    if kind == 0:
        scores = g.node("Add", scores, g.param((heads, length, length)))
    elif kind == 1 and g.opset >= 14:
        scores = g.node("Trilu", scores, upper=0)
    shares = g.node("Softmax", scores, axis=3, **({"_flatten": 1} if g.opset < 13 else {}))
    mixed = g.node("Reshape", g.node("Transpose", g.node("MatMul", shares, value), perm=[0, 2, 1, 3]), shape=[0, length, heads * size])
    y = g.node("MatMul", mixed, g.weight((heads * size, width), heads * size))
    if g.chance(0.6):
        g.node("Add", x, y)


@family(1)
def squeeze_and_excite(g):
    x = images(g)
    channels = g.shape(x)[0]
    inner = g.random.randint(1, 3)
    y = g.node("GlobalAveragePool", x) if g.chance(0.6) else g.node("ReduceMean", x, axes=[2, 3], keepdims=1)
    y = g.node("Relu", g.node("Conv", y, g.weight((inner, channels, 1, 1), channels), g.param((inner,), slot="b")))
    y = g.node("Conv", y, g.weight((channels, inner, 1, 1), inner), g.param((channels,), slot="b"))
    g.node("Mul", x, g.node(g.random.choice(["Sigmoid", "HardSigmoid"]), y))


@family(1.5)
def residual(g):
    """x + f(x), f a convolution that keeps the size."""
    x = images(g)
    channels = g.shape(x)[0]
    y = norm_of(g, g.node("Conv", x, g.weight((channels, channels, 3, 3), 9 * channels), pads=[1, 1, 1, 1]))
    g.node("Relu", g.tame(g.node("Add", x, y)))


@family(0.8)
def einsum(g):
    x = g.pick(lambda name: g.rank(name) == 3)
    _, width = g.shape(x)
    kind = g.random.randrange(3)
    if kind == 0:
        g.tame(g.node("Einsum", x, g.param((width, 3)), equation="btd,dk->btk"))
    elif kind == 1:
        g.tame(g.node("Einsum", x, x, equation="bid,bjd->bij"))
    else:
        g.tame(g.node("Einsum", x, g.param((g.shape(x)[0], 2)), equation="btd,tk->bkd"))


@family(0.5)
def tied(g):
    """One weight in two places."""
    x = g.pick(lambda name: g.rank(name) >= 2 and 1 < g.shape(name)[-1] < 8)
    size = g.shape(x)[-1]
    weight, bias = g.weight((size, size), size), g.param((size,), slot="b")
    once = g.node("Tanh", g.node("Add", g.node("MatMul", x, weight), bias))
    g.tame(g.node("Add", g.node("MatMul", once, weight), bias))
