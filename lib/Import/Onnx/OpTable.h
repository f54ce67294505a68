// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which function imports an op at which opset.
#ifndef TALLY_IMPORT_ONNX_OPTABLE_H
#define TALLY_IMPORT_ONNX_OPTABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include <cstdint>
#include <limits>

namespace tally::onnx {

class NodeReader;

/// The opsets of ai.onnx that the import functions know; each other domain has its own numbers.
constexpr int64_t oldestOpset = 7, newestOpset = 28;

/// The opsets at which an op has one form: [since, until).
struct Opsets {
  int64_t since; ///< oldestOpset where the form is older
  int64_t until = std::numeric_limits<int64_t>::max();
  bool contain(int64_t opset) const { return since <= opset && opset < until; }
};

/// One row of a family's table: how one form of an op is imported. An op has as many rows as it has forms that are read differently.
struct OpRow {
  llvm::StringLiteral opType; ///< with its domain in front where that is not ai.onnx
  Opsets opsets;
  llvm::LogicalResult (*import)(NodeReader &node);
  llvm::StringLiteral target = ""; ///< the nn op, where one function serves several rows
  size_t required = 1;             ///< inputs that the op cannot be without, the first ones
  size_t outputs = 1;              ///< the most outputs that the op has
  bool takesSequences = false;     ///< inputs may be sequences
};

// llvm::ArrayRef<OpRow> get<Family>Rows() for each family file of this folder; the list is made by CMake.
#define TALLY_FAMILY(Family) llvm::ArrayRef<OpRow> get##Family##Rows();
#include "OnnxFamilies.inc"
#undef TALLY_FAMILY

/// The rows of an op in the order of their opsets; empty for an op that is not known.
llvm::ArrayRef<const OpRow *> rowsOf(llvm::StringRef opType);

/// The row for an opset; null where there is none.
const OpRow *findRow(llvm::StringRef opType, int64_t opset);

} // namespace tally::onnx

#endif
