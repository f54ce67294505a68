// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The third count: what a program executes, counted while it runs, must be what the static counts say.
#ifndef TALLY_RT_TRAIN_EXECUTEDCOUNT_H
#define TALLY_RT_TRAIN_EXECUTEDCOUNT_H

#include "train/Manifest.h"

#include <atomic>

namespace tally::rt {

/// Numbers for the whole run; training: all phases but evaluation and monitoring.
struct ExecutedTotals {
  struct Row {
    __int128 operations = 0, surplus = 0, avoided = 0, executed = 0;
  };
  std::map<std::string, Row> phases;
  std::map<std::string, Operations> executed; ///< of each phase, by kind and type of number
  Row training;
  /// Places where executed is not operations + surplus - avoided, in words; empty where all agrees.
  std::vector<std::string> differences;
};

class ExecutedCount {
public:
  explicit ExecutedCount(const Manifest &manifest);

  /// From any thread of a kernel.
  void addBlock(size_t block, int64_t times) { running[block].fetch_add(times, std::memory_order_relaxed); }
  /// After a call of a kernel, whose threads have all ended.
  void endKernel(size_t call);
  /// After a call of a function.
  void endFunction(size_t function) { ++executions[function]; }
  /// Compares what ran with the static counts, by function, phase, kind and type of number, at -O0 by layer, too.
  ExecutedTotals compare() const;

private:
  const Manifest &manifest;
  std::vector<std::atomic<int64_t>> running;             // of each block, in the call that runs
  std::vector<std::pair<size_t, size_t>> blocks;         // of each call: those of its kernel, [first, last)
  std::vector<std::vector<int64_t>> times;               // of each call and block of its kernel, in all
  std::vector<int64_t> executions;                       // of each function
};

/// Decimal digits.
std::string digitsOf(__int128 number);
/// Prints what was executed; fails with status 70 where it is not what the static counts say.
void report(const ExecutedTotals &totals);

} // namespace tally::rt
#endif
