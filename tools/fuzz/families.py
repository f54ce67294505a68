# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a random graph is made of: each family adds one op, or a few that belong together, to a builder. Weights say how often."""
from builder import Unfit

ALL = []


def family(weight):
    def add(function):
        function.weight = weight
        ALL.append(function)
        return function
    return add


# Functions of one element. name: (domain of the input, attributes).
FUNCTIONS = {
    "Relu": ("any", {}), "Sigmoid": ("any", {}), "Tanh": ("any", {}), "Softplus": ("any", {}), "Softsign": ("any", {}), "Mish": ("any", {}),
    "HardSwish": ("any", {}), "Erf": ("any", {}), "Sin": ("any", {}), "Cos": ("any", {}), "Atan": ("any", {}), "Asinh": ("any", {}),
    "Abs": ("any", {}), "Neg": ("any", {}), "Identity": ("any", {}), "Selu": ("any", {"alpha": (1, 2), "gamma": (0.5, 1.5)}),
    "LeakyRelu": ("any", {"alpha": (0.01, 0.4)}), "Elu": ("any", {"alpha": (0.3, 1.5)}), "Celu": ("any", {"alpha": (0.3, 1.5)}),
    "ThresholdedRelu": ("any", {"alpha": (0.1, 1)}), "HardSigmoid": ("any", {"alpha": (0.1, 0.5), "beta": (0.3, 0.6)}),
    "Shrink": ("any", {"lambd": (0.1, 0.8), "bias": (0, 0.5)}), "Swish": ("any", {"alpha": (0.5, 2)}), "Gelu": ("any", {}),
    "Exp": ("small", {}), "Sinh": ("small", {}), "Cosh": ("small", {}), "Tan": ("unit", {}), "Asin": ("unit", {}), "Acos": ("unit", {}),
    "Atanh": ("unit", {}), "Log": ("positive", {}), "Sqrt": ("positive", {}), "Reciprocal": ("positive", {}), "Acosh": ("above 1", {}),
}


@family(7)
def function(g):
    op = g.random.choice(list(FUNCTIONS))
    domain, ranges = FUNCTIONS[op]
    attributes = {name: g.real(*limits) for name, limits in ranges.items() if g.chance(0.7)}
    if op == "Gelu" and g.chance(0.5):
        attributes["approximate"] = "tanh"
    if op == "Shrink" and "lambd" not in attributes:
        attributes["lambd"] = 0.5
    g.node(op, g.into(g.pick(), domain), **attributes)


@family(1.5)
def clip(g):
    x = g.pick()
    low, high = g.real(-1, 0), g.real(0.25, 1.5)
    bounds = g.random.choice([{"min": low}, {"max": high}, {"min": low, "max": high}, {"min": 0.0, "max": 1.5}])
    g.node("Clip", x, **bounds)


