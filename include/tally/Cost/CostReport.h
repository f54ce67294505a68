// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a training run costs: the report of `tally cost`.
#ifndef TALLY_COST_COSTREPORT_H
#define TALLY_COST_COSTREPORT_H

#include "dialects/Train/Train.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Cost/Machine.h"
#include "tally/Cost/MemoryReport.h"
#include "tally/Support/CountChange.h"
#include "llvm/Support/JSON.h"

namespace tally {

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

/// What a compiled program executes beside the operations of training, and what of them it does not; by reason, for the whole run.
struct ExecutionReport {
  std::map<std::string, OpCount> surplus, avoided;
  /// Adds what a pass declared, for so many executions of the body.
  void add(const CountChange &change, Count executions);
};

/// The sum over all reasons.
Count totalOf(const std::map<std::string, OpCount> &reasons);

/// The counts that agreed with the report: of the loops of each body, and of the programs of -O0 and -O3 between all passes.
struct VerificationReport {
  unsigned bodies = 0;
  ExecutionReport plain, optimized;
};

/// One line of the report by phase, layer and op.
struct LayerReport {
  OpCount operations;
  Count parameters;
  Count bytesMoved; ///< of its results, where the op only moves data
};

/// The parameters of one kind ("conv.weight").
struct ParameterGroup {
  int64_t tensors = 0;
  Count trained, frozen; ///< elements
};

/// What the numbers of a report are for: the whole run, one epoch, or one step.
enum class Span { Run, Epoch, Step };

/// "run", "epoch", "step".
llvm::StringRef stringifySpan(Span span);
std::optional<Span> parseSpan(llvm::StringRef name);

/// The module that a layer is a part of: "layer1.0" of "layer1.0.conv1"; empty where it is a part of the network itself.
llvm::StringRef moduleOf(llvm::StringRef layer);

/// The steps that a report is for.
struct ReportedSteps {
  Span span = Span::Run;
  int64_t first = 0, steps = 0;
  int64_t epoch = 0; ///< counted from 1; 0: not one epoch
};

/// What a trainer counted while it ran (`tally build --instrument`), of its log.
struct ExecutedReport {
  std::string log; ///< the file
  int64_t runs = 1; ///< seeds
  Count operations, surplus, avoided, executed; ///< of training, all runs together
};

/// The operations of training that are left after something that made them fewer.
struct WaterfallStage {
  std::string name;
  Count operations;
};

/// What a training run costs. Numbers are for the whole run, or for the steps that were asked for.
struct CostReport {
  ReportedSteps reported;
  Count parameters, trained, frozen, statistics; ///< elements
  std::map<Phase, OpCount> phases;
  std::map<Charge, LayerReport> layers;
  std::vector<std::string> layerNames; ///< in the order of the program
  std::vector<SegmentReport> segments;
  std::vector<EventReport> events;
  Count asWritten;  ///< operations of training before dead and repeated ops were dropped
  Count bytesMoved; ///< bytes of the results of ops that only move data
  std::map<std::string, ParameterGroup> parameterGroups; ///< by kind
  std::vector<WaterfallStage> waterfall; ///< of the run; empty where it was not derived
  int64_t steps = 0; ///< of the run
  std::string profile = "haet";
  std::string toolVersion;
  std::map<std::string, Count> trips; ///< executions of each body
  std::optional<ExecutedReport> trainer; ///< where a trainer's log was given
  std::optional<MemoryReport> memory;
  std::optional<MachineReport> machine;
  std::optional<VerificationReport> verification;
  mlir::DictionaryAttr info; ///< of the program

  /// The operations of training: all phases but evaluation and monitoring.
  OpCount operations() const;
  /// Of one phase; 0 where the run has none of it.
  Count operationsOf(Phase phase) const;
  /// The number of images when the recipe trains on the first ones only, else 0.
  int64_t subset() const;
  /// Parameters plus operations.
  Count complexity() const;
  /// What is executed in training, from what passes declared for one execution of each body.
  ExecutionReport execution(llvm::ArrayRef<CountChange> changes) const;
  /// The operations of training, plus surplus, less what is avoided.
  Count executed(const ExecutionReport &execution) const;
  /// The operations of training of each op ("conv").
  std::map<std::string, OpCount> byOp() const;
  /// All phases of training of each layer that has operations or parameters, in the order of the program.
  std::vector<std::pair<std::string, LayerReport>> trainedLayers() const;
};

/// Counts a program of the training level: bodies times trips. Of the spans epoch and step it counts the one in the middle of the run: what is done
/// in its steps, and for an epoch what is done before, after and between them, its evaluation, too.
llvm::FailureOr<CostReport> makeCostReport(train::ProgramOp program, const CostProfile &profile = {}, Span span = Span::Run);

/// The report as JSON, schema tally-cost/1 (tools/tally/README.md).
llvm::json::Value toJson(const CostReport &report);

/// The report for the terminal: the answer on one screen, then, with `details`, every table.
void printText(const CostReport &report, bool details, llvm::raw_ostream &os);

/// The tables by kind, type, layer and body, behind the answer.
void printDetails(const CostReport &report, llvm::raw_ostream &os);

} // namespace tally

#endif
