// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Det of small matrices.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static constexpr int64_t largest = 8; // rows: n * 2^(n - 1) products

/// Minors of the first rows, by the set of their columns: each from those of one row less (Laplace's expansion along its last row).
static LogicalResult importDet(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  Shape shape = c.shapeOf(x);
  int64_t rank = shape.rank(), size = rank < 2 ? 0 : shape.here[rank - 1];
  if (rank < 2 || shape.here[rank - 2] != size)
    return node.wrong("expects square matrices");
  if (shape.isBatch(rank - 1) || size < 1 || size > largest)
    return node.unsupported("a determinant of more than " + Twine(largest) + " rows is not supported");
  Shape result = shape;
  result.erase(rank - 1);
  result.erase(rank - 2);
  auto element = [&](int64_t row, int64_t column) {
    Value line = c.slice(x, rank - 2, row, 1);
    return c.reshape(c.slice(line, rank - 1, column, 1), result);
  };
  std::vector<Value> minors(size_t(1) << size);
  for (size_t columns = 1; columns < minors.size(); ++columns) {
    int64_t row = llvm::popcount(columns) - 1, behind = row;
    for (int64_t column = 0; column < size; ++column) {
      if (!(columns >> column & 1))
        continue;
      Value &sum = minors[columns];
      Value product = element(row, column);
      if (row > 0)
        product = c.mul(product, minors[columns ^ (size_t(1) << column)]);
      // The sign is that of the number of columns behind.
      sum = !sum ? (behind % 2 ? c.negate(product) : product) : behind % 2 ? c.sub(sum, product) : c.add(sum, product);
      --behind;
      if (!sum)
        return failure();
    }
  }
  return c.result(minors.back());
}

ArrayRef<OpRow> tally::onnx::getDeterminantRows() {
  static const OpRow rows[] = {{"Det", {11}, importDet}};
  return rows;
}
