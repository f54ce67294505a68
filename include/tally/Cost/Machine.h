// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The time and energy of a training run on a described machine: a roofline for each op.
#ifndef TALLY_COST_MACHINE_H
#define TALLY_COST_MACHINE_H

#include "dialects/Train/Train.h"
#include "tally/Cost/BodyCount.h"
#include "llvm/Support/JSON.h"

namespace tally {

/// What a machine can do with all of its cores; lib/Cost/README.md has the keys of its file.
struct Machine {
  /// A cache, or the memory: what it holds, in bytes, what it moves in a second, and joules for each byte.
  struct Store {
    int64_t size;
    double bytesPerSecond, joulesPerByte;
  };
  /// Values by type of number ("f32"); `other` is that of the types that are not named.
  using ByType = std::map<std::string, double>;

  std::string name;
  ByType operationsPerSecond;
  std::map<std::string, ByType> joules; ///< type of number -> kind of operation ("add", or "other") -> of one operation
  std::vector<Store> stores;            ///< caches, the smallest first, then the memory

  /// Where a value of so many bytes lies: in the smallest store that holds it.
  const Store &storeOf(int64_t bytes) const;
  double secondsOf(const OpCount &operations) const;
  double joulesOf(const OpCount &operations) const;
};

/// Reads a machine by its name (tools/machines), or a file; errors are diagnostics with line and column.
llvm::FailureOr<Machine> readMachine(llvm::StringRef nameOrFile, mlir::MLIRContext *context);

/// What the ops of a phase, layer and op take in the whole run.
struct MachineRow {
  Count operations, bytes;
  double computeSeconds = 0, memorySeconds = 0; ///< each op alone bound by one of the two
  double seconds = 0;                           ///< the sum over the ops of the larger one
  double joules = 0;
  MachineRow &operator+=(const MachineRow &other);
  bool isComputeBound() const { return computeSeconds >= memorySeconds; }
};

struct MachineReport {
  Machine machine;
  std::map<Charge, MachineRow> rows;
  /// The sum over the phases of training, as of the operations; of evaluation.
  MachineRow training, evaluation;
};

/// Prices the whole run: each op takes the longer one of its operations at the machine's rate for their types and of the bytes of its operands and
/// results, each once, from and to the smallest store that holds each of them. Ops that only move data read what they write.
llvm::FailureOr<MachineReport> estimate(train::ProgramOp program, const Machine &machine);

/// The report's `machine`.
llvm::json::Value toJson(const MachineReport &report);

/// The answer in a line, and the tables behind it.
void printMachine(const MachineReport &report, llvm::raw_ostream &os);
void printMachineDetails(const MachineReport &report, llvm::raw_ostream &os);

} // namespace tally

#endif
