# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The differentiable ops that are imported, each with its attributes: cases of one node for checks by finite differences.
BatchNormalization is differentiated in the form that only a recipe gives it, and the card of that form checks it.

A case is (op, shapes of its inputs, attributes); the key `_range` holds what inputs are drawn from, [-1, 1) where it is absent,
`_opsets` the opsets of the case, from the op's first and to the newest where it is absent, and `_outputs` the number of its results."""
NEWEST = 25
POSITIVE, UNIT, ABOVE_ONE, WIDE = (0.3, 2.0), (-0.9, 0.9), (1.1, 3.0), (-2.5, 2.5)
IMAGE = (2, 4, 6, 5)


def functions():
    for op in ("Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Mish", "HardSwish", "Erf", "Sin", "Cos", "Atan", "Asinh", "Sinh", "Cosh",
               "Abs", "Neg", "Exp", "Gelu", "Swish", "Elu", "Selu", "LeakyRelu", "HardSigmoid",
               "ThresholdedRelu", "Shrink"):
        yield op, [(3, 5)], {"_range": WIDE}
    for op, value in (("Tan", UNIT), ("Asin", UNIT), ("Acos", UNIT), ("Atanh", UNIT), ("Log", POSITIVE), ("Sqrt", POSITIVE),
                      ("Reciprocal", POSITIVE), ("Acosh", ABOVE_ONE)):
        yield op, [(3, 5)], {"_range": value}
    for op, attributes in (("Gelu", {"approximate": "tanh"}), ("Swish", {"alpha": 1.5}), ("Elu", {"alpha": 0.5}),
                           ("Selu", {"alpha": 1.5, "gamma": 0.75}), ("LeakyRelu", {"alpha": 0.25}),
                           ("HardSigmoid", {"alpha": 0.25, "beta": 0.375}),
                           ("ThresholdedRelu", {"alpha": 0.5}), ("Shrink", {"lambd": 0.25, "bias": 0.125}), ("Clip", {"min": -1.0}),
                           ("Clip", {"max": 1.0}), ("Clip", {"min": -0.5, "max": 1.25})):
        yield op, [(3, 5)], {**attributes, "_range": WIDE}
    for slope in ((3,), (1,), (2, 1, 1), (2, 4, 3)):
        yield "PRelu", [(2, 2, 4, 3), slope], {"_range": WIDE}


def arithmetic():
    for op in ("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Pow"):
        for shapes in ([(2, 3, 5), (2, 3, 5)], [(2, 3, 5), (5,)], [(3, 1), (2, 1, 5)], [(2, 3), ()], [(1,), (2, 3)]):
            broadcasts = {"_opsets": (8,)} if op in ("Max", "Min", "Sum", "Mean") else {}
            yield op, shapes, {"_range": POSITIVE if op in ("Div", "Pow") else WIDE, **broadcasts}
    for op in ("Max", "Min", "Sum", "Mean"):
        yield op, [(2, 5), (5,), (2, 1)], {"_opsets": (8,)}
    yield "Mod", [(2, 5), (2, 5)], {"fmod": 1, "_range": POSITIVE}


def windows():
    for kernel, attributes in (((3, 3), {}), ((1, 1), {}), ((3, 2), {"strides": [2, 1]}), ((2, 3), {"pads": [1, 0, 0, 2]}),
                               ((3, 3), {"dilations": [2, 1], "pads": [1, 1, 1, 1]}),
                               ((3, 3), {"strides": [2, 2], "auto_pad": "SAME_UPPER"}),
                               ((3, 2), {"strides": [1, 2], "auto_pad": "SAME_LOWER"}), ((2, 2), {"auto_pad": "VALID", "strides": [3, 3]})):
        yield "Conv", [IMAGE, (3, 4, *kernel), (3,)], attributes
        yield "Conv", [IMAGE, (6, 2, *kernel)], {**attributes, "group": 2}
        yield "Conv", [IMAGE, (4, 1, *kernel)], {**attributes, "group": 4}
        if "auto_pad" not in attributes:
            yield "ConvTranspose", [IMAGE, (4, 3, *kernel), (3,)], attributes
            yield "ConvTranspose", [IMAGE, (4, 1, *kernel)], {**attributes, "group": 2}
    yield "ConvTranspose", [IMAGE, (4, 2, 3, 3)], {"strides": [2, 3], "output_padding": [1, 2]}
    for p in (1, 2):
        yield "LpPool", [IMAGE], {"kernel_shape": [2, 3], "p": p, "strides": [2, 1]}
    for op in ("MaxPool", "AveragePool"):
        dilated = {"dilations": [2, 1], "_opsets": (10,) if op == "MaxPool" else (19,)}
        for attributes in ({}, {"strides": [2, 1]}, {"pads": [1, 0, 0, 1], "strides": [2, 2]}, dilated,
                           {"auto_pad": "SAME_UPPER", "strides": [2, 2]}, {"ceil_mode": 1, "strides": [2, 2], "_opsets": (10,)},
                           {"count_include_pad": 1, "pads": [1, 1, 0, 0]}):
            if op == "MaxPool" and "count_include_pad" in attributes:
                continue
            yield op, [IMAGE], {"kernel_shape": [2, 3], **attributes}
    yield "GlobalAveragePool", [IMAGE], {}
    yield "GlobalMaxPool", [IMAGE], {}


