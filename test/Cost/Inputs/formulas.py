# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the reports of one small network under many recipes with the formulas of the counting rules, computed here:
formulas.py SOURCE FOLDER. Prints one line a formula: what it says and what one element costs."""
import fractions
import json
import pathlib
import subprocess
import sys

N, IMAGES, EPOCHS, CLASSES = 50, 200, 2, 10
STEPS = EPOCHS * IMAGES // N
BASE = {
    "loss": "{name: cross_entropy}",
    "optimizer": "{name: sgd, lr: 0.1}",
    "epochs": str(EPOCHS),
    "batch_size": str(N),
    "data": "{name: cifar10, train_images: 200, test_images: 100}",
}
DATA = "{name: cifar10, train_images: 200, test_images: 100, augment: [%s]}"


def write_model(source, path):
    sys.path.insert(0, str(source / "tools" / "zoo"))
    import graph  # the layers of the zoo
    import onnx

    net = graph.Graph("formulas")
    x = net.conv("x", "first", (3, 4), stride=2)  # 16x16
    x = net.activation(net.norm(x, "norm", 4), "relu")
    x = net.max_pool(x, "pool", 2)  # 8x8
    x = net.conv(x, "second", (4, 6))
    x = net.node("Flatten", "flatten", [net.node("GlobalAveragePool", "mean", [x])])
    onnx.save(net.model(net.linear(x, "head", (6, CLASSES)), CLASSES), path)


class Reports:
    def __init__(self, folder):
        self.folder, self.failed = folder, False

    def cost(self, **changes):
        recipe = self.folder / "recipe.yaml"
        recipe.write_text("".join(f"{key}: {value}\n" for key, value in (BASE | changes).items()), encoding="utf-8")
        command = ["tally", "cost", self.folder / "model.onnx", "--recipe", recipe, "--format", "json"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def expect(self, name, actual, expected, elements=1):
        wrong = "" if actual == expected else f", expected {fractions.Fraction(expected, elements)}"
        print(f"{name}: {fractions.Fraction(actual, elements)}{wrong}")
        self.failed |= actual != expected


def operations(report, phase):
    return int(report["operations"][phase])


def layer(report, name, phase):
    """The operations of one step."""
    return sum(int(row["operations"]) for row in report["layers"] if row["name"] == name and row["phase"] == phase) // STEPS


def check_layers(reports):
    report = reports.cost()
    E, K = N * 4 * 16 * 16, 4
    reports.expect("batch normalization and its statistics, 6E + 5K + 6K", layer(report, "norm", "forward"), 6 * E + 11 * K)
    reports.expect("its gradient, 8E + 6K", layer(report, "norm", "backward"), 8 * E + 6 * K)
    pooled = N * 4 * 8 * 8
    reports.expect("max pooling over 4 taps, 2(K-1) per output", layer(report, "pool", "forward"), 6 * pooled, pooled)
    reports.expect("its gradient, 1 per output", layer(report, "pool", "backward"), pooled, pooled)
    M = N * 6 * 8 * 8 * 4 * 3 * 3
    reports.expect("convolution, 2M less the outputs", layer(report, "second", "forward"), 2 * M - N * 6 * 64)
    reports.expect("its gradients, 4M less inputs and weights", layer(report, "second", "backward"), 4 * M - N * 4 * 64 - 216)
    M = N * 4 * 16 * 16 * 3 * 3 * 3
    reports.expect("the first convolution has no input gradient", layer(report, "first", "backward"), 2 * M - 108)
    k, L = 6, CLASSES
    reports.expect("Gemm with bias, 2KLN", layer(report, "head", "forward"), 2 * k * L * N)
    reports.expect("its gradients", layer(report, "head", "backward"), k * L * (2 * N - 1) + L * (N - 1) + N * k * (2 * L - 1))
    reports.expect("cross entropy, 5L per sample", operations(report, "loss"), 5 * L * N * STEPS, N * STEPS)
    smoothed = reports.cost(loss="{name: cross_entropy, label_smoothing: 0.2}")
    reports.expect("with smoothing, 6L per sample", operations(smoothed, "loss"), 6 * L * N * STEPS, N * STEPS)
    E = N * 6 * 8 * 8
    reports.expect("global mean, as many as elements", layer(report, "mean", "forward"), E, E)


def check_optimizers(reports):
    weights = int(reports.cost()["parameters"]["trained"])
    rows = [
        ("sgd", "{name: sgd, lr: 0.1}", 2),
        ("l2 decay", "{name: sgd, lr: 0.1, weight_decay: 0.01}", 4),
        ("momentum", "{name: sgd, lr: 0.1, momentum: 0.9}", 4),
        ("momentum, l2 decay", "{name: sgd, lr: 0.1, momentum: 0.9, weight_decay: 0.01}", 6),
        ("Nesterov", "{name: sgd, lr: 0.1, momentum: 0.9, nesterov: true}", 6),
        ("Nesterov, l2 decay", "{name: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01}", 8),
        ("momentum, decoupled decay", "{name: sgd, lr: 0.1, momentum: 0.9, weight_decay: 0.01, decay: decoupled}", 5),
        ("Adam", "{name: adam, lr: 0.1}", 13),
        ("Adam, l2 decay", "{name: adam, lr: 0.1, weight_decay: 0.01}", 15),
        ("AdamW", "{name: adamw, lr: 0.1, weight_decay: 0.01}", 14),
    ]
    for name, optimizer, price in rows:
        report = reports.cost(optimizer=optimizer, schedule="{name: cosine}")
        reports.expect(f"{name}, per parameter", operations(report, "optimizer"), price * weights * STEPS, weights * STEPS)
    rows = [
        ("ema every step", "{name: ema, decay: 0.9, every: 1 steps, statistics: false}", weights, STEPS),
        ("ema of statistics, too", "{name: ema, decay: 0.9, every: 2 steps, statistics: true}", weights + 8, STEPS // 2),
        ("lookahead", "{name: lookahead, every: 3 steps, keep: {scale: 0.7, power: 3}, statistics: false}", weights, STEPS // 3),
    ]
    for name, averaging, elements, times in rows:
        report = reports.cost(averaging=averaging)
        reports.expect(f"{name}, per element and synchronisation", operations(report, "averaging"), 3 * elements * times, elements * times)


def check_data(reports):
    drawn, values = N * STEPS, N * STEPS * 3 * 32 * 32
    plain = operations(reports.cost(shuffle="false"), "data")
    reports.expect("normalization, per channel value", plain, 3 * values, values)
    shuffled = reports.cost()
    reports.expect("shuffle of 200 images, per epoch", operations(shuffled, "data") - plain, (IMAGES - 1) * EPOCHS, EPOCHS)
    rows = [("random flip", "{flip: random}", 1), ("crop", "{crop: {pad: 2, mode: reflect}}", 2),
            ("crop with zeros", "{crop: {pad: 4, mode: zero}}", 2), ("cutout", "{cutout: {size: 8}}", 2)]
    for name, augment, price in rows:
        extra = operations(reports.cost(data=DATA % augment), "data") - operations(shuffled, "data")
        reports.expect(f"{name}, per image drawn", extra, price * drawn, drawn)
    extra = operations(reports.cost(data=DATA % "{flip: alternating}"), "data") - operations(shuffled, "data")
    reports.expect("alternating flip, per image of the set", extra, IMAGES, IMAGES)
    frozen = reports.cost(groups="[{kind: norm.scale, trainable: false, init: ones}, {match: 'head.*', trainable: false}]")
    reports.expect("a frozen head and a scale fixed at 1 cost no update", operations(frozen, "optimizer"), 2 * (108 + 4 + 216) * STEPS)
    E, K = N * 4 * 16 * 16, 4
    reports.expect("without scale 6E + 4K + 6K", layer(frozen, "norm", "forward"), 6 * E + 10 * K)
    reports.expect("a frozen head has an input gradient alone, NK(2L-1)", layer(frozen, "head", "backward"), N * 6 * (2 * CLASSES - 1))


def main():
    source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    write_model(source, folder / "model.onnx")
    reports = Reports(folder)
    check_layers(reports)
    check_optimizers(reports)
    check_data(reports)
    sys.exit(reports.failed)


main()
