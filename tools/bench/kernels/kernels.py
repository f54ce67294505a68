# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times single kernels in GFLOP/s on one core and compares their values with the plain loops.

  kernels.py --bin build/bin --llvm /usr/lib/llvm-22/bin [--against OTHER/build/bin] [FILTER]

Each case is one linalg op on memrefs. It is compiled twice: by upstream's loops (the reference) and by
--vectorize-kernels; both run on the same data. With --against, programs of both builds run in turn and the ratio of their best times is
printed (above 1: --bin is faster), which other load on the machine disturbs little.
"""
import argparse
import math
import os
import re
import subprocess
import sys
import tempfile

GENERIC = """
func.func @kernel({args}) attributes {{llvm.emit_c_interface}} {{
  {fill}
  linalg.generic {{indexing_maps = [{maps}], iterator_types = [{iterators}]}} ins({ins}) outs({outs}) {{
  ^bb0({block}):
    {body}
  }}
  return
}}
"""
FMA = "%m = arith.mulf %a, %b : f32\n    %s = arith.addf %o, %m : f32\n    linalg.yield %s : f32"
SUM = "%s = arith.addf %o, %a : f32\n    linalg.yield %s : f32"


def case(loops, operands, body, flops, fill=True):
    """loops: 'n:128 h:15 c:64r'; operands: [(shape, 'n,h,c')], the last one is the result."""
    names, iterators, count = [], [], 1
    for loop in loops.split():
        name, size = loop.split(":")
        reduction = size.endswith("r")
        names.append(name)
        iterators.append('"reduction"' if reduction else '"parallel"')
        count *= int(size.rstrip("r"))
    maps = ", ".join(f"affine_map<({', '.join(names)}) -> ({m})>" for _, m in operands)
    types = [f"memref<{'x'.join(map(str, shape))}xf32>" for shape, _ in operands]
    args = ", ".join(f"%arg{i}: {t}" for i, t in enumerate(types))
    last = len(types) - 1
    zero = f"%zero = arith.constant 0.0 : f32\n  linalg.fill ins(%zero : f32) outs(%arg{last} : {types[-1]})" if fill else ""
    letters = "abcdefg"
    text = GENERIC.format(args=args, fill=zero, maps=maps, iterators=", ".join(iterators),
                          ins=", ".join(f"%arg{i}" for i in range(last)) + " : " + ", ".join(types[:-1]),
                          outs=f"%arg{last} : {types[-1]}",
                          block=", ".join([f"%{letters[i]}: f32" for i in range(last)] + ["%o: f32"]), body=body)
    return text, [math.prod(shape) for shape, _ in operands], flops * count


def forward(n, h, c, k, r=3, stride=1):
    hp = (h - 1) * stride + r
    return case(f"n:{n} h:{h} w:{h} k:{k} r:{r}r s:{r}r c:{c}r",
                [((n, hp, hp, c), f"n, h * {stride} + r, w * {stride} + s, c"), ((r, r, c, k), "r, s, c, k"),
                 ((n, h, h, k), "n, h, w, k")], FMA, 2)


def weight(n, h, c, k, r=3, stride=1):
    hp = (h - 1) * stride + r
    return case(f"r:{r} s:{r} c:{c} k:{k} n:{n}r h:{h}r w:{h}r",
                [((n, hp, hp, c), f"n, h * {stride} + r, w * {stride} + s, c"), ((n, h, h, k), "n, h, w, k"),
                 ((r, r, c, k), "r, s, c, k")], FMA, 2)


def planar(n, h, c, k, r=3, stride=1):
    hp = (h - 1) * stride + r
    return case(f"n:{n} k:{k} h:{h} w:{h} c:{c}r r:{r}r s:{r}r",
                [((n, c, hp, hp), f"n, c, h * {stride} + r, w * {stride} + s"), ((k, c, r, r), "k, c, r, s"),
                 ((n, k, h, h), "n, k, h, w")], FMA, 2)


def planar_weight(n, h, c, k, r=3, stride=1):
    hp = (h - 1) * stride + r
    return case(f"k:{k} c:{c} r:{r} s:{r} n:{n}r h:{h}r w:{h}r",
                [((n, c, hp, hp), f"n, c, h * {stride} + r, w * {stride} + s"), ((n, k, h, h), "n, k, h, w"),
                 ((k, c, r, r), "k, c, r, s")], FMA, 2)


def blocks(n, h, c, k, r=3, block=32, c_block=None):
    """A forward convolution in blocks of channels, as --assign-layout and --pack-contractions leave it."""
    hp, cb = h - 1 + r, c_block or min(c, block)
    kb = min(k, block)
    return case(f"n:{n} K:{k // kb} h:{h} w:{h} C:{c // cb}r r:{r}r s:{r}r c:{cb}r k:{kb}",
                [((n, c // cb, hp, hp, cb), "n, C, h + r, w + s, c"), ((k // kb, c // cb, r, r, cb, kb), "K, C, r, s, c, k"),
                 ((n, k // kb, h, h, kb), "n, K, h, w, k")], FMA, 2)


def blocks_weight(n, h, c, k, r=3, block=32):
    hp, cb, kb = h - 1 + r, min(c, block), min(k, block)
    return case(f"K:{k // kb} C:{c // cb} r:{r} s:{r} n:{n}r h:{h}r w:{h}r c:{cb} k:{kb}",
                [((n, c // cb, hp, hp, cb), "n, C, h + r, w + s, c"), ((n, k // kb, h, h, kb), "n, K, h, w, k"),
                 ((k // kb, c // cb, r, r, cb, kb), "K, C, r, s, c, k")], FMA, 2)


AXPB = ("%m = arith.mulf %a, %b : f32\n    %s = arith.addf %m, %c : f32\n    %z = arith.constant 0.0 : f32\n"
        "    %y = arith.maximumf %s, %z : f32\n    linalg.yield %y : f32")
CASES = {
    **{f"blocks{b}_{c}_{k}_{h}": lambda n=n, h=h, c=c, k=k, b=b: blocks(n, h, c, k, block=b)
       for n, h, c, k in [(8, 31, 24, 64), (16, 15, 64, 64), (8, 15, 64, 256), (16, 7, 256, 256), (16, 32, 16, 16), (16, 16, 32, 32), (16, 4, 512, 512)]
       for b in (16, 32)},
    **{f"blocks{b}_wgrad_{c}_{k}_{h}": lambda n=n, h=h, c=c, k=k, b=b: blocks_weight(n, h, c, k, block=b)
       for n, h, c, k in [(8, 31, 24, 64), (16, 15, 64, 64), (8, 15, 64, 256), (16, 7, 256, 256), (16, 32, 16, 16), (16, 16, 32, 32)]
       for b in (16, 32)},
    "conv_64_64_15": lambda: forward(16, 15, 64, 64),
    "conv_24_64_31": lambda: forward(8, 31, 24, 64),
    "conv_256_256_7": lambda: forward(8, 7, 256, 256),
    "conv_16_16_32": lambda: forward(16, 32, 16, 16),
    "conv_3_16_32": lambda: forward(16, 32, 3, 16),
    "conv_16_32_16_s2": lambda: forward(16, 16, 16, 32, stride=2),
    "wgrad_64_64_15": lambda: weight(16, 15, 64, 64),
    "wgrad_24_64_31": lambda: weight(8, 31, 24, 64),
    "wgrad_256_256_7": lambda: weight(8, 7, 256, 256),
    "wgrad_16_16_32": lambda: weight(16, 32, 16, 16),
    "wgrad_3_16_32": lambda: weight(16, 32, 3, 16),
    "planar_16_16_32": lambda: planar(8, 32, 16, 16),
    "planar_64_64_15": lambda: planar(4, 15, 64, 64),
    "planar_wgrad_16_16_32": lambda: planar_weight(8, 32, 16, 16),
    "matmul": lambda: case("m:512 n:512 k:576r", [((512, 576), "m, k"), ((576, 512), "k, n"), ((512, 512), "m, n")], FMA, 2),
    "gemm_bt": lambda: case("m:128 n:10 k:512r", [((128, 512), "m, k"), ((10, 512), "n, k"), ((128, 10), "m, n")], FMA, 2),
    "sum_nhwc": lambda: case("n:32r h:31r w:31r c:64", [((32, 31, 31, 64), "n, h, w, c"), ((64,), "c")], SUM, 1),
    "sum_nchw": lambda: case("n:32r c:64 h:31r w:31r", [((32, 64, 31, 31), "n, c, h, w"), ((64,), "c")], SUM, 1),
    "sum_all": lambda: case("n:3r h:31r", [((3, 31), "n, h"), ((1,), "0")], SUM, 1),
    "scale_nhwc": lambda: case("n:32 h:31 w:31 c:64", [((32, 31, 31, 64), "n, h, w, c"), ((64,), "c"), ((64,), "c"),
                                                      ((32, 31, 31, 64), "n, h, w, c")], AXPB, 3, fill=False),
    "scatter_s2": lambda: case("n:2 h:5 w:5 c:3 k:7r r:3r s:3r",
                               [((2, 5, 5, 7), "n, h, w, k"), ((3, 3, 3, 7), "r, s, c, k"),
                                ((2, 11, 11, 3), "n, h * 2 + r, w * 2 + s, c")], FMA, 2),
    "odd": lambda: forward(3, 5, 7, 11),
    "odd_s2": lambda: forward(3, 5, 7, 13, stride=2),
    "odd_wgrad": lambda: weight(3, 5, 7, 11),
}
LOWER = ["--canonicalize", "--cse", "--loop-invariant-code-motion", "--convert-vector-to-scf", "--convert-scf-to-cf",
         "--expand-strided-metadata", "--lower-affine", "--convert-vector-to-llvm", "--convert-ub-to-llvm", "--convert-arith-to-llvm",
         "--convert-index-to-llvm", "--finalize-memref-to-llvm", "--convert-func-to-llvm", "--convert-cf-to-llvm", "--reconcile-unrealized-casts",
         "--canonicalize", "--cse"]
HARNESS = """
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>
extern "C" void reference({params});
extern "C" void fast({params});
static double now() {{ return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }}
int main() {{
  const long sizes[] = {{{sizes}}};
  const int n = {count};
  std::vector<float *> p;
  for (int i = 0; i < n; ++i) {{
    float *m = (float *)std::aligned_alloc(64, (sizes[i] * 4 + 63) / 64 * 64);
    for (long j = 0; j < sizes[i]; ++j) m[j] = float((j * 2654435761u >> 7) % 1000) / 500 - 1;
    p.push_back(m);
  }}
  std::vector<float> out(sizes[n - 1]);
  reference({call});
  for (long j = 0; j < sizes[n - 1]; ++j) {{ out[j] = p[n - 1][j]; p[n - 1][j] = {restart}; }}
  fast({call});
  double worst = 0, scale = 0;
  for (long j = 0; j < sizes[n - 1]; ++j) {{
    scale = std::fmax(scale, std::fabs(out[j]));
    worst = std::fmax(worst, std::fabs(out[j] - p[n - 1][j]));
  }}
  double best = 1e9, start = now();
  for (int i = 0; i < 40 && (i < 3 || now() - start < 0.4); ++i) {{ double t = now(); fast({call}); best = std::fmin(best, now() - t); }}
  std::printf("%-24s %8.1f GFLOP/s %9.3f ms  difference %.1e of %.1e%s\\n", "{name}", {flops} / best * 1e-9, best * 1e3, worst, scale,
              worst <= 1e-4 * scale + 1e-6 ? "" : "  WRONG");
  return worst <= 1e-4 * scale + 1e-6 ? 0 : 1;
}}
"""



def build(name, text, sizes, flops, options, tools, folder):
    """The program that times the kernel as the tools in that folder compile it."""
    os.makedirs(folder, exist_ok=True)
    source = os.path.join(folder, name + ".mlir")
    open(source, "w").write(text)
    objects = []
    for which, passes in (("reference", ["--convert-linalg-to-loops"]), ("fast", [f"--set-target=march={options.march}", f"--vectorize-kernels={options.options}"])):
        lowered = os.path.join(folder, f"{name}.{which}.mlir")
        ir = os.path.join(folder, f"{name}.{which}.ll")
        subprocess.run([f"{tools}/tally-opt", source, *passes, *LOWER[:1], "-o", lowered + ".loops"], check=True)
        subprocess.run([f"{tools}/tally-opt", source, *passes, *LOWER, "-o", lowered], check=True)
        module = re.sub(r"^module attributes .*", "module {", open(lowered).read(), flags=re.MULTILINE)  # mlir-translate does not know the target
        open(lowered, "w").write(module)
        subprocess.run([f"{options.llvm}/mlir-translate", "--mlir-to-llvmir", lowered, "-o", ir], check=True)
        code = open(ir).read().replace("@kernel", "@" + which).replace("_mlir_ciface_kernel", "_mlir_ciface_" + which)
        open(ir, "w").write(code)
        processor, level = f"-mcpu={options.march}", "-O3" if which == "fast" else "-O1"
        subprocess.run([f"{options.llvm}/opt", level, processor, ir, "-o", ir + ".bc"], check=True)
        subprocess.run([f"{options.llvm}/llc", level, processor, "--relocation-model=pic", "-filetype=obj", ir + ".bc", "-o", ir + ".o"], check=True)
        objects.append(ir + ".o")
    shapes = [line for line in text.split("@kernel(")[1].split(")")[0].split(", ")]
    # A memref of rank r is (allocated, aligned, offset, r sizes, r strides).
    params, call = [], []
    for i, argument in enumerate(shapes):
        dimensions = [int(d) for d in argument.split("<")[1].split("x")[:-1]]
        params += ["float *", "float *", "long"] + ["long"] * (2 * len(dimensions))
        strides = [math.prod(dimensions[d + 1:]) for d in range(len(dimensions))]
        call += [f"p[{i}]", f"p[{i}]", "0"] + [str(d) for d in dimensions + strides]
    main = os.path.join(folder, name + ".cpp")
    open(main, "w").write(HARNESS.format(params=", ".join(params), call=", ".join(call), sizes=", ".join(map(str, sizes)),
                                         count=len(sizes), name=name, flops=float(flops), restart="0"))
    program = os.path.join(folder, name)
    subprocess.run(["c++", "-O1", main, *objects, "-o", program, "-lm"], check=True)
    return program


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default="build/bin")
    parser.add_argument("--llvm", default="/usr/lib/llvm-22/bin")
    parser.add_argument("--march", default="native")
    parser.add_argument("--options", default="")
    parser.add_argument("--keep", help="folder for the intermediate files")
    parser.add_argument("--against", help="folder of another build to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("filter", nargs="?", default="")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp()
    status = 0
    for name, make in CASES.items():
        if options.filter not in name:
            continue
        program = build(name, *make(), options, options.bin, folder)
        if not options.against:
            status |= subprocess.run([program]).returncode
            continue
        other = build(name, *make(), options, options.against, os.path.join(folder, "other"))
        runs = [(subprocess.run([program], capture_output=True, text=True), subprocess.run([other], capture_output=True, text=True))
                for _ in range(options.rounds)]
        status |= any(run.returncode for pair in runs for run in pair)
        best, best_other = (max(float(pair[i].stdout.split()[1]) for pair in runs) for i in (0, 1))
        print(f"{name:24} {best:8.1f} GFLOP/s, was {best_other:8.1f}, ratio {best / best_other:.2f}", flush=True)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
