// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Splits loops of a generic op into blocks.
#include "SplitLoops.h"
#include "dialects/Tally/Tally.h"

using namespace mlir;
using namespace tally;

int64_t tally::blockOf(int64_t size, int64_t wanted) {
  if (size % wanted == 0)
    return wanted;
  if (size <= 2 * wanted)
    return size;
  int64_t vector = std::max<int64_t>(1, wanted / 2);
  if (size % vector == 0)
    return vector;
  for (int64_t block = wanted - 1; block > 1; --block)
    if (size % block == 0)
      return block;
  return size;
}

int64_t tally::wantedBlock(Operation *op, int64_t option) {
  return option ? option : 2 * targetOf(op).getLanes(Float32Type::get(op->getContext()));
}

SplitLoops::SplitLoops(linalg::GenericOp op, ArrayRef<unsigned> split, int64_t wanted)
    : context(op.getContext()), ranges(op.getStaticLoopRanges()), iterators(op.getIteratorTypesArray()) {
  for (auto kind : {utils::IteratorType::reduction, utils::IteratorType::parallel})
    for (unsigned loop : split)
      if (op.getIteratorTypesArray()[loop] == kind)
        this->split(loop, blockOf(ranges[loop], wanted));
}

void SplitLoops::split(unsigned loop, int64_t block) {
  inner[loop] = {static_cast<unsigned>(ranges.size()), block};
  ranges[loop] /= block;
  ranges.push_back(block);
  iterators.push_back(iterators[loop]);
}

AffineMap SplitLoops::apply(AffineMap map) const {
  llvm::DenseMap<AffineExpr, AffineExpr> replacement;
  for (auto &[loop, split] : inner) {
    AffineExpr outer = getAffineDimExpr(loop, context);
    replacement[outer] = outer * split.second + getAffineDimExpr(split.first, context);
  }
  SmallVector<AffineExpr> results;
  for (AffineExpr result : map.getResults())
    results.push_back(result.replace(replacement));
  return AffineMap::get(ranges.size(), 0, results, context);
}
