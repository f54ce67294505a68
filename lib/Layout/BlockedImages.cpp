// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the images of a body.
#include "BlockedImages.h"

using namespace mlir;
using namespace tally;

static bool hasImageType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() >= 3 && type.hasStaticShape();
}

RankedTensorType tally::blockedType(RankedTensorType type, int64_t wanted) {
  int64_t block = blockOf(type.getDimSize(1), wanted);
  SmallVector<int64_t> shape(type.getShape());
  shape[1] /= block;
  shape.push_back(block);
  return type.clone(shape);
}

/// A position and a tap together index a dimension behind the channels: a window slides over this operand.
static bool isWindowed(AffineMap map) {
  auto slides = [&](AffineExpr expression) {
    return llvm::count_if(llvm::seq<unsigned>(0, map.getNumDims()), [&](unsigned loop) { return expression.isFunctionOfDim(loop); }) > 1;
  };
  // The channels of a group stand behind the groups: no image.
  auto positions = map.getResults().drop_front(2);
  return isa<AffineDimExpr>(map.getResult(0)) && isa<AffineDimExpr>(map.getResult(1)) &&
         (map.getNumResults() == 4 ? llvm::any_of(positions, slides) : llvm::all_of(positions, slides));
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
    llvm::SmallDenseSet<std::pair<unsigned, unsigned>> batches, channels; // loop and rank of images
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      if (hasImageType(operand.get()) && isWindowed(map))
        add(operand.get());
      if (images.contains(operand.get()))
        if (auto batch = dyn_cast<AffineDimExpr>(map.getResult(0)))
          batches.insert({batch.getPosition(), map.getNumResults()});
      if (images.contains(operand.get()) && op.getNumParallelLoops() == op.getNumLoops())
        if (auto channel = dyn_cast<AffineDimExpr>(map.getResult(1)))
          channels.insert({channel.getPosition(), map.getNumResults()});
    }
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      if (!hasImageType(operand.get()))
        continue;
      auto batch = dyn_cast<AffineDimExpr>(map.getResult(0));
      if (batch && batches.contains({batch.getPosition(), map.getNumResults()}) && !isa<AffineBinaryOpExpr>(map.getResult(1)))
        add(operand.get());
      // Where each element is one of the image's, the batch may be another dimension.
      if (auto channel = dyn_cast<AffineDimExpr>(map.getResult(1)); channel && batch && channels.contains({channel.getPosition(), map.getNumResults()}))
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
