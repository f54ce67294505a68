// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loops of a convolution and of its gradients (private to this folder).
#ifndef TALLY_CONVERSION_CONVLOOPS_H
#define TALLY_CONVERSION_CONVLOOPS_H

#include "NnToLinalg.h"

namespace tally {

/// The loops of a convolution, n q k h w c r s in any order (q = group, left out when there is one group), and maps over them.
class ConvolutionLoops {
public:
  /// `order` lists the loops, outermost first; `reduced` those over which the result is summed.
  ConvolutionLoops(mlir::MLIRContext *context, llvm::StringRef order, llvm::StringRef reduced, bool grouped)
      : context(context) {
    for (char loop : order)
      if (grouped || loop != 'q') {
        names.push_back(loop);
        iterators.push_back(reduced.contains(loop) ? mlir::utils::IteratorType::reduction
                                                   : mlir::utils::IteratorType::parallel);
      }
  }

  /// Null for a loop that is left out.
  mlir::AffineExpr loop(char name) const {
    auto *position = llvm::find(names, name);
    return position == names.end() ? mlir::AffineExpr() : getAffineDimExpr(position - names.begin(), context);
  }
  mlir::AffineMap map(llvm::ArrayRef<mlir::AffineExpr> results) const {
    llvm::SmallVector<mlir::AffineExpr> present;
    llvm::copy_if(results, std::back_inserter(present), [](mlir::AffineExpr result) { return !!result; });
    return mlir::AffineMap::get(names.size(), 0, present, context);
  }
  mlir::AffineMap weight() const { return map({loop('q'), loop('k'), loop('c'), loop('r'), loop('s')}); }
  mlir::AffineMap output() const { return map({loop('n'), loop('q'), loop('k'), loop('h'), loop('w')}); }

  /// result += a * b for the first two inputs; others are never read, they give loops their ranges.
  mlir::Value multiplyAccumulate(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange inputs,
                                 llvm::ArrayRef<mlir::AffineMap> inputMaps, mlir::Value start,
                                 mlir::AffineMap resultMap) const {
    llvm::SmallVector<mlir::AffineMap> maps(inputMaps);
    maps.push_back(resultMap);
    return mlir::linalg::GenericOp::create(
               builder, loc, start.getType(), inputs, start, maps, iterators,
               [](mlir::OpBuilder &nested, mlir::Location nestedLoc, mlir::ValueRange in) {
                 mlir::Value product = createProduct(nested, nestedLoc, in[0], in[1], in.back().getType());
                 mlir::Value sum = mlir::arith::AddFOp::create(nested, nestedLoc, in.back(), product);
                 mlir::linalg::YieldOp::create(nested, nestedLoc, sum);
               })
        .getResult(0);
  }

private:
  mlir::MLIRContext *context;
  llvm::SmallVector<char> names;
  llvm::SmallVector<mlir::utils::IteratorType> iterators;
};

/// The type with dimension `dimension` split into [group, rest]; the type itself for one group.
inline mlir::RankedTensorType splitChannels(mlir::RankedTensorType type, int64_t dimension, int64_t group) {
  if (group == 1)
    return type;
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape[dimension] /= group;
  shape.insert(shape.begin() + dimension, group);
  return type.clone(shape);
}
inline mlir::Value splitChannels(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, int64_t dimension,
                                 int64_t group) {
  auto type = llvm::cast<mlir::RankedTensorType>(value.getType());
  return createReshape(builder, loc, value, splitChannels(type, dimension, group));
}

} // namespace tally

#endif
