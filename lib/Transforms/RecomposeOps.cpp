// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --recompose-ops.
#include "tally/Transforms/RecomposeOps.h"
#include "tally/Transforms/Passes.h"

using namespace mlir;

namespace tally {
#define GEN_PASS_DEF_RECOMPOSEOPS
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

namespace {
struct RecomposeOps : tally::impl::RecomposeOpsBase<RecomposeOps> {
  using RecomposeOpsBase::RecomposeOpsBase;
  void runOnOperation() override {
    for (const auto &[op, number] : tally::recomposeOps(getOperation()))
      recomposed += number;
    // What only a part that is gone has used is no parameter.
    for (auto weight : llvm::make_early_inc_range(getOperation().getOps<tally::nn::WeightOp>()))
      if (weight->use_empty())
        weight.erase();
  }
};
} // namespace