@family(1)
def parametric_relu(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    shape = g.shape(x)
    slope = g.random.choice([[shape[0]] + [1] * (len(shape) - 1), [1] * len(shape), shape])
    g.node("PRelu", x, g.param(slope, 0.05, 0.6, slot="slope"))


@family(0.6)
def step(g):
    """Functions without a gradient, next to a path that has one."""
    x = g.pick()
    scaled = g.node("Mul", x, g.number(g.real(1, 2)))
    y = g.node(g.random.choice(["Floor", "Ceil", "Round", "Sign"]), scaled)
    if g.chance(0.5):
        g.node(g.random.choice(["Sub", "Mul", "Add"]), x, y)
    else:
        g.node("Mul", y, g.node("Sigmoid", x))


def partner(g, x, low=-1.0, high=1.0):
    """Something that x can be combined with: a value of its shape or that broadcasts with it, a parameter, a number."""
    shape = g.shape(x)
    kind = g.random.random()
    if kind < 0.45:
        same = lambda name: g.shape(name) == shape or (len(g.shape(name)) == len(shape) and
                                                       all(a in (b, 1) for a, b in zip(g.shape(name), shape)))
        return g.pick(same)
    if kind < 0.85:
        keep = [size if g.chance(0.6) else 1 for size in shape]
        cut = g.random.randrange(len(shape) + 1)
        keep = keep[cut:] if g.chance(0.5) else keep
        keep = [1, *keep] if len(keep) == len(shape) and g.chance(0.3) else keep
        if any(size > 1 for size in keep):
            return g.param(keep, low, high)
    return g.number(g.real(0.3, 1.7) if low > 0 or g.chance(0.7) else -g.real(0.3, 1.7))


@family(7)
def arithmetic(g):
    x = g.pick()
    op = g.random.choice(["Add", "Add", "Sub", "Mul", "Mul", "Div", "Max", "Min", "Sum", "Mean"])
    other = partner(g, x)
    if op == "Div":
        if other in g.values:
            other = g.into(other, "positive")
        elif other in g.description["params"]:
            g.refresh(other, low=0.5, high=1.5)
    operands = [x, other]
    if op in ("Max", "Min", "Sum", "Mean"):
        if g.chance(0.4):
            operands.append(partner(g, x))
        if g.opset < 8:
            raise Unfit
    if g.chance(0.4) and op != "Div":
        operands.reverse()
    g.tame(g.node(op, *operands))


@family(1.2)
def power(g):
    x = g.pick()
    kind = g.random.randrange(4)
    if kind == 0:
        g.tame(g.node("Pow", x, g.number(g.random.choice([2, 3, 4]))))
    elif kind == 1:
        g.tame(g.node("Pow", g.into(x, "positive"), g.number(g.random.choice([0.5, -0.5, -1, 1.5, 0.25, -2, 1, 2.5]))))
    elif kind == 2:
        base = g.into(x, "positive")
        g.tame(g.node("Pow", base, g.param([size if g.chance(0.7) else 1 for size in g.shape(x)[:-1]] + [max(g.shape(x)[-1], 1)], -1, 2)
                      if g.shape(x) and g.shape(x)[-1] > 1 else g.number(1.25)))
    else:
        g.tame(g.node("Pow", g.into(x, "positive"), g.into(g.pick(lambda name: g.shape(name) == g.shape(x)), "small")))


@family(0.4)
def remainder(g):
    x = g.pick()
    g.node("Mod", g.node("Mul", x, g.number(g.real(1, 3))), g.number(g.real(0.6, 1.4)), fmod=1)


def mask(g, x):
    """A truth value for each element of x."""
    other = g.pick(lambda name: g.shape(name) == g.shape(x)) if g.chance(0.4) else g.number(g.real(-0.5, 0.5))
    op = g.random.choice(["Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Less", "Greater"])
    result = g.node(op, x, other)
    if g.chance(0.2):
        result = g.node("Not", result)
    if g.chance(0.3):
        result = g.node(g.random.choice(["And", "Or", "Xor"]), result, g.node("Greater", x, g.number(g.real(-0.4, 0.4))))
    return result


@family(2)
def masked(g):
    x = g.pick()
    kind = g.random.randrange(4)
    if kind == 0:
        g.node("Mul", x, g.node("Cast", mask(g, x), to="real"))
    elif kind == 1:
        g.node("Where", mask(g, x), x, g.number(g.real(-1, 1)))
    elif kind == 2:
        g.node("Where", mask(g, x), g.number(g.real(-1, 1)), x)
    else:
        g.node("Where", mask(g, x), x, g.pick(lambda name: g.shape(name) == g.shape(x)))


@family(1.5)
def gate(g):
    """Swish, GELU, HardSwish and other products of x with a function of it, as exporters write them."""
    x = g.pick()
    kind = g.random.randrange(4)
    if kind == 0:
        g.node("Mul", x, g.node(g.random.choice(["Sigmoid", "Tanh", "HardSigmoid"]), x))
    elif kind == 1:
        inner = g.node("Erf", g.node("Div", x, g.number(2 ** 0.5)))
        g.node("Mul", g.node("Mul", x, g.node("Add", inner, g.number(1))), g.number(0.5))
    elif kind == 2:
        g.node("Div", g.node("Mul", x, g.node("Clip", g.node("Add", x, g.number(3)), min=0.0, max=6.0)), g.number(6))
    else:
        cube = g.node("Mul", g.node("Mul", x, x), x)
        inner = g.node("Tanh", g.node("Mul", g.node("Add", x, g.node("Mul", cube, g.number(0.044715))), g.number(0.7978845608)))
        g.node("Mul", g.node("Mul", x, g.number(0.5)), g.node("Add", inner, g.number(1)))


@family(2.5)
def softmax(g):
    x = g.tame(g.pick(lambda name: g.rank(name) >= 2))
    axis = g.random.randrange(1, g.rank(x))
    flatten = {"_flatten": 1} if g.opset < 13 else {}
    axis = axis - g.rank(x) if g.chance(0.3) and (g.opset >= 11) else axis
    y = g.node(g.random.choice(["Softmax", "Softmax", "LogSoftmax"]), x, axis=axis, **flatten)
    if g.chance(0.5):
        g.tame(g.node("Mul", y, g.pick(lambda name: g.shape(name) == g.shape(x))))


REDUCTIONS = ["ReduceMean", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
              "ReduceLogSumExp", "ReduceSumSquare"]


@family(4)
def reduction(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    op = g.random.choice(REDUCTIONS)
    axes = sorted(g.random.sample(range(1, g.rank(x)), g.random.randint(1, g.rank(x) - 1)))
    keep = int(g.chance(0.6))
    if op == "ReduceLogSum":
        x = g.into(x, "positive")
    if op == "ReduceL2":
        x = g.node("Add", x, g.number(0.125)) if g.chance(0.5) else g.into(x, "positive")
    if g.chance(0.3) and g.opset >= 11:
        axes = [axis - g.rank(x) for axis in axes]
    y = g.tame(g.node(op, x, axes=axes, keepdims=keep))
    if keep and g.chance(0.5):
        g.tame(g.node(g.random.choice(["Sub", "Add", "Mul"]), x, y))


@family(0.7)
def over_the_batch(g):
    """What each image is compared with the others of its batch by."""
    x = g.pick()
    axes = [0] + sorted(g.random.sample(range(1, g.rank(x)), g.random.randint(0, g.rank(x) - 1)))
    statistic = g.node_of_batch(g.random.choice(["ReduceMean", "ReduceMax", "ReduceSum", "ReduceL1"]), x, axes=axes, keepdims=1)
    g.tame(g.node("Sub", x, statistic))


@family(1)
def extremum(g):
    """Positions of extrema, and what stands there."""
    x = g.pick(lambda name: g.rank(name) >= 2)
    axis = g.random.randrange(1, g.rank(x))
    kind = g.random.randrange(5)
    if kind == 3:
        places = g.node(g.random.choice(["ArgMax", "ArgMin"]), x, axis=axis, keepdims=1)
        updates = g.node("Tanh", g.node("ReduceSum", x, axes=[axis], keepdims=1))
        g.node("ScatterElements", x, places, updates, axis=axis, **({"reduction": "add"} if g.opset >= 16 and g.chance(0.5) else {}))
    elif kind == 4 and g.opset >= 12 and g.rank(x) >= 3:
        summed = g.node("ReduceSum", x, axes=list(range(2, g.rank(x))), keepdims=0)
        g.node("GatherND", x, g.node("ArgMax", summed, axis=1, keepdims=1), batch_dims=1)
    elif kind == 0 and g.opset >= 11:
        g.node("GatherElements", x, g.node(g.random.choice(["ArgMax", "ArgMin"]), x, axis=axis, keepdims=1), axis=axis)
    elif kind == 1 and g.opset >= 11:
        k = g.random.randint(1, g.shape(x)[axis - 1])
        g.node("TopK", x, outputs=2, k=k, axis=axis)
    else:
        g.node("Cast", g.node("ArgMax", x, axis=axis, keepdims=g.random.randrange(2)), to="real")


import families_layout  # noqa: E402,F401  (they add themselves)
import families_network  # noqa: E402,F401
