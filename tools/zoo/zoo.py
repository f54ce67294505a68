# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks of the zoo as ONNX: zoo.py [NAME [-o FILE] [--classes N] [--activation A] [--head H]]; without a name, their list.

Weights have fixed seeds; the recipes beside this file initialise them anew.
"""
import argparse
import pathlib
import sys

try:
    import onnx
except ImportError:
    sys.exit(f"error: {sys.executable} has no package onnx: install it (pip install onnx), or set TALLY_PYTHON to a Python that has it")
from graph import Graph

# Factor of the inner channels, channels, blocks, stride of the first block.
MOBILENET_STAGES = ((1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
ACTIVATIONS = {"gelu": "Gelu", "silu": "Swish", "relu": "Relu", "relu6": "Clip"}


def airbench(widths):
    """A(w1, w2, w3): frozen 2x2 whitening convolution, three groups of two 3x3 convolutions, max pooling, linear head / 9."""

    def build(name, classes, activation, head):
        graph, norm = Graph(name), {"epsilon": 1e-12, "keep": 0.6}
        kind = ACTIVATIONS[activation]
        x = graph.conv("x", "whiten", (3, 24), kernel=2, pad=0, bias=True)
        x = graph.activation(x, "whiten.activation", kind)
        channels = 24
        for index, width in enumerate(widths, start=1):
            group = f"layers.{index}"
            x = graph.conv(x, f"{group}.conv1", (channels, width))
            x = graph.max_pool(x, f"{group}.pool", 2)
            x = graph.norm(x, f"{group}.norm1", width, **norm)
            x = graph.activation(x, f"{group}.activation1", kind)
            x = graph.conv(x, f"{group}.conv2", (width, width))
            x = graph.norm(x, f"{group}.norm2", width, **norm)
            x = graph.activation(x, f"{group}.activation2", kind)
            channels = width
        x = graph.node("GlobalMaxPool", "pool", [x]) if head == "global_max" else graph.max_pool(x, "pool", 3)
        x = graph.node("Flatten", "flatten", [x])
        x = graph.linear(x, "head", (channels, classes), bias=False)
        return graph.model(graph.node("Mul", "logits", [x, graph.tensor("logit_scale", 1 / 9)]), classes)

    return build


def residual_block(graph, x, name, channels, stride, activation):
    """relu(norm(conv(relu(norm(conv x)))) + shortcut x); the shortcut is a 1x1 convolution where the shape changes."""
    y = graph.conv(x, f"{name}.conv1", channels, stride=stride)
    y = graph.activation(graph.norm(y, f"{name}.norm1", channels[1]), f"{name}.activation1", activation)
    y = graph.conv(y, f"{name}.conv2", (channels[1], channels[1]))
    y = graph.norm(y, f"{name}.norm2", channels[1])
    if stride != 1 or channels[0] != channels[1]:
        x = graph.conv(x, f"{name}.shortcut", channels, kernel=1, stride=stride)
        x = graph.norm(x, f"{name}.shortcut.norm", channels[1])
    return graph.activation(graph.node("Add", f"{name}.add", [y, x]), f"{name}.activation2", activation)


def resnet(stages, blocks):
    """Residual network for 32x32 images: 3x3 stem, stages of basic blocks (halving from the second on), global average, linear."""

    def build(name, classes, activation, head):
        graph, kind = Graph(name), ACTIVATIONS[activation]
        x = graph.conv("x", "stem", (3, stages[0]))
        x = graph.activation(graph.norm(x, "stem.norm", stages[0]), "stem.activation", kind)
        channels = stages[0]
        for stage, width in enumerate(stages, start=1):
            for block in range(1, blocks + 1):
                stride = 2 if stage > 1 and block == 1 else 1
                x = residual_block(graph, x, f"stage{stage}.block{block}", (channels, width), stride, kind)
                channels = width
        return graph.model(graph.linear(graph.global_pool(x, "pool", head), "head", (channels, classes)), classes)

    return build


def mobilenet_v2(name, classes, activation, head):
    """MobileNetV2 for 32x32 images: inverted residuals (1x1 to 6 times the channels, 3x3 in each channel, 1x1 back), of which three halve."""
    graph, kind = Graph(name), ACTIVATIONS[activation]

    def conv(x, layer, channels, **form):
        return graph.norm(graph.conv(x, layer, channels, **form), f"{layer}.norm", channels[1])

    def activated(x, layer, channels, **form):
        return graph.activation(conv(x, layer, channels, **form), f"{layer}.activation", kind)

    x, channels = activated("x", "stem", (3, 32)), 32
    for stage, (expansion, width, blocks, stride) in enumerate(MOBILENET_STAGES, start=1):
        for block in range(1, blocks + 1):
            layer, inner = f"stage{stage}.block{block}", expansion * channels
            y = activated(x, f"{layer}.expand", (channels, inner), kernel=1) if expansion > 1 else x
            y = activated(y, f"{layer}.depthwise", (inner, inner), stride=stride if block == 1 else 1, groups=inner)
            y = conv(y, f"{layer}.project", (inner, width), kernel=1)
            x = graph.node("Add", f"{layer}.add", [x, y]) if channels == width else y
            channels = width
    x = graph.global_pool(activated(x, "last", (channels, 1280), kernel=1), "pool", head)
    return graph.model(graph.linear(x, "head", (1280, classes)), classes)


def densenet(growth, blocks, stem):
    """DenseNet-BC for 32x32 images: each layer adds `growth` channels that it computes from all channels before it (norm, activation, 1x1,
    norm, activation, 3x3, concatenation); between blocks half the channels, and half the size, stay."""

    def build(name, classes, activation, head):
        graph, kind, width = Graph(name), ACTIVATIONS[activation], stem

        def conv(x, layer, channels, kernel):
            x = graph.activation(graph.norm(x, f"{layer}.norm", channels[0]), f"{layer}.activation", kind)
            return graph.conv(x, layer, channels, kernel=kernel)

        x = graph.conv("x", "stem", (3, width))
        for block, layers in enumerate(blocks, start=1):
            for number in range(1, layers + 1):
                layer = f"block{block}.layer{number}"
                y = conv(conv(x, f"{layer}.conv1", (width, 4 * growth), 1), f"{layer}.conv2", (4 * growth, growth), 3)
                x = graph.node("Concat", f"{layer}.concat", [x, y], axis=1)
                width += growth
            if block < len(blocks):
                x = conv(x, f"transition{block}", (width, width // 2), 1)
                x = graph.node("AveragePool", f"transition{block}.pool", [x], kernel_shape=[2, 2], strides=[2, 2])
                width //= 2
        x = graph.global_pool(graph.activation(graph.norm(x, "norm", width), "activation", kind), "pool", head)
        return graph.model(graph.linear(x, "head", (width, classes)), classes)

    return build


def resnet9(name, classes, activation, head):
    """The ResNet-9 of the DAWNBench entries: four 3x3 stages, two residual pairs, max pooling, linear head."""
    graph, kind = Graph(name), ACTIVATIONS[activation]

    def conv(x, layer, channels):
        x = graph.norm(graph.conv(x, layer, channels), f"{layer}.norm", channels[1])
        return graph.activation(x, f"{layer}.activation", kind)

    def residual(x, layer, width):
        y = conv(conv(x, f"{layer}.conv1", (width, width)), f"{layer}.conv2", (width, width))
        return graph.node("Add", f"{layer}.add", [x, y])

    x = conv("x", "prepare", (3, 64))
    x = residual(graph.max_pool(conv(x, "layer1", (64, 128)), "pool1", 2), "residual1", 128)
    x = graph.max_pool(conv(x, "layer2", (128, 256)), "pool2", 2)
    x = residual(graph.max_pool(conv(x, "layer3", (256, 512)), "pool3", 2), "residual2", 512)
    x = graph.node("GlobalMaxPool", "pool4", [x]) if head == "global_max" else graph.max_pool(x, "pool4", 4)
    x = graph.node("Flatten", "flatten", [x])
    return graph.model(graph.linear(x, "head", (512, classes), bias=False), classes)


# name: (builder, default activation, what it is)
NETWORKS = {
    "a16": (airbench((16, 32, 32)), "gelu", "A(16,32,32), recipe R0"),
    "a32": (airbench((32, 64, 64)), "gelu", "A(32,64,64), recipe R1"),
    "a64": (airbench((64, 128, 128)), "gelu", "A(64,128,128), recipe R2: 93 % on CIFAR-10 in 11 epochs"),
    "a256": (airbench((64, 256, 256)), "gelu", "A(64,256,256)"),
    "resnet20": (resnet((16, 32, 64), 3), "relu", "ResNet-20 with 1x1 shortcuts"),
    "resnet9": (resnet9, "relu", "ResNet-9 of the DAWNBench entries"),
    "resnet18": (resnet((64, 128, 256, 512), 2), "relu", "ResNet-18 for 32x32 images"),
    "mobilenet_v2": (mobilenet_v2, "relu6", "MobileNetV2 for 32x32 images"),
    "densenet100": (densenet(12, (16, 16, 16), stem=24), "relu", "DenseNet-BC of 100 layers, 12 channels each"),
    "densenet121": (densenet(32, (6, 12, 24, 16), stem=64), "relu", "DenseNet-121 for 32x32 images"),
}


def main():
    parser = argparse.ArgumentParser(description="write a network of the zoo as ONNX")
    parser.add_argument("name", nargs="?")
    parser.add_argument("-o", "--output", type=pathlib.Path)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--activation", choices=ACTIVATIONS)
    parser.add_argument("--head", choices=["default", "global_max"], default="default", help="the last pooling")
    options = parser.parse_args()
    if options.name is None:
        for name, (_, _, what) in NETWORKS.items():
            print(f"{name:12} {what}")
        return
    if options.name not in NETWORKS:
        sys.exit(f"error: no network '{options.name}' in the zoo (there are: {', '.join(NETWORKS)})")
    build, activation, _ = NETWORKS[options.name]
    model = build(options.name, options.classes, options.activation or activation, options.head)
    output = options.output or pathlib.Path(f"{options.name}.onnx")
    try:
        onnx.save(model, output)
    except OSError as error:
        sys.exit(f"error: cannot write {output}: {error.strerror}")


if __name__ == "__main__":
    main()
