// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that arrange tensors for fast kernels.
#ifndef TALLY_LAYOUT_PASSES_TD
#define TALLY_LAYOUT_PASSES_TD

include "mlir/Pass/PassBase.td"

def GatherGradients : Pass<"gather-gradients"> {
  let summary = "turn gradients that scatter into gradients that gather";
  let description = [{
    The input gradient of a convolution adds w[k, c, r, s] * dy[n, k, h, w] to position h*stride + r of the padded image. Here each position of the
    image gathers its taps instead: from dy with a border of zeros, with the kernel read backwards. A stride gives one op for each residue of the
    position (phase), with the taps of that residue, so that no zero between the elements of dy is multiplied. The crop of the border is folded in.

    ```mlir
    linalg.generic ins(%dy, %w) outs(%zeros) {image map (n, c, h + r, w + s)}; tensor.extract_slice
    // becomes
    tensor.insert_slice %dy into %zeros; linalg.generic ins(%padded, %w, %h, %r, %w, %s) outs(%zeros) {image map (n, c, h, w)}
    ```
    The operands after %w are never read; they tell the numbers of steps of loops that no other operand tells.
    Before and after: tensor level. Leaves alone what has a stride and a dilation.
  }];
  let statistics = [Statistic<"gathered", "gradients-gathered", "scattering ops that were turned round">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def GatherPoolGradients : Pass<"gather-pool-gradients"> {
  let summary = "let each input of a maximum ask whether it was the one";
  let description = [{
    The gradient of a max pooling adds dy at the position that was kept. Here each tap of a window compares that position with its own, so that
    threads and vectors write different elements. The position of a tap is read off the op that made the positions.

    ```mlir
    scf.for %n, %c, %h, %w { %p = tensor.extract %position; dx[%n, %c, %p] += dy[%n, %c, %h, %w] }
    // becomes
    linalg.generic ins(%dy, %position, %taps) outs(%zeros) {image map (n, c, h*2 + r, w*2 + s)} { old + (position == here ? dy : 0) }
    ```
    Before and after: tensor level. Leaves alone positions that come from elsewhere. A window that holds no number greater than -inf has the
    position 0 by default; unless it reads that position, its gradient (of a loss that is not finite either) is dropped.
  }];
  let statistics = [Statistic<"gathered", "gradients-gathered", "loops that were turned round">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def AssignLayout : Pass<"assign-layout"> {
  let summary = "store images as blocks of channels, channels innermost";
  let description = [{
    An image [N, C, H, W] becomes [N, C/b, H, W, b]: the channels of a block are the vector, and every kernel walks memory in order. What is an image
    follows from the windows of convolutions and pooling, and spreads over ops that share the batch loop. Indexing maps are composed with the
    layout, so no transposes appear but at the borders: data, reshapes, and weights, which are packed by one copy each, in the order in which the
    product reads them; weight gradients are unpacked likewise.

    ```mlir
    %y = linalg.generic ins(%x, %w : tensor<2x64x17x17xf32>, tensor<32x64x3x3xf32>) ... -> tensor<2x32x15x15xf32>
    // becomes (b = 16)
    %y = linalg.generic ins(%x, %packed : tensor<2x4x17x17x16xf32>, tensor<2x4x3x3x16x16xf32>) ... -> tensor<2x2x15x15x16xf32>
    ```
    Before and after: tensor level. Ops that it does not know keep plain images, with copies around them.
  }];
  let options = [Option<"block", "block", "int64_t", "16", "channels of a block, where their number allows it">];
  let statistics = [Statistic<"images", "images-blocked", "tensors that got blocks">,
                    Statistic<"copies", "copies-made", "copies between plain and blocked">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::affine::AffineDialect"];
}

#endif
