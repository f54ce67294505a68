// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Augmentation of images: gathers by position, which cost nothing.
#ifndef TALLY_NN_IMAGE_TD
#define TALLY_NN_IMAGE_TD

include "dialects/Nn/NnBase.td"

/// y has the type of x.
class Nn_ImageOp<string mnemonic, list<Trait> traits = []>
    : Nn_InferredOp<mnemonic, !listconcat(traits, [ZeroCost])> {
  let results = (outs Nn_FloatTensor:$y);
}

def Nn_FlipOp : Nn_ImageOp<"flip"> {
  let summary = "mirror some images of a batch";
  let description = [{
    y[n, c, h, w] = x[n, c, h, W - 1 - w] where flags[n] is not 0, else x[n, c, h, w]. Without flags every image is mirrored.

    Shapes: x: [N, C, H, W], flags: [N] index; y: as x.
    Cost: 0.
    (C1) x is [N, C, H, W], flags [N].

    (* example: test/Ops/flip.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Optional<Nn_IndexTensor>:$flags);
  let assemblyFormat = "$x (`where` $flags^)? attr-dict `:` type($x) (`,` type($flags)^)?";
}

def Nn_CropOp : Nn_ImageOp<"crop"> {
  let summary = "shift each image of a batch by its own offset";
  let description = [{
    y[n, c, h, w] = padded[n, c, h + dy[n], w + dx[n]], padded = x with a border of `pad` on every side: 0, or x reflected
    (without repeating its edge). Offsets are in [0, 2*pad]; pad is no offset.

    Shapes: x: [N, C, H, W], dy, dx: [N] index; y: as x.
    Cost: 0.
    (C1) x is [N, C, H, W], dy and dx [N]. (C2) pad is at least 0, and less than H and W where x is reflected.

    (* example: test/Ops/crop.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_IndexTensor:$dy, Nn_IndexTensor:$dx, I64Attr:$pad, Nn_Border:$border);
  let assemblyFormat = "$x `at` $dy `,` $dx `pad` $pad $border attr-dict `:` type($x) `,` type($dy) `,` type($dx)";
}

def Nn_TranslateOp : Nn_ImageOp<"translate"> {
  let summary = "move all images of a batch by one distance";
  let description = [{
    y[n, c, h, w] = x[n, c, h - by[0], w - by[1]]; outside of x it is 0, or x reflected (without repeating its edge).

    Shapes: x: [N, C, H, W]; y: as x.
    Cost: 0.
    (C1) x is [N, C, H, W], by has 2 entries, of less than H and W.

    (* example: test/Ops/translate.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, DenseI64ArrayAttr:$by, Nn_Border:$border);
  let assemblyFormat = "$x `by` $by $border attr-dict `:` type($x)";
}

def Nn_CutoutOp : Nn_ImageOp<"cutout"> {
  let summary = "a square of zeros in each image of a batch";
  let description = [{
    y[n, c, h, w] = 0 where top[n] <= h < top[n] + size and left[n] <= w < left[n] + size, else x[n, c, h, w].

    Shapes: x: [N, C, H, W], top, left: [N] index; y: as x.
    Cost: 0.
    (C1) x is [N, C, H, W], top and left [N]. (C2) size is in [1, min(H, W)].

    (* example: test/Ops/cutout.mlir *)
  }];
  let arguments = (ins Nn_FloatTensor:$x, Nn_IndexTensor:$top, Nn_IndexTensor:$left, I64Attr:$size);
  let assemblyFormat = "$x `at` $top `,` $left `size` $size attr-dict `:` type($x) `,` type($top) `,` type($left)";
}

#endif
