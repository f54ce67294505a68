// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the images of a body.
#include "BlockedImages.h"

using namespace mlir;
using namespace tally;

static bool hasImageType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() == 4 && type.hasStaticShape();
}

int64_t tally::blockOf(int64_t channels, int64_t wanted) {
  if (channels % wanted == 0)
    return wanted;
  if (channels <= 2 * wanted)
    return channels;
  for (int64_t block = wanted - 1; block > 1; --block)
    if (channels % block == 0)
      return block;
  return channels;
}

RankedTensorType tally::blockedType(RankedTensorType type, int64_t wanted) {
  int64_t block = blockOf(type.getDimSize(1), wanted);
  return type.clone({type.getDimSize(0), type.getDimSize(1) / block, type.getDimSize(2), type.getDimSize(3), block});
}

/// A position and a tap together index rows or columns: a window slides over this operand.
static bool isWindowed(AffineMap map) {
  auto slides = [&](AffineExpr expression) {
    return llvm::count_if(llvm::seq<unsigned>(0, map.getNumDims()), [&](unsigned loop) { return expression.isFunctionOfDim(loop); }) > 1;
  };
  return map.getNumResults() == 4 && isa<AffineDimExpr>(map.getResult(0)) && isa<AffineDimExpr>(map.getResult(1)) &&
         (slides(map.getResult(2)) || slides(map.getResult(3)));
}

namespace {
struct Finder {
  llvm::DenseSet<Value> images;
  bool changed = false;

  bool add(Value value) {
    bool added = hasImageType(value) && images.insert(value).second;
    changed |= added;
    return added;
  }
  /// All or none of the values are images.
  void tie(ArrayRef<Value> values) {
    if (llvm::any_of(values, [&](Value value) { return images.contains(value); }))
      for (Value value : values)
        add(value);
  }

  void visit(linalg::GenericOp op) {
    llvm::SmallDenseSet<unsigned> batches;
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      if (hasImageType(operand.get()) && isWindowed(map))
        add(operand.get());
      if (images.contains(operand.get()))
        if (auto batch = dyn_cast<AffineDimExpr>(map.getResult(0)))
          batches.insert(batch.getPosition());
    }
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      if (!hasImageType(operand.get()))
        continue;
      auto batch = dyn_cast<AffineDimExpr>(map.getResult(0));
      if (batch && batches.contains(batch.getPosition()) && !isa<AffineBinaryOpExpr>(map.getResult(1)))
        add(operand.get());
      if (op.isDpsInit(&operand))
        tie({operand.get(), op.getTiedOpResult(&operand)});
    }
  }

  void visit(Operation &op) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return visit(generic);
    if (auto fill = dyn_cast<linalg::FillOp>(op))
      return tie({fill.getDpsInits()[0], fill.getResult(0)});
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op); insert && keepsChannels(insert))
      return tie({insert.getSource(), insert.getDest(), insert.getResult()});
    if (auto extract = dyn_cast<tensor::ExtractSliceOp>(op); extract && keepsChannels(extract))
      return tie({extract.getSource(), extract.getResult()});
  }
};
} // namespace

llvm::DenseSet<Value> tally::findImages(Block &block) {
  Finder finder;
  do {
    finder.changed = false;
    for (Operation &op : block)
      finder.visit(op);
    for (Operation &op : llvm::reverse(block))
      finder.visit(op);
  } while (finder.changed);
  return std::move(finder.images);
}
