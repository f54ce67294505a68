# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training speed against PyTorch, side by side in one run.

Compiles each network with recipe bench.yaml, then times the trainer and each mode of PyTorch in turn, round after round, and prints a row for
each network and precision: images/s (medians over the rounds) and the ratio of Tally to the fastest mode of that precision (median of the
rounds' ratios, and their range: above 1 Tally is faster). A network is a name of the zoo or an ONNX file that takes [N, C, H, W].
Needs the packages of tools/scripts/requirements-torch.txt (`tools/scripts/torch-venv` prints a Python that has them).
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS, WARM = 12, 3
MODES = {"eager": "channels_last", "inductor": "torch.compile, channels_last"}  # with autocast where the precision is bf16
PRECISIONS = ("f32", "bf16")
# The same instructions for both: `tally build --march`, and what keeps oneDNN and PyTorch's own kernels to them.
ISAS = {
    "native": ("native", {}),
    "avx2": ("x86-64-v3", {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}),
    "avx512": ("x86-64-v4", {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "ATEN_CPU_CAPABILITY": "avx512"}),
    "amx": ("sapphirerapids", {}),
}


def time_torch(model, mode, precision, batch, threads):
    """images/s of PyTorch on the model: median over steps, without the first ones."""
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
    _, channels, height, width = (dim.dim_value for dim in network.graph.input[0].type.tensor_type.shape.dim)
    x = torch.randn(batch, channels, height, width).to(memory_format=torch.channels_last)
    labels = torch.randint(0, network.graph.output[0].type.tensor_type.shape.dim[1].dim_value, (batch,))
    run = lambda x: network(x, True, sample_variance=True)
    if mode == "inductor":
        # fx records the calls, so that the compiler sees a program of tensors and not the reader of an ONNX graph.
        run = torch.compile(torch.fx.symbolic_trace(run))
    seconds = []
    for _ in range(STEPS):
        start = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = torch.nn.functional.cross_entropy(run(x), labels)
        loss.backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    return batch / statistics.median(seconds[WARM:])


def time_tally(trainer, data, threads, log):
    """images/s of the compiled program, from its own log."""
    subprocess.run([trainer, "--data", data, "--threads", str(threads), "--max-steps", str(STEPS), "--overwrite", "--log", log, "--progress", "none"], check=True,
                   stdout=subprocess.DEVNULL)
    events = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
    return next(event["images_per_second"] for event in events if event["event"] == "end")


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines() if platform.system() == "Linux" else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def measure(options, model, precision, modes, march, environment, folder):
    """images/s of Tally and of each mode of PyTorch, in turn."""
    recipe, trainer = pathlib.Path(folder, "bench.yaml"), f"{folder}/trainer"
    recipe.write_text((ROOT / "tools/bench/bench.yaml").read_text().replace("batch_size: 128", f"batch_size: {options.batch}") + f"precision: {precision}\n")
    subprocess.run([ROOT / "build/bin/tally", "build", model, "--recipe", recipe, "--march", march, "-o", trainer], check=True)
    rates = {mode: [] for mode in ["tally", *modes]}
    for _ in range(options.rounds):
        for mode in modes:
            command = [sys.executable, __file__, options.data, "--batch", str(options.batch), "--threads", str(options.threads), "--torch-only", model, mode, precision]
            peer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
            rates[mode].append(float(peer.stdout))
        rates["tally"].append(time_tally(trainer, options.data, options.threads, f"{folder}/log.jsonl"))
    return rates


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="folder of CIFAR-10")
    parser.add_argument("networks", nargs="*", default=["resnet20", "a64", "a256", "resnet9", "resnet18"])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--modes", default="eager,inductor", help=f"of PyTorch: {', '.join(f'{name} ({text})' for name, text in MODES.items())}")
    parser.add_argument("--precisions", default="f32", help=f"some of {', '.join(PRECISIONS)}")
    parser.add_argument("--isa", choices=ISAS, default="native", help="instructions that both may use")
    parser.add_argument("--torch-only", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.torch_only:
        print(time_torch(*options.torch_only, options.batch, options.threads))
        return
    modes, precisions = options.modes.split(","), options.precisions.split(",")
    for name, words, known in (("modes", modes, MODES), ("precisions", precisions, PRECISIONS)):
        if not set(words) <= set(known):
            parser.error(f"--{name}: expected some of {', '.join(known)}, got {','.join(words)}")
    march, environment = ISAS[options.isa]
    tally = ROOT / "build/bin/tally"
    print(f"{processor()}, {options.isa} instructions, batch {options.batch}, {options.threads} threads; images/s, medians of {options.rounds} rounds\n")
    print(f"| network | precision | Tally | {' | '.join('PyTorch ' + mode for mode in modes)} | Tally / fastest |")
    print("|---" * (len(modes) + 4) + "|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.networks:
            model = name
            if not name.endswith(".onnx"):
                model = f"{folder}/{name}.onnx"
                subprocess.run([tally, "zoo", name, "-o", model], check=True)
            for precision in precisions:
                rates = measure(options, model, precision, modes, march, environment, folder)
                ratios = [ours / max(theirs) for ours, *theirs in zip(*rates.values())]
                print(f"| {pathlib.Path(name).stem} | {precision} | " + " | ".join(f"{statistics.median(rate):.0f}" for rate in rates.values()) +
                      f" | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |", flush=True)


if __name__ == "__main__":
    main()
