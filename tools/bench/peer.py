# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the scripts that time another framework share: their command line, and the speed and memory of a step. Each prints images/s and bytes."""
import argparse
import os
import statistics
import time

STEPS, WARM = 12, 3
LEARNING_RATE, MOMENTUM, DECAY = 0.05, 0.9, 5e-4  # as in bench.yaml


def parse(description, modes=("eager",), precisions=("f32",)):
    """The options; the process is kept to as many processors as there are threads."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("model", help="ONNX file that takes [N, C, H, W] and gives logits [N, classes]")
    parser.add_argument("--mode", choices=modes, default=modes[0])
    parser.add_argument("--precision", choices=precisions, default=precisions[0])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
    return options


def image_shape(graph):
    """(channels, height, width), and the number of classes, of an ONNX graph."""
    sizes = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim]
    return tuple(sizes[1:]), graph.output[0].type.tensor_type.shape.dim[1].dim_value


def memory(what):
    """Bytes of this process now (VmRSS), or the most so far (VmHWM)."""
    return next(1024 * int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(what))


def print_speed(step, batch, before):
    """Of the calls of `step`, each a whole training step, without the first ones: images/s by the median, and the most memory beyond `before`, the
    bytes of the process without network and data."""
    seconds = []
    for number in range(STEPS):
        if number == WARM:
            open("/proc/self/clear_refs", "w").write("5")  # what compilers needed is forgotten
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    print(batch / statistics.median(seconds[WARM:]), memory("VmHWM") - before)
