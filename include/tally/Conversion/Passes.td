// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that lower the graph.
#ifndef TALLY_CONVERSION_PASSES_TD
#define TALLY_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertNnToLinalg : Pass<"convert-nn-to-linalg"> {
  let summary = "lower nn and train compute ops to linalg, tensor and arith";
  let description = [{
    Turns each op of L3 into structured ops on tensors (L4): an op with a scalar body into one linalg.generic, the others
    by the patterns of their family (lib/Conversion/NnToLinalg/<Family>.cpp). train.read, train.update, train.write and the program around the
    bodies stay. Nothing is folded: `--count-scalar-ops` on the output must equal `--count-cost` on the input.

    A gradient of windows scatters: each output adds to the positions that it has read. With `gather-windows` each position gathers instead, so
    that threads and vectors write different elements. The input gradient of a convolution reads dy with a border of zeros and the kernel
    backwards; a stride gives one op for each residue of the position, with the taps of that residue, so that no zero between the
    elements of dy is multiplied:

    ```mlir
    linalg.generic ins(%dy, %w) outs(%zeros) {image map (n, c, h + r, w + s)}; tensor.extract_slice
    // becomes
    tensor.insert_slice %dy into %zeros; linalg.generic ins(%padded, %w, %h, %r, %w, %s) outs(%zeros) {image map (n, c, h, w)}
    ```
    The operands after %w are never read; they tell the numbers of steps of loops that no other operand tells. The gradient of a maximum lets
    each tap of a window compare the kept position with its own, where the op that made the positions tells its windows:

    ```mlir
    scf.for %n, %c, %h, %w { %p = tensor.extract %position; dx[%n, %c, %p] += dy[%n, %c, %h, %w] }
    // becomes
    linalg.generic ins(%dy, %position, %taps) outs(%zeros) {image map (n, c, h*2 + r, w*2 + s)} { old + (position == here ? dy : 0) }
    ```
    A window that holds no number greater than -inf has the position 0 by default; unless it reads that position, its gradient (of a loss that
    is not finite either) is then dropped.

    Before: training level. After: tensor level. Refuses an op without a pattern.
  }];
  let options = [Option<"gatherWindows", "gather-windows", "bool", "false", "gradients of windows gather instead of scattering (-O3)">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect"];
}

#endif
