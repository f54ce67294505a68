# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How near the kernels of a step come to what the machine can do: roofline.py TRACE.json [--threads N]
Measures the machine for `tally cost --machine FILE`: roofline.py --machine FILE [--threads N]
How far the time that is estimated was off: roofline.py --predict DATA [NETWORK...]

TRACE.json is what a trainer's `--profile` writes. The machine's limits are measured first: the rate of a large matrix product in f32 (NumPy's
library) and the rate at which memory is copied, with as many threads. Each kernel belongs to the class of its phase and of what it does (products:
more than 8 operations for each byte that it must move); for each class: its share of the steps' time, and the share of the limit that binds it
(operations a second of the product's rate, or bytes a second of the copy's). With the largest kernels of each class one sees what holds it back.

`--predict` measures the machine, lets `tally cost --machine` estimate the seconds of a step of networks of the zoo (recipe bench.yaml), and times the
trainers' steps.
"""
import argparse
import collections
import json
import os
import pathlib
import platform
import subprocess
import time

INTENSE = 8  # operations a byte


def fastest(work, rounds=5):
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines() if platform.system() == "Linux" else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def set_threads(threads):
    """Before NumPy is imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)


def product_rate(kind):
    """Operations a second of a product of 2048 x 2048 matrices."""
    import numpy as np

    size = 2048
    a, b = np.ones((size, size), kind), np.ones((size, size), kind)
    return 2 * size**3 / fastest(lambda: a @ b)


def copy_rate(threads, bytes_each):
    """Bytes a second, read and written, of threads that each copy so many bytes again and again."""
    import concurrent.futures

    import numpy as np

    elements = bytes_each // 8
    pairs = [(np.ones(elements), np.empty(elements)) for _ in range(threads)]
    times = max(1, (1 << 28) // bytes_each)

    def copy(pair):
        for _ in range(times):
            np.copyto(pair[1], pair[0])

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return 2 * 8 * elements * times * threads / fastest(lambda: list(pool.map(copy, pairs)))


def limits(threads):
    """Operations and bytes a second: a product in f32, and a copy of 256 MB."""
    set_threads(threads)
    return product_rate("float32"), copy_rate(threads, (1 << 28) // threads)


def caches(threads):
    """The sizes of the caches that hold data, with those of all threads together, and how much of each a thread has; Linux says."""
    found = []
    for index in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        if (index / "type").read_text().strip() == "Instruction":
            continue
        size = int((index / "size").read_text().strip().rstrip("K")) << 10
        sharing = sum(1 + int(last or first) - int(first) for first, _, last in (part.partition("-") for part in (index / "shared_cpu_list").read_text().split(",")))
        found.append((size * max(1, threads // sharing), size // min(sharing, threads)))
    return found


def write_machine(path, threads):
    """What a call of NumPy takes hides the rate of caches below 256 kB: they are left out."""
    set_threads(threads)
    peak = {kind: product_rate(name) for kind, name in (("f64", "float64"), ("f32", "float32"))}
    # Half of a cache holds what is read and what is written.
    levels = [f"{{size: {size}, bytes_per_second: {copy_rate(threads, share // 4):.3e}}}" for size, share in caches(threads) if share >= 1 << 18]
    memory = copy_rate(threads, (1 << 28) // threads)
    path.write_text(f"""# {processor()}, {threads} threads, measured by tools/bench/roofline.py: products of matrices by NumPy, copies in caches and memory.
operations_per_second: {{f64: {peak["f64"]:.3e}, f32: {peak["f32"]:.3e}, other: {peak["f32"]:.3e}}}
caches: [{", ".join(levels)}]
bytes_per_second: {memory:.3e}
energy: 7nm
""")


def predict(data, networks, threads):
    """A row for each network: seconds of a step as estimated and as measured."""
    import tempfile

    from training_speed import TALLY, build, time_tally

    print(f"{processor()}, {threads} threads\n\n| network | operations alone, ms | data alone, ms | estimated step, ms | measured step, ms | measured / estimated |")
    print("|---" * 6 + "|")
    with tempfile.TemporaryDirectory() as folder:
        machine = pathlib.Path(folder, "host.yaml")
        write_machine(machine, threads)
        for name in networks:
            model = f"{folder}/{name}.onnx"
            subprocess.run([TALLY, "zoo", name, "-o", model], check=True)
            trainer, _ = build(model, "f32", "direct", 128, "native", folder)
            command = [TALLY, "cost", model, "--recipe", f"{folder}/bench.yaml", "--machine", machine, "--no-memory", "--format", "json"]
            report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            estimated = {key: 1000 * report["machine"][key] / report["steps"] for key in ("compute_seconds", "memory_seconds", "seconds")}
            measured = 1000 * 128 / time_tally(trainer, data, 128, threads, f"{folder}/log.jsonl")
            print(f"| {name} | {estimated['compute_seconds']:.0f} | {estimated['memory_seconds']:.0f} | {estimated['seconds']:.0f} | {measured:.0f} | {measured / estimated['seconds']:.2f} |", flush=True)
        print("\n" + machine.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trace", type=pathlib.Path, nargs="?")
    parser.add_argument("--machine", type=pathlib.Path, help="file to write what this machine can do to")
    parser.add_argument("--predict", nargs="+", metavar=("DATA", "NETWORK"), help="folder of CIFAR-10, then networks (default: resnet20 a64 resnet9)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--kernels", type=int, default=2, help="of each class")
    options = parser.parse_args()
    if options.machine:
        return write_machine(options.machine, options.threads)
    if options.predict:
        return predict(options.predict[0], options.predict[1:] or ["resnet20", "a64", "resnet9"], options.threads)
    if not options.trace:
        parser.error("expects TRACE, --machine or --predict")
    peak, copy = limits(options.threads)
    print(f"a product: {peak / 1e9:.0f} GFLOP/s, a copy: {copy / 1e9:.1f} GB/s, with {options.threads} threads\n")
    classes = collections.defaultdict(list)
    for row in json.loads(options.trace.read_text())["kernels"]:
        if row["part"] == "steps":
            moved = row["bytes_read"] + row["bytes_written"]
            products = row["operations"] > INTENSE * moved
            row["of_limit"] = row["gflops"] * 1e9 / peak if products else row["gigabytes_per_second"] * 1e9 / copy
            classes[row["phase"], "products" if products else "memory"].append(row)
    print("| phase | kind | share of the steps | of the limit | slowest against the limit: layer, share, of the limit |")
    print("|---" * 5 + "|")
    for (phase, kind), rows in sorted(classes.items(), key=lambda each: -sum(row["share"] for row in each[1])):
        share = sum(row["share"] for row in rows)
        # What the class would take at its limit, of what it takes.
        of_limit = sum(row["share"] * row["of_limit"] for row in rows) / share if share else 0
        lost = sorted(rows, key=lambda row: -row["share"] * (1 - min(row["of_limit"], 1)))[: options.kernels]
        slowest = "; ".join(f"{row['layer'] or row['kernel']} {100 * row['share']:.1f} %, {row['of_limit']:.2f}" for row in lost)
        print(f"| {phase} | {kind} | {100 * share:.1f} % | {of_limit:.2f} | {slowest} |")


if __name__ == "__main__":
    main()
