# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks that counters are compared on, as ONNX: counter_networks.py FOLDER [NAME...]

Three are the zoo's; the fourth is a vision transformer for 32x32 images. Weights have fixed seeds.
"""
import argparse
import pathlib
import sys

import numpy as np
import onnx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "zoo"))
from graph import Graph
from zoo import NETWORKS as ZOO

PATCH, TOKENS, WIDTH, HEADS, BLOCKS, CLASSES = 4, 64, 192, 3, 6, 10
HEAD = WIDTH // HEADS


def dense(graph, x, name, features):
    """A linear layer of the last axis: MatMul and Add, as exporters write it."""
    x = graph.node("MatMul", f"{name}.product", [x, graph.uniform(f"{name}.weight", features)])
    return graph.node("Add", name, [x, graph.tensor(f"{name}.bias", np.full(features[1], 0.01))])


def layer_norm(graph, x, name):
    scale, bias = graph.tensor(f"{name}.scale", np.full(WIDTH, 1.01)), graph.tensor(f"{name}.bias", np.full(WIDTH, 0.01))
    return graph.node("LayerNormalization", name, [x, scale, bias], axis=-1, epsilon=1e-6)


def reshape(graph, x, name, shape):
    graph.initializers.append(onnx.numpy_helper.from_array(np.array(shape, np.int64), f"{name}.shape"))
    return graph.node("Reshape", name, [x, f"{name}.shape"])


def attention(graph, x, name):
    """softmax(q k^T / sqrt(HEAD)) v for each head, each of q, k and v by a linear layer of its own."""

    def heads(part, order):
        y = reshape(graph, dense(graph, x, f"{name}.{part}", (WIDTH, WIDTH)), f"{name}.{part}.heads", [0, TOKENS, HEADS, HEAD])
        return graph.node("Transpose", f"{name}.{part}.transposed", [y], perm=order)

    q, k, v = heads("q", [0, 2, 1, 3]), heads("k", [0, 2, 3, 1]), heads("v", [0, 2, 1, 3])
    q = graph.node("Mul", f"{name}.scaled", [q, graph.tensor(f"{name}.scale", HEAD**-0.5)])
    weights = graph.node("Softmax", f"{name}.softmax", [graph.node("MatMul", f"{name}.scores", [q, k])], axis=-1)
    y = graph.node("Transpose", f"{name}.tokens", [graph.node("MatMul", f"{name}.mixed", [weights, v])], perm=[0, 2, 1, 3])
    return dense(graph, reshape(graph, y, f"{name}.joined", [0, TOKENS, WIDTH]), f"{name}.out", (WIDTH, WIDTH))


def vit(name):
    """Patches of 4x4, positions, six blocks of attention and a two-layer perceptron, each behind a norm; the mean of the tokens, linear."""
    graph = Graph(name)
    x = graph.node("Conv", "patches", ["x", graph.uniform("patches.weight", (WIDTH, 3, PATCH, PATCH)), graph.tensor("patches.bias", np.full(WIDTH, 0.01))],
                   kernel_shape=[PATCH] * 2, strides=[PATCH] * 2)
    x = graph.node("Transpose", "tokens", [reshape(graph, x, "flat", [0, WIDTH, TOKENS])], perm=[0, 2, 1])
    x = graph.node("Add", "positioned", [x, graph.uniform("positions", (1, TOKENS, WIDTH))])
    for block in (f"block{number}" for number in range(1, BLOCKS + 1)):
        y = attention(graph, layer_norm(graph, x, f"{block}.norm1"), f"{block}.attention")
        x = graph.node("Add", f"{block}.add1", [x, y])
        y = dense(graph, layer_norm(graph, x, f"{block}.norm2"), f"{block}.mlp1", (WIDTH, 4 * WIDTH))
        y = dense(graph, graph.node("Gelu", f"{block}.gelu", [y]), f"{block}.mlp2", (4 * WIDTH, WIDTH))
        x = graph.node("Add", f"{block}.add2", [x, y])
    axes = graph.initializers.append(onnx.numpy_helper.from_array(np.array([1], np.int64), "axes")) or "axes"
    x = graph.node("ReduceMean", "pool", [layer_norm(graph, x, "norm"), axes], keepdims=0)
    return graph.model(graph.linear(x, "head", (WIDTH, CLASSES)), CLASSES)


def of_zoo(name):
    build, activation, _ = ZOO[name]
    return build(name, CLASSES, activation, "default")


NETWORKS = {"resnet18": of_zoo, "mobilenet_v2": of_zoo, "densenet121": of_zoo, "vit": vit}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NETWORKS)}; default: all")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.names or NETWORKS:
        onnx.save(NETWORKS[name](name), options.folder / f"{name}.onnx")


if __name__ == "__main__":
    main()
