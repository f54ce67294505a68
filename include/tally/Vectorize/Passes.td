// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that turn kernels into vector loops.
#ifndef TALLY_VECTORIZE_PASSES_TD
#define TALLY_VECTORIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def VectorizeKernels : Pass<"vectorize-kernels"> {
  let summary = "turn linalg ops on memrefs into vector loops with register tiles";
  let description = [{
    Each linalg op on memrefs of static shape becomes a loop nest with constant bounds. Every access is a linear function of the loop
    counters, so loops that no access tells apart are merged first. The loops run as the op's `tally.schedule` says, or as
    --choose-schedules would choose: a vector loop, and for reductions a tile of accumulators that stays in registers, steps of parallel loops
    times some vectors. Where the target has matrix registers and --pack-contractions has brought products of bf16 into their order, the tile is
    one of matrix registers (`amx.tile_mulf`), or lanes sum pairs of products (`x86vector.avx512.dot`). Sizes that do not divide are peeled, never masked. A reduction that is cut into blocks accumulates through memory. The outermost parallel loops become one `scf.parallel` whose iterations write different elements. An op that
    cannot be vectorized becomes scalar loops of the same form; one whose accesses are not linear becomes upstream's loops.

    ```mlir
    linalg.generic {...} ins(%a, %b : memref<64x32xf32>, memref<32x16xf32>) outs(%c : memref<64x16xf32>) {mulf; addf}
    // becomes
    scf.parallel (%i) = ... { %acc:12 = scf.for %k = ... iter_args(...) { 2 vector.load of %b; 6 broadcasts of %a; 12 products and sums } ; 12 vector.store }
    ```
    Vectors, registers, caches and the number of iterations that threads share come from `tally.target`.

    Before: kernels level, bufferized. After: buffer level without linalg. Refuses shapes that are not static, and schedules that the
    loops do not allow.
  }];
  let options = [
    Option<"contract", "contract", "bool", "true", "allow a product and a sum to be fused">
  ];
  let statistics = [Statistic<"vectorized", "ops-vectorized", "linalg ops that became vector loops">,
                    Statistic<"scalar", "ops-scalar", "linalg ops that became scalar loops">];
  let dependentDialects = ["::mlir::amx::AMXDialect", "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect", "::mlir::x86vector::X86VectorDialect", "::mlir::affine::AffineDialect", "::tally::TallyDialect"];
}

def ChooseSchedules : Pass<"choose-schedules"> {
  let summary = "write down how the loops of each linalg.generic will run";
  let description = [{
    Puts the #tally.schedule that --vectorize-kernels would choose on each op, to be read, tested or changed. The vector is the loop that is
    contiguous in most accesses; the register tile is the cheapest by a small model of arithmetic and loads, with the figures of the target; the
    outermost loop of a long reduction is cut into blocks where the operands of a tile's rows would not stay in the second cache.

    ```mlir
    linalg.generic {x[m, k] * w[k, n]} ins(%x, %w : memref<96x64xf32>, memref<64x32xf32>) outs(%z : memref<96x32xf32>)
    // becomes
    linalg.generic {...} ... attrs = {tally.schedule = #tally.schedule<vector = 1, lanes = 8, vectors = 2, unroll = [0 by 6]>}
    ```
    Before and after: kernels level, bufferized. Leaves alone what has a schedule, and accesses that are not linear.
  }];
  let statistics = [Statistic<"chosen", "schedules-chosen", "ops that got a schedule">];
  let dependentDialects = ["::tally::TallyDialect"];
}

def SetSchedule : Pass<"set-schedule", "::mlir::ModuleOp"> {
  let summary = "give one op the schedule of an option";
  let description = [{
    `tally-opt --set-schedule="function=tally.forward.conv1.0 schedule='#tally.schedule<vector = 4, lanes = 16, vectors = 2>'"` tries another schedule on a
    kernel without touching its IR. --vectorize-kernels obeys it, or says why its loops do not allow it.

    Before and after: kernels level, bufferized. Refuses a function or op that is not there, and what is no schedule.
  }];
  let options = [Option<"function", "function", "std::string", "", "name of the kernel">,
                 Option<"number", "op", "unsigned", "0", "which linalg.generic of it">,
                 Option<"schedule", "schedule", "std::string", "", "the attribute">];
  let dependentDialects = ["::tally::TallyDialect"];
}

def ParallelizeKernels : Pass<"parallelize-kernels", "::mlir::ModuleOp"> {
  let summary = "make each parallel loop of a kernel a range that threads share";
  let description = [{
    A kernel gets a range [begin, end) as arguments and the mark `tally.parallel = n`, n the iterations of its longest scf.parallel: each of its
    loops runs the same share of its own iterations. Memory effects tell whether loops are independent: where one needs what another writes,
    the kernel is cut into a kernel for each stage, called one after the other. What stays on one thread says why, `tally.sequential = "reason"`.
    The location of a kernel becomes that of all its calls, since equal kernels have become one.

    ```mlir
    func.func private @k(%x: memref<8xf32>) { scf.parallel (%i) = (%c0) to (%c16) step (%c1) {...} }
    // becomes
    func.func private @k(%x: memref<8xf32>, %begin: index, %end: index) { scf.for %i = %begin to %end step %c1 {...} }
    ```
    Before: buffer level. After: buffer level with ranges. Refuses nothing.
  }];
  let statistics = [Statistic<"ranges", "kernels-parallel", "kernels that got a range">,
                    Statistic<"sequential", "kernels-sequential", "kernels that stay on one thread">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
}

def ExpandMaximum : Pass<"expand-maximum"> {
  let summary = "max(x, constant) becomes a compare and a select";
  let description = [{
    `arith.maximumf %x, %zero` becomes `arith.select(arith.cmpf ogt %zero, %x), %zero, %x`: one instruction, and a NaN in x stays. It is
    one operation still: what is executed has been counted before.

    Before and after: buffer level.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let statistics = [Statistic<"expanded", "expanded", "maxima that became a compare and a select">];
}

def ExpandProducts : Pass<"expand-products"> {
  let summary = "products into a wider type, and conversions of bf16, become instructions that every processor has";
  let description = [{
    `nn.widening_mul %a, %b : bf16 -> f32` becomes `arith.mulf (arith.extf %a), (arith.extf %b)`, of which the sum may make a fused multiply-add
    where its own addition may. It is one operation still: what is executed has been counted before. Conversions from and to bf16 become shifts and
    additions of integers, which every processor has; LLVM would call a library that is not there. With `pairs`, products of pairs of
    bf16 become plain ones, too.

    Before and after: buffer level.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect"];
  let options = [Option<"pairs", "pairs", "bool", "false", "expand x86vector.avx512.dot: for tests on a processor that lacks it">];
  let statistics = [Statistic<"expanded", "expanded", "products that became conversions and a multiplication">];
}

def ApproximateMath : Pass<"approximate-math"> {
  let summary = "expand exp, log, erf, tanh and the like of f32 to polynomials";
  let description = [{
    Upstream's polynomial approximations on vectors and scalars of f32. Functions of f64, and sine and cosine, stay for libm.

    Before and after: buffer level; only translation follows. Refuses nothing.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

#endif
