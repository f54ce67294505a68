// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recognises contractions and tells their loops apart.
#include "Contraction.h"
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tally;

std::optional<Contraction> tally::matchContraction(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  if (op.getNumDpsInits() != 1 || body.getOperations().size() != 3)
    return std::nullopt;
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!sum)
    return std::nullopt;
  BlockArgument old = op.getMatchingBlockArgument(op.getDpsInitOperand(0));
  if (sum.getLhs() != old && sum.getRhs() != old)
    return std::nullopt;
  Operation *product = (sum.getLhs() == old ? sum.getRhs() : sum.getLhs()).getDefiningOp();
  if (!isa_and_nonnull<arith::MulFOp, nn::WideningMulOp>(product))
    return std::nullopt;
  auto a = dyn_cast<BlockArgument>(product->getOperand(0)), b = dyn_cast<BlockArgument>(product->getOperand(1));
  if (!a || !b || a == b || a == old || b == old || a.getOwner() != &body || b.getOwner() != &body)
    return std::nullopt;
  Contraction found{op, op.getMatchingOpOperand(a), op.getMatchingOpOperand(b), op.getDpsInitOperand(0), {}};
  AffineMap aMap = op.getMatchingIndexingMap(found.a), bMap = op.getMatchingIndexingMap(found.b),
            cMap = op.getMatchingIndexingMap(found.c);
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
    bool inA = aMap.isFunctionOfDim(loop), inB = bMap.isFunctionOfDim(loop);
    if (!cMap.isFunctionOfDim(loop))
      found.roles.push_back(LoopRole::K);
    else
      found.roles.push_back(inA == inB ? LoopRole::Batch : inA ? LoopRole::M : LoopRole::N);
  }
  return found;
}
