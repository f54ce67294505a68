// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --expand-maximum.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;

namespace tally {
#define GEN_PASS_DEF_EXPANDMAXIMUM
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

/// A constant, in all lanes or in one that is broadcast.
static bool isConstant(Value value) {
  if (auto broadcast = value.getDefiningOp<vector::BroadcastOp>())
    value = broadcast.getSource();
  return matchPattern(value, m_Constant());
}

namespace {
struct ExpandMaximum : tally::impl::ExpandMaximumBase<ExpandMaximum> {
  void runOnOperation() override {
    getOperation()->walk([&](arith::MaximumFOp maximum) {
      Value x = maximum.getLhs(), constant = maximum.getRhs();
      if (isConstant(x))
        std::swap(x, constant);
      if (!isConstant(constant))
        return;
      OpBuilder builder(maximum);
      Value larger = arith::CmpFOp::create(builder, maximum.getLoc(), arith::CmpFPredicate::OGT, constant, x);
      maximum.replaceAllUsesWith(arith::SelectOp::create(builder, maximum.getLoc(), larger, constant, x).getResult());
      maximum.erase();
      ++expanded;
    });
  }
};
} // namespace
