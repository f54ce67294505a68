# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the nodes of a description compute, by PyTorch's own functions where it has them, in the words of the ONNX specification else."""
import math

import numpy as np
import torch
import torch.nn.functional as F


def f32(number):
    """An attribute of ONNX is f32, its default too."""
    return float(np.float32(number))


def axis_list(a, x):
    axes = a.get("axes")
    return list(range(x.dim())) if not axes else [axis % x.dim() for axis in axes]


# Windows: Conv, ConvTranspose and the pools.

class Window:
    def __init__(self, a, x, kernel):
        self.rank = x.dim() - 2
        self.kernel = list(kernel)
        self.strides, self.dilations = a.get("strides", [1] * self.rank), a.get("dilations", [1] * self.rank)
        self.extents = [(k - 1) * d + 1 for k, d in zip(self.kernel, self.dilations)]
        pads = a.get("pads", [0] * 2 * self.rank)
        self.before, self.after = list(pads[: self.rank]), list(pads[self.rank:])
        automatic = a.get("auto_pad", "NOTSET")
        if automatic.startswith("SAME"):
            totals = [max((math.ceil(size / s) - 1) * s + e - size, 0) for size, s, e in zip(x.shape[2:], self.strides, self.extents)]
            halves = [total // 2 for total in totals]
            rest = [total - half for total, half in zip(totals, halves)]
            self.before, self.after = (halves, rest) if automatic == "SAME_UPPER" else (rest, halves)
        self.beyond = [0] * self.rank  # what ceil_mode adds behind the pads
        if a.get("ceil_mode", 0):
            for i, size in enumerate(x.shape[2:]):
                room = size + self.before[i] + self.after[i] - self.extents[i]
                outputs = -(-room // self.strides[i]) + 1
                if (outputs - 1) * self.strides[i] >= size + self.before[i]:
                    raise ValueError("a window would start in the pads behind: it is one in some opsets and none in others")
                self.beyond[i] = max((outputs - 1) * self.strides[i] - room, 0)

    def pad(self, x, value=0.0, beyond=False):
        sizes = [(b, a + (e if beyond else 0)) for b, a, e in zip(self.before, self.after, self.beyond)]
        return F.pad(x, [size for pair in reversed(sizes) for size in pair], value=value)

    def windows(self, padded):
        """[N, C, outputs..., elements of a window]"""
        for i, (extent, stride, dilation) in enumerate(zip(self.extents, self.strides, self.dilations)):
            padded = padded.unfold(2 + i, extent, stride)[..., ::dilation]
        return padded.flatten(-self.rank)


def conv(a, x, w, b=None):
    window = Window(a, x, w.shape[2:])
    function = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[window.rank]
    return function(window.pad(x), w, b, window.strides, 0, window.dilations, a.get("group", 1))


def conv_transpose(a, x, w, b=None):
    window = Window(a, x, w.shape[2:])
    function = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[window.rank]
    y = function(x, w, None, window.strides, 0, 0, a.get("group", 1), window.dilations)
    more = a.get("output_padding", [0] * window.rank)
    y = F.pad(y, [size for extra in reversed(more) for size in (0, extra)])
    for i, (before, after) in enumerate(zip(window.before, window.after)):
        y = y.narrow(2 + i, before, y.shape[2 + i] - before - after)
    return y if b is None else y + b.reshape(-1, *[1] * window.rank)


def max_pool(a, x):
    window = Window(a, x, a["kernel_shape"])
    windows = window.windows(window.pad(x, -math.inf, beyond=True))
    return windows.max(-1).values  # the gradient goes to one of equal ones


def average_pool(a, x):
    window = Window(a, x, a["kernel_shape"])
    total = window.windows(window.pad(x, beyond=True)).sum(-1)
    ones = torch.ones_like(x[:1, :1])
    counted = window.pad(ones, 1.0 if a.get("count_include_pad", 0) else 0.0)
    counted = F.pad(counted, [size for extra in reversed(window.beyond) for size in (0, extra)])
    return total / window.windows(counted).sum(-1)


def lp_pool(a, x):
    window, p = Window(a, x, a["kernel_shape"]), a.get("p", 2)
    return (window.windows(window.pad(x.abs() ** p, beyond=True)).sum(-1)) ** (1 / p)


# Normalizations.

def batch_norm(a, x, scale, bias, mean, variance):
    """In training; torch_side.py moves the running statistics."""
    return F.batch_norm(x, None, None, scale, bias, True, 0.0, f32(a.get("epsilon", 1e-5)))


def group_norm(a, x, scale, bias):
    groups = a["num_groups"]
    if scale.numel() != x.shape[1]:  # of groups, before opset 21
        scale, bias = (v.repeat_interleave(x.shape[1] // groups) for v in (scale, bias))
    return F.group_norm(x, groups, scale, bias, f32(a.get("epsilon", 1e-5)))


def layer_norm(a, x, scale, bias=None):
    shape = x.shape[a.get("axis", -1) % x.dim():]
    y = F.layer_norm(x, shape, None, None, f32(a.get("epsilon", 1e-5))) * scale
    return y if bias is None else y + bias


def rms_norm(a, x, scale):
    dims = list(range(a.get("axis", -1) % x.dim(), x.dim()))
    return x / torch.sqrt((x * x).mean(dims, keepdim=True) + f32(a.get("epsilon", 1e-5))) * scale


def mean_variance_norm(a, x):
    axes = a.get("axes", [0, 2, 3])
    return (x - x.mean(axes, keepdim=True)) / torch.sqrt(x.var(axes, keepdim=True, correction=0) + 1e-9)


def lrn(a, x):
    size = a["size"]
    square = F.pad((x * x).movedim(1, -1), ((size - 1) // 2, size // 2)).movedim(-1, 1)
    total = sum(square.narrow(1, offset, x.shape[1]) for offset in range(size))
    return x / (f32(a.get("bias", 1.0)) + f32(a.get("alpha", 1e-4)) / size * total) ** f32(a.get("beta", 0.75))


# Shapes.

def reshape(a, x):
    return x.reshape([size or x.shape[i] for i, size in enumerate(a["shape"])])


def slice_(a, x):
    for start, end, axis, step in zip(a["starts"], a["ends"], a["axes"], a.get("steps", [1] * len(a["starts"]))):
        x = x.index_select(axis, torch.tensor(range(x.shape[axis])[start:end:step]))
    return x


def unsqueeze(a, x):
    rank = x.dim() + len(a["axes"])
    for axis in sorted(axis % rank for axis in a["axes"]):
        x = x.unsqueeze(axis)
    return x


def pad(a, x):
    axes, mode = axis_list(a, x), a.get("mode", "constant")
    for axis, before, after in zip(axes, a["pads"][: len(axes)], a["pads"][len(axes):]):
        size = x.shape[axis]
        cut = x.narrow(axis, max(-before, 0), size - max(-before, 0) - max(-after, 0))
        before, after, size = max(before, 0), max(after, 0), cut.shape[axis]
        if mode == "constant":
            value = a.get("value", 0.0)
            fill = lambda n: torch.full([n if d == axis else s for d, s in enumerate(cut.shape)], value, dtype=x.dtype)
            x = torch.cat([fill(before), cut, fill(after)], axis)
        else:
            places = np.pad(np.arange(size), (before, after), mode)
            x = cut.index_select(axis, torch.from_numpy(places))
    return x


def gather(a, x):
    indices, axis = torch.tensor(a["indices"]), a.get("axis", 0) % x.dim()
    taken = x.index_select(axis, indices.reshape(-1) % x.shape[axis])
    return taken.reshape(*x.shape[:axis], *indices.shape, *x.shape[axis + 1:])


def scatter_elements(a, x, indices, updates):
    axis = a.get("axis", 0)
    return x.scatter_add(axis, indices, updates) if a.get("reduction", "none") == "add" else x.scatter(axis, indices, updates)


def gather_of_each(a, x, indices):
    """GatherND with batch_dims 1 and one index for each image."""
    assert a["batch_dims"] == 1 and indices.shape == (len(x), 1)
    return x[torch.arange(len(x)), indices[:, 0]]


def depth_to_space(a, x):
    n, c, h, w = x.shape
    b = a["blocksize"]
    if a.get("mode", "DCR") == "CRD":
        return F.pixel_shuffle(x, b)
    return x.reshape(n, b, b, c // (b * b), h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // (b * b), h * b, w * b)


def space_to_depth(a, x):
    n, c, h, w = x.shape
    b = a["blocksize"]
    return x.reshape(n, c, h // b, b, w // b, b).permute(0, 3, 5, 1, 2, 4).reshape(n, c * b * b, h // b, w // b)


def split(a, x):
    return torch.split(x, a["split"], a.get("axis", 0))


def resize(a, x):
    sizes = [int(math.floor(size * scale)) for size, scale in zip(x.shape[2:], a["scales"][2:])]
    if a["mode"] == "nearest":
        return F.interpolate(x, sizes, mode="nearest")
    aligned = a["coordinate_transformation_mode"] == "align_corners"
    return F.interpolate(x, sizes, mode={"linear": "bilinear", "cubic": "bicubic"}[a["mode"]], align_corners=aligned)


def arg(function):
    def positions(a, x):
        return function(x, a.get("axis", 0), keepdim=bool(a.get("keepdims", 1)))
    return positions


# Elements.

def clip(a, x):
    return torch.clamp(x, a.get("min"), a.get("max"))


def shrink(a, x):
    bias, threshold = f32(a.get("bias", 0.0)), f32(a.get("lambd", 0.5))
    return torch.where(x < -threshold, x + bias, torch.where(x > threshold, x - bias, torch.zeros_like(x)))


def celu(a, x):
    alpha = f32(a.get("alpha", 1.0))
    return torch.clamp(x, min=0) + torch.clamp(alpha * torch.expm1(torch.clamp(x, max=0) / alpha), max=0)


def selu(a, x):
    alpha, gamma = f32(a.get("alpha", 1.67326319217681884765625)), f32(a.get("gamma", 1.05070102214813232421875))
    return gamma * torch.where(x > 0, x, alpha * torch.expm1(torch.clamp(x, max=0)))


def gemm(a, x, y, c=None):
    x, y = (m.T if a.get(key, 0) else m for key, m in (("transA", x), ("transB", y)))
    product = f32(a.get("alpha", 1.0)) * (x @ y)
    return product if c is None else product + f32(a.get("beta", 1.0)) * c


def reduce(function):
    return lambda a, x: function(x, axis_list(a, x), bool(a.get("keepdims", 1)))


def product(x, axes, keep):
    for axis in sorted(axes, reverse=True):
        x = x.prod(axis, keepdim=keep)
    return x


def fold(function):
    def all_of(a, *xs):
        result = xs[0]
        for x in xs[1:]:
            result = function(result, x)
        return result
    return all_of


def unary(function):
    return lambda a, x: function(x)


def binary(function):
    return lambda a, x, y: function(x, y)


def flattening(function):
    """Before opset 13: over all dimensions from `axis` on; the description says so."""
    def softmax(a, x):
        axis = a.get("axis", -1) % x.dim()
        return function(x.flatten(axis), axis).reshape(x.shape) if a.get("_flatten") else function(x, axis)
    return softmax


OPS = {
    "Conv": conv, "ConvTranspose": conv_transpose, "MaxPool": max_pool, "AveragePool": average_pool, "LpPool": lp_pool,
    "GlobalAveragePool": lambda a, x: x.mean(list(range(2, x.dim())), keepdim=True),
    "GlobalMaxPool": lambda a, x: x.flatten(2).max(-1).values.reshape(*x.shape[:2], *[1] * (x.dim() - 2)),
    "BatchNormalization": batch_norm, "GroupNormalization": group_norm, "LayerNormalization": layer_norm, "RMSNormalization": rms_norm,
    "InstanceNormalization": lambda a, x, s, b: F.instance_norm(x, None, None, s, b, True, 0.0, f32(a.get("epsilon", 1e-5))),
    "MeanVarianceNormalization": mean_variance_norm, "LRN": lrn,
    "LpNormalization": lambda a, x: x / torch.linalg.vector_norm(x, a.get("p", 2), a.get("axis", -1), keepdim=True),
    "Gemm": gemm, "MatMul": binary(torch.matmul), "Einsum": lambda a, *xs: torch.einsum(a["equation"], *xs),
    "Softmax": flattening(F.softmax), "LogSoftmax": flattening(F.log_softmax),
    "Reshape": reshape, "Flatten": lambda a, x: x.reshape(math.prod(x.shape[: a.get("axis", 1)]), -1),
    "Squeeze": lambda a, x: x.squeeze(tuple(a["axes"])), "Transpose": lambda a, x: x.permute(a["perm"]),
    "Unsqueeze": unsqueeze, "Identity": unary(lambda x: x),
    "Concat": lambda a, *xs: torch.cat(xs, a["axis"]), "Split": split, "Slice": slice_, "Pad": pad,
    "Tile": lambda a, x: x.repeat(a["repeats"]), "Expand": lambda a, x: x.expand(torch.broadcast_shapes(x.shape, tuple(a["shape"]))),
    "Gather": gather, "ScatterElements": scatter_elements, "GatherND": gather_of_each,
    "GatherElements": lambda a, x, i: torch.gather(x, a.get("axis", 0), i),
    "DepthToSpace": depth_to_space, "SpaceToDepth": space_to_depth, "Resize": resize,
    "Trilu": lambda a, x: (torch.triu if a.get("upper", 1) else torch.tril)(x, a.get("k", 0)),
    "ArgMax": arg(torch.argmax), "ArgMin": arg(torch.argmin),
    "CumSum": lambda a, x: torch.cumsum(x, a["axis"]), "TopK": lambda a, x: torch.topk(x, a["k"], a.get("axis", -1)),
    "ReduceMean": reduce(torch.mean), "ReduceSum": reduce(torch.sum), "ReduceMax": reduce(torch.amax), "ReduceMin": reduce(torch.amin),
    "ReduceProd": reduce(product), "ReduceLogSumExp": reduce(torch.logsumexp),
    "ReduceL1": reduce(lambda x, axes, keep: x.abs().sum(axes, keep)),
    "ReduceL2": reduce(lambda x, axes, keep: (x * x).sum(axes, keep).sqrt()),
    "ReduceLogSum": reduce(lambda x, axes, keep: x.sum(axes, keep).log()),
    "ReduceSumSquare": reduce(lambda x, axes, keep: (x * x).sum(axes, keep)),
    "Add": binary(torch.add), "Sub": binary(torch.sub), "Mul": binary(torch.mul), "Div": binary(torch.div), "Pow": binary(torch.pow),
    "Mod": binary(torch.fmod), "Sum": fold(torch.add), "Max": fold(torch.maximum), "Min": fold(torch.minimum),
    "Mean": lambda a, *xs: fold(torch.add)(a, *xs) / len(xs),
    "Equal": binary(torch.eq), "Less": binary(torch.lt), "LessOrEqual": binary(torch.le), "Greater": binary(torch.gt),
    "GreaterOrEqual": binary(torch.ge), "And": binary(torch.logical_and), "Or": binary(torch.logical_or), "Xor": binary(torch.logical_xor),
    "Not": unary(torch.logical_not), "Where": lambda a, c, x, y: torch.where(c, x, y),
    "Cast": lambda a, x: x.to({"bool": torch.bool, "int64": torch.int64, "real": torch.float64}[a["to"]]),
    "Clip": clip, "Shrink": shrink, "Celu": celu, "Selu": selu, "PRelu": lambda a, x, slope: torch.where(x > 0, x, x * slope),
    "LeakyRelu": lambda a, x: F.leaky_relu(x, f32(a.get("alpha", 0.01))), "Elu": lambda a, x: F.elu(x, f32(a.get("alpha", 1.0))),
    "ThresholdedRelu": lambda a, x: torch.where(x > f32(a.get("alpha", 1.0)), x, torch.zeros_like(x)),
    "HardSigmoid": lambda a, x: torch.clamp(f32(a.get("alpha", 0.2)) * x + f32(a.get("beta", 0.5)), 0, 1),
    "Gelu": lambda a, x: F.gelu(x, approximate=a.get("approximate", "none")),
    "Swish": lambda a, x: x * torch.sigmoid(f32(a.get("alpha", 1.0)) * x),
    **{name: unary(function) for name, function in {
        "Relu": F.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Softplus": lambda x: F.softplus(x, threshold=1e9),
        "Softsign": F.softsign, "Mish": lambda x: x * torch.tanh(F.softplus(x, threshold=1e9)),
        "HardSwish": lambda x: x * torch.clamp(x / 6 + 0.5, 0, 1),
        "Erf": torch.erf, "Exp": torch.exp, "Log": torch.log, "Sqrt": torch.sqrt, "Reciprocal": torch.reciprocal, "Neg": torch.neg,
        "Abs": torch.abs, "Sign": torch.sign, "Floor": torch.floor, "Ceil": torch.ceil, "Round": torch.round,
        "Sin": torch.sin, "Cos": torch.cos, "Tan": torch.tan, "Asin": torch.asin, "Acos": torch.acos, "Atan": torch.atan,
        "Sinh": torch.sinh, "Cosh": torch.cosh, "Asinh": torch.asinh, "Acosh": torch.acosh, "Atanh": torch.atanh}.items()},
}


def apply(node, inputs):
    """The results of a node as a tuple. Each is contiguous: of x = z.permute(0, 3, 2, 1) with z [2, 1, 3, 3] and a gradient that is
    contiguous, PyTorch 2.15 computes wrong gradients of batch_norm, because the strides of x could be those of channels_last."""
    result = OPS[node["op"]](node["a"], *inputs)
    return tuple(part.contiguous() for part in (result if isinstance(result, (tuple, list)) else (result,)))
