// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows of a name, a number and a note, aligned: the tables of the cost report.
#ifndef TALLY_LIB_COST_REPORTTABLE_H
#define TALLY_LIB_COST_REPORTTABLE_H

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include "tally/Support/CountText.h"
#include <vector>

namespace tally {

class ReportTable {
public:
  void add(std::string name, const Count &number, std::string note = {}) {
    rows.push_back({std::move(name), groupDigits(number), std::move(note)});
  }
  /// A number with its sign.
  void addDifference(std::string name, const Count &number, std::string note = {}) {
    rows.push_back({std::move(name), withSign(number), std::move(note)});
  }
  void print(llvm::raw_ostream &os) const {
    size_t name = 0, number = 0;
    for (const Row &row : rows) {
      name = std::max(name, row.name.size());
      number = std::max(number, row.number.size());
    }
    for (const Row &row : rows) {
      os << "  " << llvm::left_justify(row.name, name + 2) << llvm::right_justify(row.number, number);
      if (!row.note.empty())
        os << "  " << llvm::right_justify(row.note, 8);
      os << '\n';
    }
  }

private:
  struct Row {
    std::string name, number, note;
  };
  std::vector<Row> rows;
};

} // namespace tally

#endif
