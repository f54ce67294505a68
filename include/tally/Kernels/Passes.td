// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that turn bodies into kernels, calls and a memory plan.
#ifndef TALLY_KERNELS_PASSES_TD
#define TALLY_KERNELS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandPhilox : Pass<"expand-philox", "::mlir::ModuleOp"> {
  let summary = "lower nn.philox to integer arithmetic";
  let description = [{
    Replaces each nn.philox by a call of a private function that holds the ten rounds of Philox4x32-10 (dialects/Nn/Random.td), one function
    per distribution and type, so that a random number is one call. With `inline` the rounds stand in place of the op.

    ```mlir
    %u = nn.philox uniform %seed[%use, %epoch, %sample, %draw] : f32
    // becomes
    %u = call @tally.philox.uniform.f32(%seed, %use, %epoch, %sample, %draw) : (i64, index, index, index, index) -> f32
    ```
    Before: any level where nn.philox is left. After: the same without it. Refuses nothing.
  }];
  let options = [Option<"inlineRounds", "inline", "bool", "false", "expand in place instead of calling a function">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::func::FuncDialect"];
}

#endif
