// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that lower the graph.
#ifndef TALLY_CONVERSION_PASSES_TD
#define TALLY_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertNnToLinalg : Pass<"convert-nn-to-linalg"> {
  let summary = "lower nn and train compute ops to linalg, tensor and arith";
  let description = [{
    Turns each op of L3 into structured ops on tensors (L4): an op with a scalar body into one linalg.generic, the others
    by the patterns of their family (lib/Conversion/NnToLinalg/<Family>.cpp). train.read, train.write and the program around the
    bodies stay. Nothing is folded: `--count-scalar-ops` on the output must equal `--count-cost` on the input.

    Before: training level. After: tensor level. Refuses an op without a pattern.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect"];
}

#endif
