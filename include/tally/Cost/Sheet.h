// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A table of words and exact numbers, in the forms that people paste and programs read.
#ifndef TALLY_COST_SHEET_H
#define TALLY_COST_SHEET_H

#include "tally/Cost/CostReport.h"
#include "llvm/Support/raw_ostream.h"
#include <variant>
#include <vector>

namespace tally {

struct Sheet {
  using Cell = std::variant<std::string, Count>;
  std::vector<std::string> heads;
  std::vector<std::vector<Cell>> rows; ///< of as many cells as there are heads

  /// `format` is one of
  /// - text: columns for a terminal, numbers with groups of digits
  /// - csv (RFC 4180): numbers as digits, words in quotes where they need them
  /// - markdown: a table of GitHub's
  /// - latex: a tabular with the rules of the package booktabs
  /// - json: a list of objects, head -> text, of a number its digits
  void print(llvm::StringRef format, llvm::raw_ostream &os) const;
};

/// The heads and the numbers of a run in a table of several: parameters, operations by phase, and, of the whole run, complexity.
std::vector<std::string> summaryHeads(Span span);
std::vector<Sheet::Cell> summaryRow(const CostReport &report);

/// Where the operations of a run are: a row for each phase, layer and op.
Sheet makeLayerSheet(const CostReport &report);

} // namespace tally

#endif