def norms():
    for shape, axis in ((IMAGE, -1), (IMAGE, 1), (IMAGE, -2), ((3, 5), -1)):
        tail = shape[axis:]
        yield "LayerNormalization", [shape, tail, tail], {"axis": axis}
        yield "LayerNormalization", [shape, tail], {"axis": axis, "epsilon": 0.01}
        yield "RMSNormalization", [shape, tail], {"axis": axis}
    yield "GroupNormalization", [IMAGE, (2,), (2,)], {"num_groups": 2, "_opsets": (18, 20)}
    yield "GroupNormalization", [IMAGE, (4,), (4,)], {"num_groups": 2, "_opsets": (21,)}
    yield "InstanceNormalization", [IMAGE, (4,), (4,)], {"epsilon": 0.01}
    yield "InstanceNormalization", [(2, 3, 7), (3,), (3,)], {}
    for attributes in ({"size": 3}, {"size": 2, "alpha": 0.5, "beta": 0.5, "bias": 1.5}):
        yield "LRN", [IMAGE], attributes
    for attributes in ({}, {"axes": [2, 3]}, {"axes": [1]}):
        yield "MeanVarianceNormalization", [IMAGE], attributes
    for p in (1, 2):
        for axis in (-1, 1):
            yield "LpNormalization", [(2, 3, 5)], {"p": p, "axis": axis}


def products():
    yield "Gemm", [(3, 4), (4, 5), (5,)], {}
    yield "Gemm", [(4, 3), (5, 4), (3, 1)], {"transA": 1, "transB": 1, "alpha": 0.5, "beta": 1.5}
    yield "Gemm", [(3, 4), (5, 4), ()], {"transB": 1}
    yield "Gemm", [(3, 4), (4, 5)], {"_opsets": (11,)}
    for shapes in ([(3, 4), (4, 5)], [(2, 3, 4), (4, 5)], [(2, 3, 4), (2, 4, 5)], [(2, 1, 3, 4), (3, 4, 2)], [(4,), (4, 5)],
                   [(2, 3, 4), (4,)], [(5, 3), (2, 3, 4)], [(4,), (4,)]):
        yield "MatMul", shapes, {}
    for op in ("Softmax", "LogSoftmax"):
        for axis in (0, 1, 2):
            yield op, [(2, 3, 5)], {"axis": axis}


def reductions():
    for kind in ("Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare"):
        for attributes in ({"axes": [1]}, {"axes": [0, 2], "keepdims": 0}, {"axes": [-1], "keepdims": 1}, {}, {"axes": [2, 3]}):
            shape = IMAGE if attributes.get("axes") == [2, 3] else (2, 3, 5)
            old = {"_opsets": (11,)} if attributes.get("axes") == [-1] else {}
            yield f"Reduce{kind}", [shape], {**attributes, **old, "_range": POSITIVE if kind in ("LogSum", "Prod") else (-1.0, 1.0)}
    yield "CumSum", [(2, 3, 5)], {"axis": 1}
    yield "CumSum", [(2, 3, 5)], {"axis": -1, "exclusive": 1, "reverse": 1}


def layouts():
    shape = (2, 4, 6)
    yield "Reshape", [shape], {"shape": [2, 24]}
    yield "Reshape", [shape], {"shape": [0, -1, 3]}
    for axis in (0, 1, 2, 3):
        yield "Flatten", [shape], {"axis": axis}
    yield "Squeeze", [(2, 1, 3, 1)], {"axes": [1, 3]}
    yield "Unsqueeze", [shape], {"axes": [0, 2]}
    yield "Transpose", [shape], {"perm": [2, 0, 1]}
    yield "Transpose", [shape], {}
    for axis in (0, 1, 2):
        yield "Concat", [shape, shape, shape], {"axis": axis}
        yield "Split", [shape], {"axis": axis, "split": [1, shape[axis] - 1], "_outputs": 2}
    yield "Slice", [shape], {"starts": [1, 0], "ends": [3, -1], "axes": [1, 2]}
    yield "Slice", [shape], {"starts": [-1, 1], "ends": [-100, 6], "axes": [1, 2], "steps": [-2, 3], "_opsets": (10,)}
    for mode in ("constant", "reflect", "edge", "wrap"):
        yield "Pad", [shape], {"pads": [0, 1, 2, 0, 2, 1], "mode": mode, **({"_opsets": (19,)} if mode == "wrap" else {})}
    yield "Pad", [shape], {"pads": [0, -1, 1, 0, 2, -2], "value": 0.5}
    yield "Pad", [shape], {"pads": [1, 2], "axes": [-1], "_opsets": (18,)}
    yield "Tile", [shape], {"repeats": [1, 2, 3]}
    yield "Expand", [(2, 1, 3)], {"shape": [2, 4, 1]}
    for axis, indices in ((1, 2), (2, [0, 3, 3]), (1, [[0, 1], [3, 3]])):
        yield "Gather", [shape], {"axis": axis, "indices": indices}
    yield "DepthToSpace", [(2, 8, 2, 3)], {"blocksize": 2}
    yield "DepthToSpace", [(2, 8, 2, 3)], {"blocksize": 2, "mode": "CRD", "_opsets": (11,)}
    yield "SpaceToDepth", [(2, 3, 4, 6)], {"blocksize": 2}
    for attributes in ({"upper": 1}, {"upper": 0}, {"upper": 1, "k": 1}, {"upper": 0, "k": -1}):
        yield "Trilu", [(2, 4, 5)], attributes
    yield "CenterCropPad", [shape], {"shape": [3, 7], "axes": [1, 2]}


def cases():
    for group in (functions, arithmetic, windows, norms, products, reductions, layouts):
        yield from group()
