# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Speed of a training step of PyTorch on the CPU, channels_last: peer_torch.py MODEL.onnx --mode eager|inductor --precision f32|bf16

bf16 is autocast. Needs the packages of tools/scripts/requirements-torch.txt.
"""
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scripts"))
from peer import DECAY, LEARNING_RATE, MOMENTUM, image_shape, memory, parse, print_speed  # noqa: E402
from torch_network import Network  # noqa: E402

options = parse(__doc__, modes=("eager", "inductor"), precisions=("f32", "bf16"))
torch.set_num_threads(options.threads)
before = memory("VmRSS")
network = Network(options.model)
for name, value in network.values.items():
    layout = torch.channels_last if value.dim() == 4 else torch.contiguous_format
    network.values[name] = value.to(memory_format=layout)
parameters = [network.values[name].requires_grad_() for name in network.parameters]
optimizer = torch.optim.SGD(parameters, lr=LEARNING_RATE, momentum=MOMENTUM, nesterov=True, weight_decay=DECAY)
shape, classes = image_shape(network.graph)
x = torch.randn(options.batch, *shape).to(memory_format=torch.channels_last)
labels = torch.randint(0, classes, (options.batch,))


def run(x):
    return network(x, True, sample_variance=True)


if options.mode == "inductor":
    # fx records the calls, so that the compiler sees a program of tensors and not the reader of an ONNX graph.
    run = torch.compile(torch.fx.symbolic_trace(run))


def step():
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
        loss = torch.nn.functional.cross_entropy(run(x), labels)
    loss.backward()
    optimizer.step()


print_speed(step, options.batch, before)
