// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The linear maps of Winograd's convolution as scalar programs.
#ifndef TALLY_NN_WINOGRAD_H
#define TALLY_NN_WINOGRAD_H

#include "dialects/Nn/Nn.h"

namespace tally::nn {

/// The sizes of the matrix of a map: a tile of `from` x `from` elements becomes one of `to` x `to`.
struct WinogradSizes {
  int64_t from, to;
};
WinogradSizes sizesOf(WinogradMap map);

/// The transformed tile of `tile`, both row by row: the map on each column, then on each row.
llvm::SmallVector<mlir::Value> transformTile(mlir::OpBuilder &builder, mlir::Location loc, WinogradMap map, mlir::ValueRange tile);

} // namespace tally::nn

#endif
