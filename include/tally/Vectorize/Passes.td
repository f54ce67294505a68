// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that turn kernels into vector loops.
#ifndef TALLY_VECTORIZE_PASSES_TD
#define TALLY_VECTORIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def VectorizeKernels : Pass<"vectorize-kernels"> {
  let summary = "turn linalg ops on memrefs into vector loops with register tiles";
  let description = [{
    Each linalg op on memrefs of static shape becomes a loop nest with constant bounds. Every access is a linear function of the loop
    counters, so loops that no access tells apart are merged first. Then a vector loop is chosen (contiguous in most accesses), and for
    reductions a tile of accumulators that stays in registers over the whole reduction: `u` steps of a parallel loop times some vectors.
    Sizes that do not divide are peeled, never masked. A long reduction whose operands would not stay in the cache is cut into blocks that
    accumulate through memory. The outermost parallel loops become one `scf.parallel` whose iterations write different elements. An op that
    cannot be vectorized becomes scalar loops of the same form; one whose accesses are not linear becomes upstream's loops.

    ```mlir
    linalg.generic {...} ins(%a, %b : memref<64x32xf32>, memref<32x16xf32>) outs(%c : memref<64x16xf32>) {mulf; addf}
    // becomes
    scf.parallel (%i) = ... { %acc:12 = scf.for %k = ... iter_args(...) { 2 vector.load of %b; 6 broadcasts of %a; 12 products and sums } ; 12 vector.store }
    ```
    Before: kernels level, bufferized. After: buffer level without linalg. Refuses shapes that are not static.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "256", "width of a vector register">,
    Option<"registers", "registers", "int64_t", "16", "number of vector registers">,
    Option<"parallelTarget", "parallel-target", "int64_t", "16", "how many iterations a parallel loop should have at least">,
    Option<"cacheBytes", "cache-bytes", "int64_t", "393216", "what a reduction may touch before it is cut into blocks">,
    Option<"contract", "contract", "bool", "true", "allow a product and a sum to be fused">
  ];
  let statistics = [Statistic<"vectorized", "ops-vectorized", "linalg ops that became vector loops">,
                    Statistic<"scalar", "ops-scalar", "linalg ops that became scalar loops">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect", "::mlir::affine::AffineDialect"];
}

def ParallelizeKernels : Pass<"parallelize-kernels", "::mlir::ModuleOp"> {
  let summary = "make each parallel loop of a kernel a range that threads share";
  let description = [{
    A kernel whose only effect is one scf.parallel gets a range [begin, end) of it as arguments and the mark `tally.parallel = n`. One with
    several effects is cut into a kernel for each, called one after the other. Kernels with buffers of their own stay as they are.

    ```mlir
    func.func private @k(%x: memref<8xf32>) { scf.parallel (%i) = (%c0) to (%c16) step (%c1) {...} }
    // becomes
    func.func private @k(%x: memref<8xf32>, %begin: index, %end: index) { scf.for %i = %begin to %end step %c1 {...} }
    ```
    Before: buffer level. After: buffer level with ranges. Refuses nothing.
  }];
  let statistics = [Statistic<"ranges", "kernels-parallel", "kernels that got a range">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect"];
}

def ApproximateMath : Pass<"approximate-math"> {
  let summary = "expand exp, log, erf, tanh and the like of f32 to polynomials";
  let description = [{
    Upstream's polynomial approximations on vectors and scalars of f32. Functions of f64 stay for libm.

    Before and after: buffer level; only translation follows. Refuses nothing.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

#endif
