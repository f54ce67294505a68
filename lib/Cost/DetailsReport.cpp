// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tables behind the cost report: by kind, type, body and layer.
#include "ReportTable.h"
#include "SegmentRuns.h"

using namespace mlir;
using namespace tally;

static void printSplits(const CostReport &report, llvm::raw_ostream &os) {
  OpCount operations = report.operations();
  Count total = operations.total();
  os << "\nby kind of operation\n";
  ReportTable kinds;
  for (const auto &[kind, number] : operations.byKind())
    kinds.add(kind, number, formatShare(number, total));
  kinds.print(os);

  os << "\nby type of number\n";
  ReportTable types;
  for (const auto &[type, number] : operations.byType())
    types.add(type, number, formatShare(number, total));
  types.print(os);
}

/// operations + surplus - avoided = executed.
static void printExecution(const CostReport &report, StringRef level, const ExecutionReport &execution, llvm::raw_ostream &os) {
  os << "\nexecuted in training at " << level << "\n";
  ReportTable table;
  table.add("operations", report.operations().total());
  for (const auto &[reason, number] : execution.surplus)
    table.add("surplus: " + reason, number.total());
  for (const auto &[reason, number] : execution.avoided)
    table.add("avoided: " + reason, number.total());
  table.add("executed", report.executed(execution));
  table.print(os);
}

static void printBeside(const CostReport &report, llvm::raw_ostream &os) {
  os << "\nbeside it\n";
  ReportTable beside;
  for (Phase phase : {Phase::Evaluation, Phase::Monitoring})
    if (auto entry = report.phases.find(phase); entry != report.phases.end())
      beside.add(stringifyPhase(phase).str(), entry->second.total());
  beside.add("running statistics", report.statistics);
  beside.add("bytes moved", report.bytesMoved);
  beside.add("steps", report.steps);
  beside.print(os);
}

static Count countOnce(const std::map<Phase, OpCount> &phases) {
  OpCount one;
  for (const auto &[phase, count] : phases)
    if (phase != Phase::Monitoring)
      one += count;
  return one.total();
}

static void printRuns(const CostReport &report, llvm::raw_ostream &os) {
  os << "\nwhat runs\n";
  ReportTable table;
  ArrayRef<SegmentReport> segments = report.segments;
  auto alike = [&](size_t i, size_t j) {
    const SegmentReport &a = segments[i], &b = segments[j];
    return std::tie(a.steps, a.batch, a.imageSize, a.perStep) == std::tie(b.steps, b.batch, b.imageSize, b.perStep);
  };
  for (const SegmentRun &run : findRuns(segments.size(), alike))
    for (const SegmentReport &segment : segments.slice(run.first, run.length))
      table.add("step " + std::to_string(segment.firstStep) + ", batch " + std::to_string(segment.batch) + ": " +
                    (run.times > 1 ? std::to_string(run.times) + " x " : "") + std::to_string(segment.steps) + " x",
                countOnce(segment.perStep));
  for (const EventReport &event : report.events)
    table.add(event.name + " (" + event.when + "): " + event.trips.str() + " x", countOnce(event.perTrip));
  table.print(os);
}

static void printLayers(const CostReport &report, llvm::raw_ostream &os) {
  Count total = report.operations().total();
  os << "\nby layer: parameters; operations of all phases\n";
  ReportTable table;
  for (const auto &[name, layer] : report.trainedLayers())
    table.add(name + (layer.parameters.isZero() ? "" : " [" + groupDigits(layer.parameters) + "]"), layer.operations.total(),
              formatShare(layer.operations.total(), total));
  table.print(os);
}

void tally::printDetails(const CostReport &report, llvm::raw_ostream &os) {
  printSplits(report, os);
  if (report.verification) {
    printExecution(report, "-O3", report.verification->optimized, os);
    printExecution(report, "-O0", report.verification->plain, os);
  }
  printBeside(report, os);
  if (report.memory)
    printMemory(*report.memory, os);
  if (report.machine)
    printMachineDetails(*report.machine, os);
  printRuns(report, os);
  printLayers(report, os);
}
