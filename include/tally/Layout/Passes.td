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
  let options = [Option<"block", "block", "int64_t", "0", "channels of a block, where their number allows it: two vectors of f32 of the target where it is 0">];
  let statistics = [Statistic<"images", "images-blocked", "tensors that got blocks">,
                    Statistic<"copies", "copies-made", "copies between plain and blocked">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::affine::AffineDialect", "::tally::TallyDialect"];
}

def WidenFactors : Pass<"widen-factors", "::mlir::ModuleOp"> {
  let summary = "hold numbers of bf16 in f32 where the target multiplies no bf16";
  let description = [{
    What is rounded to bf16 is widened at once and kept as f32, exactly; products say what their factors are numbers of. Each number is so widened
    once, where it is computed, and not at each of the many products that read it.

    ```mlir
    %r = arith.truncf %x : f32 to bf16 ...  nn.widening_mul %r, %w : bf16 -> f32
    // becomes
    %t = arith.truncf %x : f32 to bf16  %r = arith.extf %t : bf16 to f32 ...  nn.widening_mul %r, %w of bf16 : f32 -> f32
    ```
    The second conversion of each number is declared as surplus. Before and after: tensor level. Does nothing for a target with matrix registers, or with
    lanes that sum two products of bf16.
  }];
  let statistics = [Statistic<"widened", "roundings-widened", "roundings whose results are kept in f32">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tally::TallyDialect"];
}

def PackContractions : Pass<"pack-contractions"> {
  let summary = "store the operands of products in the order in which they are read";
  let description = [{
    A contraction c += a * b, of any rank (matrix products, stacks of them, convolutions), has loops of four roles: batch (all three tensors), m
    (a and c), n (b and c) and k (summed). The vector is an m or n loop, so that one operand is read along it and the other is the same in
    all lanes: the last dimension of the result where that is such a loop, else the innermost loop that an operand has last. The operand along
    the vector is copied into panels of two vectors, in the order of the loops; a result that does not end with the vector is computed
    packed, and unpacked. Where the target has matrix registers, or lanes that sum two products of bf16, a product of bf16 is brought into their order: two steps of a k loop lie side by
    side behind the vector, and the other operand has that loop last. A copy is shared by all products of a body that read it in the same order: a weight is packed once a step.

    ```mlir
    linalg.generic ins(%x, %w : tensor<128x512xf32>, tensor<256x512xf32>) outs(%zeros : tensor<128x256xf32>) {x[m, k] * w[n, k]}
    // becomes (block = 32)
    linalg.generic ins(%x, %packed : tensor<128x512xf32>, tensor<8x512x32xf32>) outs(%zeros : tensor<128x256xf32>) {x[m, k] * packed[n / 32, k, n % 32]}
    ```
    Before and after: tensor level. Leaves alone what a window slides over (a copy would repeat elements) and products that read each element
    too seldom.
  }];
  let options = [Option<"block", "block", "int64_t", "0", "width of a panel: two vectors of f32 of the target where it is 0">,
                 Option<"leastReuse", "least-reuse", "int64_t", "16", "how often an element must be read for a copy to pay">];
  let statistics = [Statistic<"packs", "packs-made", "copies into or out of packed order">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::tally::TallyDialect"];
}

def AbsorbCopies : Pass<"absorb-copies"> {
  let summary = "compute in the order in which results are wanted, rather than copy them into it";
  let description = [{
    An op that computes elements from elements may do so in any order of its loops. Where each of its results is only copied into another order, the same for
    all of them, it takes the loops of the copies and writes that order itself; where each of its inputs is such a copy, it reads what was copied, and
    what copies its results copies them from there. So the transforms of Winograd's filters and of their gradients work on packed operands.

    ```mlir
    %u:16 = linalg.generic ins(%w...) outs(...: tensor<64x32x1x1xf32>) {...}
    %packed = linalg.generic ins(%u#0) outs(%e : tensor<2x32x1x1x32xf32>) {copy u[k, c, 0, 0] to packed[k / 32, c, 0, 0, k % 32]} // and 15 more
    // becomes
    %packed:16 = linalg.generic ins(%w...) outs(...: tensor<2x32x1x1x32xf32>) {...}
    ```
    Before and after: tensor level. Leaves alone what is read otherwise, too.
  }];
  let statistics = [Statistic<"absorbed", "absorbed", "ops that changed their order">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
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
