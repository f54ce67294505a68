# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Families that move, cut, repeat and join elements."""
from builder import Unfit
from families import family


def divisors(number):
    return [d for d in range(1, number + 1) if number % d == 0]


@family(3)
def reshape(g):
    """Dimensions merged, split or another factorization of the elements."""
    x = g.pick(lambda name: g.rank(name) >= 2)
    shape = g.shape(x)
    total = g.values[x][0].numel()
    kind = g.random.randrange(4)
    if kind == 0 and len(shape) >= 2:
        i = g.random.randrange(len(shape) - 1)
        shape[i: i + 2] = [shape[i] * shape[i + 1]]
    elif kind == 1:
        i = g.random.randrange(len(shape))
        d = g.random.choice(divisors(shape[i]))
        shape[i: i + 1] = [d, shape[i] // d]
    elif kind == 2:
        a = g.random.choice(divisors(total))
        b = g.random.choice(divisors(total // a))
        shape = [a, b, total // a // b]
    else:
        g.node("Flatten", x, **({"axis": 1} if g.chance(0.5) else {}))
        return
    if len(shape) > 5:
        raise Unfit
    batch = g.random.choice([0, -1])
    if batch == 0 and g.chance(0.4):
        shape[g.random.randrange(len(shape))] = -1
    g.node("Reshape", x, shape=[batch, *shape])


@family(2.5)
def transpose(g):
    x = g.pick(lambda name: g.rank(name) >= 3)
    order = list(range(1, g.rank(x)))
    g.random.shuffle(order)
    g.node("Transpose", x, perm=[0, *order])


@family(1)
def batch_in_the_middle(g):
    """Sequence first, as recurrent and older attention code has it, and back."""
    x = g.pick(lambda name: g.rank(name) == 3)
    y = g.node_of_batch("Transpose", x, perm=[1, 0, 2])
    size = g.shape(x)[-1]
    kind = g.random.randrange(3)
    if kind == 0:
        outputs = g.random.randint(1, 5)
        y = g.node_of_batch("MatMul", y, g.weight((size, outputs), size))
    elif kind == 1 and g.opset >= 17:
        y = g.node_of_batch("LayerNormalization", y, g.param((size,), 0.5, 1.5), g.param((size,)), axis=-1)
    else:
        y = g.node_of_batch("Tanh", y)
    g.node("Transpose", y, perm=[1, 0, 2])


@family(1)
def unit_dimension(g):
    x = g.pick()
    if g.chance(0.5) and 1 in g.shape(x) and g.rank(x) > 2:
        axis = g.random.choice([i + 1 for i, size in enumerate(g.shape(x)) if size == 1])
        g.node("Squeeze", x, axes=[axis])
    elif g.rank(x) < 5:
        axis = g.random.randint(1, g.rank(x))
        g.node("Unsqueeze", x, axes=[axis - g.rank(x) - 1 if g.opset >= 11 and g.chance(0.3) else axis])


@family(3)
def concat(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    axis = g.random.randrange(1, g.rank(x))
    fits = lambda name: g.rank(name) == g.rank(x) and all(a == b for d, (a, b) in enumerate(zip(g.shape(name), g.shape(x)), 1) if d != axis)
    others = [g.pick(fits) for _ in range(g.random.choice([1, 1, 2]))]
    g.node("Concat", *g.random.sample([x, *others], 1 + len(others)), axis=axis - g.rank(x) if g.opset >= 11 and g.chance(0.3) else axis)


@family(2.5)
def split(g):
    x = g.pick(lambda name: g.rank(name) >= 2 and max(g.shape(name)) > 1)
    axis = g.random.choice([d for d, size in enumerate(g.shape(x), 1) if size > 1])
    size = g.shape(x)[axis - 1]
    first = g.random.randint(1, size - 1)
    parts = [first, size - first]
    if parts[1] > 1 and g.chance(0.4):
        second = g.random.randint(1, parts[1] - 1)
        parts[1:] = [second, parts[1] - second]
    results = g.node("Split", x, outputs=len(parts), axis=axis, split=parts)
    if len(set(parts)) == 1 and g.chance(0.5):
        g.tame(g.node("Mul", *results[:2]))


@family(3)
def slice_(g):
    x = g.pick(lambda name: g.rank(name) >= 2 and max(g.shape(name)) > 1)
    axes = sorted(g.random.sample([d for d, size in enumerate(g.shape(x), 1) if size > 1], 1))
    starts, ends, steps = [], [], []
    for axis in axes:
        size = g.shape(x)[axis - 1]
        first = g.random.randint(0, size - 1)
        last = g.random.choice([g.random.randint(first + 1, size), size, 2 ** 31 - 1])
        step = g.random.choice([1, 1, 2, 3]) if g.opset >= 10 else 1
        first = first - size if g.chance(0.3) else first
        if g.opset >= 10 and g.chance(0.2):
            first, last = g.random.choice([size - 1, -1, 2 ** 31 - 1]), g.random.choice([-2 ** 31, -size - 1, 0])
            step = -g.random.choice([1, 2])
        starts, ends, steps = [*starts, first], [*ends, last], [*steps, step]
    a = {"steps": steps} if any(step != 1 for step in steps) or (g.opset >= 10 and g.chance(0.3)) else {}
    g.node("Slice", x, starts=starts, ends=ends, axes=axes, **a)


@family(2)
def pad(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    mode = g.random.choice(["constant", "constant", "constant", "reflect", "edge", *(["wrap"] if g.opset >= 19 else [])])
    rank = g.rank(x)
    room = lambda size: g.random.randint(0, min(2, size - 1)) if mode in ("reflect", "wrap") else g.random.randint(-1 if size > 2 else 0, 2)
    pads = [0] * 2 * rank
    for axis in g.random.sample(range(1, rank), g.random.randint(1, min(2, rank - 1))):
        pads[axis], pads[rank + axis] = room(g.shape(x)[axis - 1]), room(g.shape(x)[axis - 1])
    a = {"mode": mode} if mode != "constant" or g.chance(0.4) else {}
    if mode == "constant" and g.chance(0.4):
        a["value"] = g.real(-1, 1)
    if g.opset >= 18 and g.chance(0.3):
        a["axes"] = [axis for axis in range(rank) if pads[axis] or pads[rank + axis]] or [1]
        pads = [pads[axis] for axis in a["axes"]] + [pads[rank + axis] for axis in a["axes"]]
    g.node("Pad", x, pads=pads, **a)


@family(1)
def tile(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    g.node("Tile", x, repeats=[1] + [g.random.choice([1, 1, 2, 3]) for _ in g.shape(x)])


@family(1)
def expand(g):
    x = g.pick(lambda name: 1 in g.shape(name))
    shape = [g.random.randint(2, 4) if size == 1 and g.chance(0.7) else g.random.choice([1, size]) for size in g.shape(x)]
    g.node("Expand", x, shape=[1, *shape])


@family(2)
def gather(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    axis = g.random.randrange(1, g.rank(x))
    size = g.shape(x)[axis - 1]
    index = lambda: g.random.randrange(-size if g.opset >= 11 else 0, size)
    indices = g.random.choice([index(), [index() for _ in range(g.random.randint(1, 4))], [[index(), index()], [index(), index()]]])
    if isinstance(indices, int) and g.rank(x) == 2:
        indices = [indices]
    if isinstance(indices, list) and isinstance(indices[0], list) and g.rank(x) > 3:
        indices = indices[0]
    g.node("Gather", x, indices=indices, axis=axis)


@family(0.8)
def blocks(g):
    x = g.pick(lambda name: g.rank(name) == 4)
    channels, height, width = g.shape(x)
    if channels % 4 == 0 and g.chance(0.5):
        g.node("DepthToSpace", x, blocksize=2, **({"mode": g.random.choice(["DCR", "CRD"])} if g.opset >= 11 else {}))
    elif height % 2 == 0 and width % 2 == 0:
        g.node("SpaceToDepth", x, blocksize=2)
    elif height % 3 == 0 and width % 3 == 0:
        g.node("SpaceToDepth", x, blocksize=3)
    else:
        raise Unfit


@family(0.6)
def triangle(g):
    x = g.pick(lambda name: g.rank(name) >= 3)
    g.node("Trilu", x, upper=g.random.randrange(2), **({"k": g.random.randint(-1, 1)} if g.chance(0.5) else {}))


@family(0.6)
def running_sum(g):
    x = g.pick(lambda name: g.rank(name) >= 2)
    g.tame(g.node("CumSum", x, axis=g.random.randrange(1, g.rank(x))))


@family(0.8)
def resize(g):
    x = g.pick(lambda name: g.rank(name) == 4)
    exact = g.description["type"] == "float"  # where shares of neighbours are f32, they must be exact
    scales = [1.0, 1.0, g.random.choice([1.0, 2.0] if exact else [1.0, 2.0, 3.0]), g.random.choice([1.0, 2.0])]
    if scales == [1.0] * 4:
        raise Unfit
    mode = g.random.choice(["nearest", "linear", "linear", "cubic"])
    if mode == "nearest":
        a = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    else:
        # Of one element, the aligned corners are no place.
        ways = ["half_pixel"] + (["align_corners"] if min(g.shape(x)[1:]) > 1 and not exact else [])
        a = {"coordinate_transformation_mode": g.random.choice(ways)}
        a |= {"cubic_coeff_a": -0.75} if mode == "cubic" else {}
    g.node("Resize", x, scales=scales, mode=mode, **a)
