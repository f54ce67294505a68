// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rows of all families.
#include "OpTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

using namespace tally::onnx;
using Rows = llvm::SmallVector<const OpRow *, 2>;

static const llvm::StringMap<Rows> &allRows() {
  static const llvm::StringMap<Rows> rows = [] {
    llvm::StringMap<Rows> result;
#define TALLY_FAMILY(Family)                                                                                           \
  for (const OpRow &row : get##Family##Rows())                                                                         \
    result[row.opType].push_back(&row);
#include "OnnxFamilies.inc"
#undef TALLY_FAMILY
    for (auto &entry : result)
      llvm::sort(entry.second, [](const OpRow *a, const OpRow *b) { return a->opsets.since < b->opsets.since; });
    return result;
  }();
  return rows;
}

llvm::ArrayRef<const OpRow *> tally::onnx::rowsOf(llvm::StringRef opType) {
  auto rows = allRows().find(opType);
  return rows == allRows().end() ? llvm::ArrayRef<const OpRow *>() : rows->second;
}

const OpRow *tally::onnx::findRow(llvm::StringRef opType, int64_t opset) {
  for (const OpRow *row : rowsOf(opType))
    if (row->opsets.contain(opset))
      return row;
  return nullptr;
}
