// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a training run costs: the report of `tally cost`.
#ifndef TALLY_COST_COSTREPORT_H
#define TALLY_COST_COSTREPORT_H

#include "dialects/Train/Train.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Support/CountChange.h"
#include "llvm/Support/JSON.h"

namespace tally {

/// The sizes of a compiled program, known where its memory plan is made (`--target cpu -O3`).
struct MemoryReport {
  int64_t peakBytes = 0;
  int64_t scratchBytesPerThread = 0;
  int64_t parametersBytes = 0;
  int64_t stateBytes = 0;
  int64_t activationsBytes = 0;
};

/// One row of the phase table and what each of its steps costs.
struct SegmentReport {
  int64_t firstStep, steps, batch, imageSize;
  std::map<Phase, OpCount> perStep;
};

/// Periodic work, initialization and evaluation: how often a body runs and what one execution costs.
struct EventReport {
  std::string name;
  std::string when; ///< initialize, before, after, evaluate
  int64_t first, period;
  Count trips;
  std::map<Phase, OpCount> perTrip;
};

/// What the compiled program executes beside the operations of training, and what of them it does not; by reason, for the whole run.
struct ExecutionReport {
  std::map<std::string, OpCount> surplus, avoided;
};

/// One line of the report by layer.
struct LayerReport {
  OpCount operations;
  Count parameters;
};

/// What a training run costs. Numbers are for the whole run.
struct CostReport {
  Count parameters, trained, frozen, statistics; ///< elements
  std::map<Phase, OpCount> phases;
  std::map<Charge, LayerReport> layers;
  std::vector<std::string> layerNames; ///< in the order of the program
  std::vector<SegmentReport> segments;
  std::vector<EventReport> events;
  Count asWritten;  ///< operations of training before dead and repeated ops were dropped
  Count bytesMoved; ///< bytes of the results of ops that only move data
  int64_t steps = 0;
  std::string profile = "haet";
  std::string toolVersion;
  std::map<std::string, Count> trips; ///< executions of each body
  std::optional<MemoryReport> memory;
  std::optional<ExecutionReport> execution;
  mlir::DictionaryAttr info; ///< of the program

  /// The operations of training: all phases but evaluation and monitoring.
  OpCount operations() const;
  /// Parameters plus operations.
  Count complexity() const;
  /// Sets `execution` from what passes declared for one execution of each body.
  void addChanges(llvm::ArrayRef<CountChange> changes);
};

/// Counts a program of the training level: bodies times trips.
llvm::FailureOr<CostReport> makeCostReport(train::ProgramOp program);

/// The report as JSON, schema tally-cost/1 (tools/tally/README.md).
llvm::json::Value toJson(const CostReport &report);

/// The report as a table for the terminal.
void printText(const CostReport &report, llvm::raw_ostream &os);

} // namespace tally

#endif
