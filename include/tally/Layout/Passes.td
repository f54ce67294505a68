// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that arrange tensors for fast kernels.
#ifndef TALLY_LAYOUT_PASSES_TD
#define TALLY_LAYOUT_PASSES_TD

include "mlir/Pass/PassBase.td"

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

def StorePadded : Pass<"store-padded"> {
  let summary = "compute images inside of the border that windows read them with";
  let description = [{
    A window reads an image with a border of one constant. Here the op that computes the image writes it right into the middle of the padded
    tensor, and whoever reads the image without its border reads it there: the copy, and the image without a border, are gone.

    ```mlir
    %y = linalg.generic outs(%empty) {image map (n, c, h, w)}; %padded = tensor.insert_slice %y into %zeros[0, 0, 1, 1]
    // becomes
    %frame = linalg.generic ins(%zero) {image map (n, c, side * 18, w)}; (the same for columns)
    %padded = linalg.generic outs(%frame) {image map (n, c, h + 1, w + 1)}
    ```
    An op that yields no old value leaves alone what its map does not reach.
    Before and after: tensor level, after fusion, which looks for equal maps, and before reductions are split. Leaves alone images that are
    read with different borders, with a border behind but none in front, by other ops than linalg.generic, or that come from a reduction.
  }];
  let statistics = [Statistic<"stored", "images-stored-padded", "images that lie inside of their border">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

#endif
