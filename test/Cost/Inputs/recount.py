# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts the training runs of a16 by R0, a64 by R2 and resnet20 by its recipe on paper, from the counting rules alone, and compares
every phase with the report of `tally cost --format json`: recount.py NETWORK REPORT.json

Nothing here is shared with the compiler: shapes, trips and formulas are written out by hand. E elements, K channels, N images.
"""
import collections
import json
import math
import sys

IMAGES, TEST, CLASSES, PIXELS = 50000, 10000, 10, 3 * 32 * 32


class Network:
    """Walks a network once; collects what a training step and an evaluation of n images cost, and the elements of each tensor.

    A tensor is (channels, height). `needed` says whether anything before it is trained, so that its gradient is needed.
    """

    def __init__(self, n, frozen=()):
        self.n = n
        self.frozen = frozen
        self.forward = self.backward = self.inference = self.statistics = 0
        self.tensors = {}
        self.needed = False

    def parameter(self, name, elements):
        self.tensors[name] = elements
        trained = name not in self.frozen
        self.needed_before, self.needed = self.needed, self.needed or trained
        return trained

    def conv(self, x, name, outputs, kernel=3, stride=1, pad=1, bias=False):
        channels, size = x
        result = (size + 2 * pad - kernel) // stride + 1
        products = self.n * outputs * result**2 * channels * kernel**2
        y = self.n * outputs * result**2
        weight = outputs * channels * kernel**2
        # Input positions that at least one tap of a window reads, in one dimension.
        read = len({o * stride + r - pad for o in range(result) for r in range(kernel)} & set(range(size)))
        self.forward += 2 * products - y
        self.inference += 2 * products - y
        needed = self.needed
        if self.parameter(name + ".weight", weight):
            self.backward += 2 * products - weight
        if needed:
            self.backward += 2 * products - self.n * channels * read**2
        if bias:
            self.forward += y
            self.inference += y
            if self.parameter(name + ".bias", outputs):
                self.backward += y - outputs
        return outputs, result

    def elements(self, x):
        return self.n * x[0] * x[1] ** 2

    def norm(self, x, name, scale, sum_of_dy_is_known=False):
        """BatchNormalization; without scale it is fixed at 1: no parameter, no product with it. Two that meet in an addition have the
        same dy: the gradient of the bias, its sum, is a common subexpression."""
        e, k = self.elements(x), x[0]
        self.forward += 6 * e + 5 * k - (not scale) * k
        self.forward += 6 * k  # running mean and variance
        self.inference += 2 * e + 5 * k - (not scale) * k
        if scale:
            self.parameter(name + ".scale", k)
        self.parameter(name + ".bias", k)
        self.statistics += 2 * k
        self.backward += 8 * e + 6 * k - (e - k) * sum_of_dy_is_known
        return x

    def activation(self, x, forward, gradient):
        self.forward += forward * self.elements(x)
        self.inference += forward * self.elements(x)
        self.backward += gradient * self.elements(x) * self.needed
        return x

    def gelu(self, x):  # 0.5*x*(1 + erf(x/sqrt 2)); dy*(0.5*erf(t) + 0.5 + x*exp(c - t*t))
        return self.activation(x, 5, 10)

    def relu(self, x):
        return self.activation(x, 1, 2)

    def max_pool(self, x, size):
        y = (x[0], x[1] // size)
        self.forward += 2 * (size**2 - 1) * self.elements(y)  # keeps the position
        self.inference += (size**2 - 1) * self.elements(y)
        self.backward += self.elements(y)
        return y

    def average(self, x):
        self.forward += self.elements(x)  # E - N*K additions, N*K multiplications
        self.inference += self.elements(x)
        self.backward += self.n * x[0]
        return x[0]

    def add(self, x):
        self.forward += self.elements(x)
        self.inference += self.elements(x)
        return x

    def meet(self, x):
        """Two gradients of one tensor are added."""
        self.backward += self.elements(x)

    def linear(self, inputs, bias):
        n, k, l = self.n, inputs, CLASSES
        self.forward += n * l * (2 * k - 1)
        self.inference += n * l * (2 * k - 1)
        self.parameter("head.weight", k * l)
        self.backward += k * l * (2 * n - 1) + n * k * (2 * l - 1)
        if bias:
            self.forward += n * l
            self.inference += n * l
            self.parameter("head.bias", l)
            self.backward += l * (n - 1)

    def scale_logits(self):
        for attribute in ("forward", "inference", "backward"):
            setattr(self, attribute, getattr(self, attribute) + self.n * CLASSES)


def airbench(widths):
    def build(n, frozen):
        net = Network(n, frozen)
        x = net.gelu(net.conv((3, 32), "whiten", 24, kernel=2, pad=0, bias=True))
        for group, width in enumerate(widths, start=1):
            x = net.max_pool(net.conv(x, f"layers.{group}.conv1", width), 2)
            x = net.gelu(net.norm(x, f"layers.{group}.norm1", scale=False))
            x = net.norm(net.conv(x, f"layers.{group}.conv2", width), f"layers.{group}.norm2", scale=False)
            x = net.gelu(x)
        net.linear(net.max_pool(x, 3)[0], bias=False)
        net.scale_logits()
        return net

    return build


def resnet20(n, frozen):
    net = Network(n, frozen)
    x = net.relu(net.norm(net.conv((3, 32), "stem", 16), "stem.norm", scale=True))
    for stage, width in enumerate((16, 32, 64)):
        for block in range(3):
            stride = 2 if stage and not block else 1
            name = f"{stage}.{block}"
            y = net.relu(net.norm(net.conv(x, name + ".conv1", width, stride=stride), name + ".norm1", scale=True))
            y = net.norm(net.conv(y, name + ".conv2", width), name + ".norm2", scale=True)
            if stride == 2:
                shortcut = net.conv(x, name + ".shortcut", width, kernel=1, stride=2, pad=0)
                net.norm(shortcut, name + ".norm3", scale=True, sum_of_dy_is_known=True)
            net.meet(x)
            x = net.relu(net.add(y))
    net.linear(net.average(x), bias=True)
    return net


def whitening():
    """Eigenvectors of 2x2 patches of 5,000 images, and their negatives."""
    d, patches, sweeps = 12, 5000 * 31 * 31, 12
    pairs = d * (d - 1) // 2
    covariance = 2 * patches * d * d - d * d + d * d  # sums of products, times 1/P
    # One rotation: 17 operations for its angle, 6 for each of 3*d pairs of elements; then pairwise compares sort.
    eigen = sweeps * pairs * (17 + 18 * d) + pairs
    return 3 * 5000 * PIXELS + covariance + eigen + d + d + d * d + d * d  # add eps, sqrt, divide, negate


def evaluation(build, views, smoothing, size):
    """One batch: normalize, the network on each kind of image, views, right answers, loss."""
    images = {1: 1, 3: 6}[views]
    mixes = {1: 0, 3: 5}[views]  # mirror at 3 places, then two means of them
    logits = size * CLASSES
    right = size * (2 * (CLASSES - 1) + 1) + size - 1 + 1  # position of the maximum, 1 or 0, sum, added to the total
    loss = size * (5 * CLASSES + 2 if smoothing else 4 * CLASSES) + size - 1 + 1
    return 3 * PIXELS * size + images * build(size, ()).inference + mixes * 2 * logits + views * (right + loss)


def count(network):
    airbenches = {"a16": ((16, 32, 32), 512, 5, 1), "a64": ((64, 128, 128), 1024, 11, 3)}
    total = collections.Counter()
    if network in airbenches:
        widths, batch, epochs, freeze = airbenches[network]
        build, smoothing, views, per_epoch, last = airbench(widths), True, 3, IMAGES // batch, batch
        steps = epochs * per_epoch
        rows = [(freeze * per_epoch, batch, ("whiten.weight",)), (steps - freeze * per_epoch, batch, ("whiten.weight", "whiten.bias"))]
        rate, evaluation_size = 8, 500 if batch < 1000 else 1000  # l2 2, momentum 2, Nesterov 2, update 2
        tensors = build(batch, ()).tensors
        # The filters beyond the identity are drawn: a random number, times, minus.
        channels = [24, widths[0], widths[0], widths[1], widths[1], widths[2]]
        outputs = [width for width in widths for _ in range(2)]
        drawn = sum(max(o - i, 0) * i * 9 for i, o in zip(channels, outputs)) + tensors["head.weight"]
        total["initialization"] = whitening() + 3 * drawn
        total["data"] += IMAGES  # the first flips; later ones alternate
        crop, flip = 2, 0
        # Lookahead every 5 steps on everything that is trained until the first synchronisation after it froze, and on statistics.
        averaged = sum(tensors.values()) - tensors["whiten.weight"] - tensors["whiten.bias"] + build(batch, ()).statistics
        total["averaging"] = 3 * averaged * (steps // 5) + 3 * tensors["whiten.bias"] * math.ceil(freeze * per_epoch / 5)
    else:
        batch, epochs, build, smoothing, views = 128, 164, resnet20, False, 1
        per_epoch, last = math.ceil(IMAGES / batch), IMAGES % batch
        steps = epochs * per_epoch
        rows = [(epochs * (per_epoch - 1), batch, ()), (epochs, last, ())]
        rate, evaluation_size = 6, 125
        tensors = build(batch, ()).tensors
        convolutions = sum(elements for name, elements in tensors.items() if ".weight" in name and "head" not in name)
        total["initialization"] = 2 * convolutions + 3 * tensors["head.weight"]
        crop, flip = 2, 1
    for trips, n, frozen in rows:
        net = build(n, frozen)
        trained = sum(elements for name, elements in tensors.items() if name not in frozen)
        total["data"] += trips * n * (3 * PIXELS + crop + flip)
        total["forward"] += trips * net.forward
        total["loss"] += trips * n * CLASSES * (6 if smoothing else 5)
        total["backward"] += trips * net.backward
        total["optimizer"] += trips * rate * trained
        total["monitoring"] += trips * (n * (5 * CLASSES + 2 if smoothing else 4 * CLASSES) + n - 1 + 1)
    started = math.ceil(steps / per_epoch)
    evaluations = math.ceil(started / (11 if network == "a64" else 1))  # R2 evaluates at its end alone
    total["data"] += started * (IMAGES - 1)  # shuffles
    total["evaluation"] = evaluations * TEST // evaluation_size * evaluation(build, views, smoothing, evaluation_size)
    return total, sum(tensors.values())


def main():
    network, path = sys.argv[1:]
    counts, parameters = count(network)
    report = json.load(open(path))
    outside = ("evaluation", "monitoring")
    theirs = {phase: int(report[phase]) for phase in outside}
    theirs |= {phase: int(number) for phase, number in report["operations"].items() if phase != "total"}
    for phase in sorted(counts | theirs):
        equal = counts[phase] == theirs[phase]
        print(f"{network} {phase}: {counts[phase]}" + ("" if equal else f", report {theirs[phase]} DIFFERENT"))
    operations = sum(number for phase, number in counts.items() if phase not in outside)
    print(f"{network}: {parameters} parameters, {operations} operations")
    same = counts == theirs or all(counts[phase] == theirs[phase] for phase in theirs)
    total = int(report["operations"]["total"]), int(report["parameters"]["total"]), int(report["complexity"])
    sys.exit(not (same and total == (operations, parameters, operations + parameters)))


main()
