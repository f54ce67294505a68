# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How near the kernels of a step come to what the machine can do: roofline.py TRACE.json [--threads N]
How far the time that is estimated was off: roofline.py --predict DATA [NETWORK...]

TRACE.json is what a trainer's `--profile` writes. The machine's limits are measured first: the rate of a large matrix product in f32 (NumPy's
library) and the rate at which memory is copied, with as many threads. Each kernel belongs to the class of its phase and of what it does (products:
more than 8 operations for each byte that it must move); for each class: its share of the steps' time, and the share of the limit that binds it
(operations a second of the product's rate, or bytes a second of the copy's). With the largest kernels of each class one sees what holds it back.

`--predict` lets `tally cost --machine host` estimate a step of networks of the zoo (recipe bench.yaml) on one core, and compares it with the processor time of
the trainers' steps there, which other load disturbs least.
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


def limits(threads):
    """Operations and bytes a second: a product of 2048 x 2048 matrices, and a copy of 256 MB, read and written."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    import concurrent.futures

    import numpy as np

    size, elements = 2048, 1 << 25
    a, b = np.ones((size, size), np.float32), np.ones((size, size), np.float32)
    source, target = np.ones(elements, np.float64), np.empty(elements, np.float64)
    parts = [slice(i * elements // threads, (i + 1) * elements // threads) for i in range(threads)]
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        copied = fastest(lambda: list(pool.map(lambda part: np.copyto(target[part], source[part]), parts)))
    return 2 * size**3 / fastest(lambda: a @ b), 2 * 8 * elements / copied


def processor_time(command):
    """Seconds that a program computes."""
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def predict(data, networks, few=1, many=7):
    """A row for each network: milliseconds of a step as estimated and as measured, on one core."""
    import tempfile

    from training_speed import TALLY, build

    cores = os.sched_getaffinity(0)
    print(f"{processor()}, one core\n\n| network | operations alone, ms | data alone, ms | estimated step, ms | measured step, ms | measured / estimated |")
    print("|---" * 6 + "|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TALLY_CACHE": folder}
        for name in networks:
            model = f"{folder}/{name}.onnx"
            subprocess.run([TALLY, "zoo", name, "-o", model], check=True)
            trainer, _ = build(model, "f32", "direct", 128, "native", folder)
            os.sched_setaffinity(0, {min(cores)})  # inherited by what measures and by the trainer
            command = [TALLY, "cost", model, "--recipe", f"{folder}/bench.yaml", "--machine", "host", "--no-memory", "--format", "json"]
            report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout)
            estimated = {key: 1000 * report["machine"][key] / report["steps"] for key in ("compute_seconds", "memory_seconds", "seconds")}
            run = [trainer, "--data", data, "--threads", "1", "--progress", "none", "--max-steps"]
            measured = 1000 * (processor_time([*run, str(many)]) - processor_time([*run, str(few)])) / (many - few)
            os.sched_setaffinity(0, cores)
            print(f"| {name} | {estimated['compute_seconds']:.0f} | {estimated['memory_seconds']:.0f} | {estimated['seconds']:.0f} | {measured:.0f} | {measured / estimated['seconds']:.2f} |", flush=True)
        print("\n" + pathlib.Path(folder, "host.yaml").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trace", type=pathlib.Path, nargs="?")
    parser.add_argument("--predict", nargs="+", metavar=("DATA", "NETWORK"), help="folder of CIFAR-10, then networks (default: resnet20 a64 resnet9)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--kernels", type=int, default=2, help="of each class")
    options = parser.parse_args()
    if options.predict:
        return predict(options.predict[0], options.predict[1:] or ["resnet20", "a64", "resnet9"])
    if not options.trace:
        parser.error("expects TRACE or --predict")
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
