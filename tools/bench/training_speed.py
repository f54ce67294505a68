# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Training speed against PyTorch, JAX and ONNX Runtime, side by side in one run.

Compiles each network with recipe bench.yaml, then times the trainer and each peer in turn, round after round, and prints a row for each
network, precision, batch and number of threads: images/s (medians over the rounds), the ratio of Tally to the fastest mode of PyTorch (median of
the rounds' ratios, and their range: above 1 Tally is faster), and the bytes of a step against those of PyTorch's eager mode. A network is a name
of the zoo or an ONNX file that takes [N, C, H, W]. The Python environments of the peers are made where they are missing (tools/scripts/peer-venv).
`--chart` draws the rows, also those of an earlier run (`--from rows.json`).
"""
import argparse
import functools
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

from peer import STEPS, WARM
from roofline import processor

ROOT = pathlib.Path(__file__).resolve().parents[2]
TALLY = ROOT / "build/bin/tally"
# Environment (tools/scripts/peer-venv), arguments, and the precisions it has.
PEERS = {
    "eager": ("torch", ["--mode", "eager"], ("f32", "bf16")),
    "inductor": ("torch", ["--mode", "inductor"], ("f32", "bf16")),
    "jax": ("jax", [], ("f32",)),
    "ort": ("ort", [], ("f32",)),
}
NAMES = {"eager": "PyTorch eager", "inductor": "PyTorch inductor", "jax": "JAX", "ort": "ONNX Runtime"}
PRECISIONS = ("f32", "bf16")
CONVOLUTIONS = ("direct", "winograd_2", "winograd_4", "fewest_operations")  # of Tally; a peer takes what it likes
# The same instructions for all: `tally build --march`, and what keeps oneDNN, PyTorch's own kernels and XLA to them.
ISAS = {
    "native": ("native", {}),
    "avx2": ("x86-64-v3", {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}),
    "avx512": ("x86-64-v4", {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "ATEN_CPU_CAPABILITY": "avx512", "XLA_FLAGS": "--xla_cpu_max_isa=AVX512"}),
    "amx": ("sapphirerapids", {}),
}


@functools.cache
def python_of(environment):
    """The Python that has the packages of a peer."""
    return subprocess.run([ROOT / "tools/scripts/peer-venv", environment], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def time_peer(peer, model, precision, batch, threads, environment):
    """images/s, and the bytes of a step; nothing where the peer cannot train the network."""
    script = ROOT / f"tools/bench/peer_{PEERS[peer][0]}.py"
    command = [python_of(PEERS[peer][0]), script, model, *PEERS[peer][1], "--precision", precision, "--batch", str(batch), "--threads", str(threads)]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})
    if result.returncode:
        print(f"{NAMES[peer]} does not train {pathlib.Path(model).stem}: {result.stderr.strip().splitlines()[-1:]}", flush=True)
        return None, None
    rate, bytes_of_step = result.stdout.split()[-2:]
    return float(rate), int(bytes_of_step)


def time_tally(trainer, data, batch, threads, log):
    """images/s of the compiled program, from its own log: as of the peers, by the median of the steps behind the first ones."""
    subprocess.run([trainer, "--data", data, "--threads", str(threads), "--max-steps", str(STEPS), "--overwrite", "--log", log, "--progress", "none"], check=True,
                   stdout=subprocess.DEVNULL)
    events = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
    ends = [event["seconds"] for event in events if event["event"] == "step"]
    return batch / statistics.median(end - start for start, end in itertools.pairwise(ends[WARM - 1 :]))


def build(model, precision, convolution, batch, march, folder):
    """The trainer, and the bytes that its steps need by the report."""
    recipe, trainer = pathlib.Path(folder, "bench.yaml"), f"{folder}/trainer"
    recipe.write_text((ROOT / "tools/bench/bench.yaml").read_text().replace("batch_size: 128", f"batch_size: {batch}") + f"precision: {precision}\nconvolution: {convolution}\n")
    report = subprocess.run([TALLY, "cost", model, "--recipe", recipe, "--format", "json"], check=True, stdout=subprocess.PIPE).stdout
    subprocess.run([TALLY, "build", model, "--recipe", recipe, "--march", march, "--progress", "none", "-o", trainer], check=True)
    return trainer, int(json.loads(report)["memory"]["peak_bytes"])


def measure(options, model, trainer, own_bytes, precision, convolution, batch, threads, folder):
    """A row: images/s of Tally and of each peer by round, in turn, and bytes."""
    environment = ISAS[options.isa][1]
    peers = [peer for peer in options.modes if precision in PEERS[peer][2]]
    rates, peer_bytes = {name: [] for name in ["tally", *peers]}, {}
    for _ in range(options.rounds):
        for peer in peers:
            rate, peer_bytes[peer] = time_peer(peer, model, precision, batch, threads, environment)
            rates[peer].append(rate)
        rates["tally"].append(time_tally(trainer, options.data, batch, threads, f"{folder}/log.jsonl"))
    rates = {name: rate for name, rate in rates.items() if None not in rate}
    return {"network": pathlib.Path(model).stem, "precision": precision, "convolution": convolution, "batch": batch, "threads": threads, "isa": options.isa, "processor": processor(),
            "images_per_second": rates, "bytes": {"tally": own_bytes, **peer_bytes}}


def ratios(row):
    """Of Tally to the fastest mode of PyTorch, by round."""
    rates = row["images_per_second"]
    peers = [rates[peer] for peer in ("eager", "inductor") if peer in rates] or [rate for name, rate in rates.items() if name != "tally"]
    return [ours / max(theirs) for ours, *theirs in zip(rates["tally"], *peers)]


def cells(row, modes):
    rates, ratio, bytes_of = row["images_per_second"], ratios(row), row["bytes"]
    shown = [f"{statistics.median(rates[name]):.0f}" if name in rates else "-" for name in ["tally", *modes]]
    memory = f"{bytes_of['tally'] / 1e6:.0f} MB, {bytes_of['tally'] / bytes_of['eager']:.2f}" if bytes_of.get("eager") else f"{bytes_of['tally'] / 1e6:.0f} MB"
    return [row["network"], row["precision"], row["convolution"], row["batch"], row["threads"], *shown,
            f"{statistics.median(ratio):.2f} ({min(ratio):.2f} to {max(ratio):.2f})" if ratio else "-", memory]


def draw(rows, path):
    """Bars of images/s by network, each network's fastest mode of PyTorch being 1."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = [row for row in rows if ratios(row)]
    labels = [f"{row['network']} {row['precision']}\n{row['convolution']}\nbatch {row['batch']}, {row['threads']} thr." for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row["images_per_second"]))
    figure, axes = plt.subplots(figsize=(2 + 1.3 * len(rows), 3.6), layout="constrained")
    for number, name in enumerate(names):
        heights = []
        for row in rows:
            rates = row["images_per_second"]
            best = statistics.median(rates["tally"]) / statistics.median(ratios(row))
            heights.append(statistics.median(rates[name]) / best if name in rates else 0)
        axes.bar([x + number / (len(names) + 1) for x in range(len(rows))], heights, 1 / (len(names) + 1), label=NAMES.get(name, "Tally"))
    axes.axhline(1, color="gray", linewidth=0.8)
    axes.set_xticks([x + (len(names) - 1) / 2 / (len(names) + 1) for x in range(len(rows))], labels, fontsize=8)
    axes.set_ylabel("images/s, fastest PyTorch = 1")
    axes.set_title(f"{rows[0]['processor']}, {rows[0]['isa']} instructions", fontsize=9)
    axes.legend(fontsize=8)
    figure.savefig(path)


