// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Executions of blocks times what one execution costs, against executions of functions times what the compiler expects of one.
#include "train/ExecutedCount.h"
#include "core/Failure.h"

#include <cstdio>
#include <tuple>

using namespace tally::rt;

ExecutedCount::ExecutedCount(const Manifest &manifest)
    : manifest(manifest), running(manifest.blocks.size()), executions(manifest.functions.size()) {
  std::map<std::string, std::pair<size_t, size_t>> ofKernel;
  for (size_t block = 0; block < manifest.blocks.size(); ++block) {
    auto [range, isFirst] = ofKernel.try_emplace(manifest.blocks[block].kernel, block, block);
    range->second.second = block + 1;
  }
  for (const KernelCall &call : manifest.calls) {
    blocks.push_back(ofKernel[call.kernel]);
    times.emplace_back(blocks.back().second - blocks.back().first);
  }
}

void ExecutedCount::endKernel(size_t call) {
  auto [first, last] = blocks[call];
  for (size_t block = first; block < last; ++block)
    times[call][block - first] += running[block].exchange(0, std::memory_order_relaxed);
}

namespace {
/// Function, phase, layer, kind and type.
using Place = std::tuple<size_t, std::string, std::string, std::string>;

/// Adds up numbers, each of one phase.
struct Sums {
  std::map<Place, ExecutedTotals::Row> places;

  void add(size_t function, const std::string &phase, const std::string &layer, const Operations &operations, __int128 times,
           __int128 ExecutedTotals::Row::*column) {
    for (const auto &[kind, number] : operations)
      places[{function, phase, layer, kind}].*column += number * times;
  }
};
} // namespace

static void operator+=(ExecutedTotals::Row &sum, const ExecutedTotals::Row &row) {
  sum.operations += row.operations;
  sum.surplus += row.surplus;
  sum.avoided += row.avoided;
  sum.executed += row.executed;
}

ExecutedTotals ExecutedCount::compare() const {
  using Row = ExecutedTotals::Row;
  Sums sums;
  bool isLayered = false;
  for (const ExpectedCount &expected : manifest.expected) {
    isLayered |= !expected.layer.empty();
    for (auto [operations, column] : {std::pair(&expected.operations, &Row::operations), {&expected.surplus, &Row::surplus}, {&expected.avoided, &Row::avoided}})
      sums.add(expected.function, expected.phase, expected.layer, *operations, executions[expected.function], column);
  }
  for (size_t number = 0; number < manifest.calls.size(); ++number) {
    const KernelCall &call = manifest.calls[number];
    for (size_t i = 0; i < times[number].size(); ++i)
      for (const auto &[layer, operations] : manifest.blocks[blocks[number].first + i].layers)
        sums.add(call.function, call.phases.front(), isLayered ? layer : "", operations, times[number][i], &Row::executed);
  }
  ExecutedTotals totals;
  for (const auto &[place, row] : sums.places) {
    const auto &[function, phase, layer, kind] = place;
    totals.phases[phase] += row;
    totals.executed[phase][kind] += row.executed;
    if (phase != "evaluation" && phase != "monitoring")
      totals.training += row;
    if (row.executed != row.operations + row.surplus - row.avoided)
      totals.differences.push_back(manifest.functions[function] + ", " + phase + (layer.empty() ? "" : " of '" + layer + "'") + ", " + kind +
                                   ": executed " + digitsOf(row.executed) + ", expected " + digitsOf(row.operations) + " + " +
                                   digitsOf(row.surplus) + " - " + digitsOf(row.avoided));
  }
  return totals;
}

std::string tally::rt::digitsOf(__int128 number) {
  std::string digits;
  bool isNegative = number < 0;
  for (auto rest = static_cast<unsigned __int128>(isNegative ? -number : number); rest || digits.empty(); rest /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  return isNegative ? "-" + digits : digits;
}

void tally::rt::report(const ExecutedTotals &totals) {
  const ExecutedTotals::Row &row = totals.training;
  if (totals.differences.empty()) {
    std::printf("executed in training: %s = %s operations + %s surplus - %s avoided\n", digitsOf(row.executed).c_str(),
                digitsOf(row.operations).c_str(), digitsOf(row.surplus).c_str(), digitsOf(row.avoided).c_str());
    return;
  }
  constexpr size_t shown = 8;
  std::string text = "what was executed is not what the static counts say:";
  for (size_t i = 0; i < std::min(shown, totals.differences.size()); ++i)
    text += "\n  " + totals.differences[i];
  if (totals.differences.size() > shown)
    text += "\n  and " + std::to_string(totals.differences.size() - shown) + " more";
  throw Failure(ProgramWrong, text);
}
