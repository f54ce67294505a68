# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training speed against PyTorch (channels_last) in one run: training_speed.py DATA [NETWORK...] [--rounds N] [--threads N]

Compiles each network of the zoo with recipe bench.yaml, then times the trainer and PyTorch in turn and prints images/s and their ratio
(Tally / PyTorch: above 1 is faster). Needs the packages of tools/scripts/requirements-torch.txt.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BATCH, STEPS = 128, 12


def time_torch(model, threads):
    """images/s of PyTorch on the model, best layout of its own; median over steps, in a process of its own."""
    import torch

    sys.path.insert(0, str(ROOT / "tools/scripts"))
    from torch_network import Network

    torch.set_num_threads(threads)
    network = Network(model)
    for name, value in network.values.items():
        layout = torch.channels_last if value.dim() == 4 else torch.contiguous_format
        network.values[name] = value.to(memory_format=layout)
    parameters = [network.values[name].requires_grad_() for name in network.parameters]
    optimizer = torch.optim.SGD(parameters, lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4)
    x = torch.randn(BATCH, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (BATCH,))
    seconds = []
    for _ in range(STEPS):
        start = time.perf_counter()
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(x, True, sample_variance=True), labels).backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    return BATCH / statistics.median(seconds[2:])


def time_tally(trainer, data, threads, log):
    """images/s of the compiled program, from its own log."""
    subprocess.run([trainer, "--data", data, "--threads", str(threads), "--max-steps", str(STEPS), "--overwrite", "--log", log, "--progress", "none"], check=True,
                   stdout=subprocess.DEVNULL)
    events = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
    return next(event["images_per_second"] for event in events if event["event"] == "end")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("networks", nargs="*", default=["resnet20", "a256"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--torch-only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.torch_only:
        print(time_torch(options.torch_only, options.threads))
        return
    tally = ROOT / "build/bin/tally"
    with tempfile.TemporaryDirectory() as folder:
        for name in options.networks:
            model, trainer = f"{folder}/{name}.onnx", f"{folder}/{name}"
            subprocess.run([tally, "zoo", name, "-o", model], check=True)
            subprocess.run([tally, "build", model, "--recipe", ROOT / "tools/bench/bench.yaml", "-o", trainer], check=True)
            ratios, ours, theirs = [], [], []
            for _ in range(options.rounds):
                peer = subprocess.run([sys.executable, __file__, options.data, "--threads", str(options.threads), "--torch-only", model],
                                      check=True, capture_output=True, text=True)
                theirs.append(float(peer.stdout))
                ours.append(time_tally(trainer, options.data, options.threads, f"{folder}/log.jsonl"))
                ratios.append(ours[-1] / theirs[-1])
            print(f"{name}: Tally {statistics.median(ours):.0f} images/s, PyTorch {statistics.median(theirs):.0f} images/s, "
                  f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})", flush=True)


if __name__ == "__main__":
    main()