def print_table(rows, modes):
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in cells(row, modes))} |", flush=True)


def choice(known, what):
    def parse(text):
        words = text.split(",")
        if not set(words) <= set(known):
            raise argparse.ArgumentTypeError(f"expected some {what} of {', '.join(known)}, got {text}")
        return words

    return parse


def numbers(text):
    return [int(word) for word in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="folder of CIFAR-10")
    parser.add_argument("networks", nargs="*", default=["resnet20", "a64", "a256", "resnet9", "resnet18", "mobilenet_v2", "densenet100"])
    parser.add_argument("--batch", type=numbers, default=[128], help="N,...")
    parser.add_argument("--threads", type=numbers, default=[2], help="N,...")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--modes", type=choice(PEERS, "peers"), default=["eager", "inductor"], help=f"peers: {', '.join(f'{name} ({text})' for name, text in NAMES.items())}")
    parser.add_argument("--precisions", type=choice(PRECISIONS, "precisions"), default=["f32"], help=f"some of {', '.join(PRECISIONS)}")
    parser.add_argument("--convolutions", type=choice(CONVOLUTIONS, "algorithms"), default=["direct"], help=f"Tally's: some of {', '.join(CONVOLUTIONS)}")
    parser.add_argument("--isa", choices=ISAS, default="native", help="instructions that all may use")
    parser.add_argument("--output", type=pathlib.Path, help="file for the rows, as JSON")
    parser.add_argument("--chart", type=pathlib.Path, help="file for a chart (.svg, .png); needs matplotlib")
    parser.add_argument("--from", dest="earlier", type=pathlib.Path, help="rows of an earlier run, instead of measuring")
    options = parser.parse_args()
    if not options.data and not options.earlier:
        parser.error("expects the folder of CIFAR-10, or --from")
    rows = json.loads(options.earlier.read_text()) if options.earlier else []
    print(f"{rows[0]['processor'] if rows else processor()}, {options.isa} instructions, medians of {options.rounds} rounds, images/s\n")
    print(f"| network | precision | convolution | batch | threads | Tally | {' | '.join(NAMES[mode] for mode in options.modes)} | Tally / fastest PyTorch | memory of a step, of PyTorch's |")
    print("|---" * (len(options.modes) + 8) + "|", flush=True)
    print_table(rows, options.modes)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.networks if options.data else []:
            model = name
            if not name.endswith(".onnx"):
                model = f"{folder}/{name}.onnx"
                subprocess.run([TALLY, "zoo", name, "-o", model], check=True)
            for precision, convolution, batch in itertools.product(options.precisions, options.convolutions, options.batch):
                trainer, own_bytes = build(model, precision, convolution, batch, ISAS[options.isa][0], folder)
                for threads in options.threads:
                    rows.append(measure(options, model, trainer, own_bytes, precision, convolution, batch, threads, folder))
                    print_table(rows[-1:], options.modes)
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1) + "\n")
    if options.chart:
        draw(rows, options.chart)


if __name__ == "__main__":
    main()
