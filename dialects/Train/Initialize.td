// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Initial values that are neither constant nor drawn.
#ifndef TALLY_TRAIN_INITIALIZE_TD
#define TALLY_TRAIN_INITIALIZE_TD

include "dialects/Train/TrainBase.td"

def Train_DiracOp : Train_Op<"dirac", [Pure, ZeroCost, NoGradient]> {
  let summary = "filters that pass their channel through";
  let description = [{
    w[k, c, r, s] = 1 where k = c and (r, s) is the middle (R/2, S/2), else 0.

    Shapes: w: [K, C, R, S].
    Cost: 0 (copies of constants by position).
    (C1) w has 4 dimensions.

    (* example: test/Ops/dirac.mlir *)
  }];
  let results = (outs Nn_FloatTensor:$w);
  let assemblyFormat = "attr-dict `:` type($w)";
  let hasVerifier = 1;
}

#endif
