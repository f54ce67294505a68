// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds what repeats in the rows of a phase table.
#include "SegmentRuns.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tally;

/// The longest sequence of rows that is looked for: an epoch has a handful.
static constexpr size_t longestRun = 64;

std::vector<SegmentRun> tally::findRuns(size_t size, llvm::function_ref<bool(size_t, size_t)> alike) {
  std::vector<SegmentRun> runs;
  for (size_t first = 0; first < size;) {
    SegmentRun best{first, 1, 1};
    for (size_t length = 1; length <= std::min(longestRun, (size - first) / 2); ++length) {
      size_t end = first + length;
      while (end < size && alike(end - length, end))
        ++end;
      size_t times = (end - first) / length;
      if (times > 1 && length * times > best.length * best.times)
        best = {first, length, times};
    }
    runs.push_back(best);
    first += best.length * best.times;
  }
  return runs;
}

std::string tally::describeSteps(ArrayRef<SegmentReport> segments) {
  struct Row {
    int64_t steps, batch, imageSize;
    bool operator==(const Row &) const = default;
  };
  // Neighbours that differ only in what they train are one row here.
  std::vector<Row> rows;
  for (const SegmentReport &segment : segments) {
    if (!rows.empty() && rows.back().batch == segment.batch && rows.back().imageSize == segment.imageSize)
      rows.back().steps += segment.steps;
    else
      rows.push_back({segment.steps, segment.batch, segment.imageSize});
  }
  bool sizes = llvm::any_of(rows, [&](const Row &row) { return row.imageSize != rows.front().imageSize; });
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::ListSeparator outer(", ");
  bool named = false; // "steps" is said once
  for (const SegmentRun &run : findRuns(rows.size(), [&](size_t i, size_t j) { return rows[i] == rows[j]; })) {
    os << outer;
    if (run.times > 1)
      os << run.times << " x (";
    llvm::ListSeparator inner(", ");
    for (const Row &row : ArrayRef<Row>(rows).slice(run.first, run.length)) {
      os << inner << row.steps << (named ? "" : row.steps == 1 ? " step" : " steps") << " of " << row.batch;
      named = true;
      if (sizes && row.imageSize > 0)
        os << " at " << row.imageSize << " pixels";
    }
    if (run.times > 1)
      os << ')';
  }
  return text;
}
