// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The answer of the cost report on one screen.
#include "ReportTable.h"
#include "SegmentRuns.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tally;

/// How many layers the answer names.
static constexpr size_t namedLayers = 5;

static void printTotals(const CostReport &report, llvm::raw_ostream &os) {
  Count total = report.operations().total();
  ReportTable table;
  if (report.reported.span == Span::Run)
    table.add("complexity", report.complexity());
  table.add("parameters", report.parameters,
            report.frozen.isZero() ? "" : groupDigits(report.trained) + " trained, " + groupDigits(report.frozen) + " frozen");
  table.add("operations", total,
            report.asWritten == total ? "" : groupDigits(report.asWritten) + " as written, with dead and repeated work");
  for (const auto &[phase, count] : report.phases)
    if (isTraining(phase))
      table.add("  " + stringifyPhase(phase).str(), count.total(), formatShare(count.total(), total));
  table.print(os);
}

static void printExpensiveLayers(const CostReport &report, llvm::raw_ostream &os) {
  Count total = report.operations().total();
  auto layers = report.trainedLayers();
  llvm::stable_sort(layers, [](const auto &a, const auto &b) { return isNegative(b.second.operations.total() - a.second.operations.total()); });
  os << "\nmost expensive of " << layers.size() << " layers\n";
  ReportTable table;
  for (const auto &[name, layer] : ArrayRef(layers).take_front(namedLayers))
    table.add(name, layer.operations.total(), formatShare(layer.operations.total(), total));
  table.print(os);
}

static std::string describeBytes(int64_t bytes) {
  if (bytes < 1000000)
    return llvm::formatv("{0:f1} kB", bytes / 1.0e3);
  return llvm::formatv("{0:f1} MB", bytes / 1.0e6);
}

/// How the number was found again: from the loops, and by the program itself.
static void printVerification(const CostReport &report, llvm::raw_ostream &os) {
  if (const auto &executed = report.trainer)
    os << "executed    a trainer counted " << groupDigits(executed->executed) << " = " << groupDigits(executed->operations) << " operations + "
       << groupDigits(executed->surplus) << " surplus - " << groupDigits(executed->avoided) << " avoided"
       << (executed->runs > 1 ? " in " + std::to_string(executed->runs) + " runs" : "") << ", as it should (" << executed->log << ")\n";
  if (!report.verification) {
    os << "not verified; --verify counts again, from the loops, after each pass at -O0 and -O3"
       << (report.trainer ? "" : "; --log LOG shows what a trainer of --instrument executed") << '\n';
    return;
  }
  os << "verified    the loops of " << report.verification->bodies << " bodies count the same " << groupDigits(report.operations().total())
     << " operations\n";
  for (auto [level, execution] : {std::pair("-O0", &report.verification->plain), {"-O3", &report.verification->optimized}})
    os << "            executed at " << level << ": " << groupDigits(report.executed(*execution)) << " (surplus "
       << groupDigits(totalOf(execution->surplus)) << ", avoided " << groupDigits(totalOf(execution->avoided)) << ")\n";
}

/// "the training run", "epoch 5 of 8: steps 389 to 485".
static std::string describe(const CostReport &report) {
  const ReportedSteps &reported = report.reported;
  std::string first = groupDigits(reported.first + 1);
  if (reported.span == Span::Run)
    return "the training run";
  if (reported.span == Span::Step)
    return "step " + first + " of " + groupDigits(report.steps);
  return "epoch " + groupDigits(reported.epoch) + ": steps " + first + " to " + groupDigits(reported.first + reported.steps);
}

void tally::printText(const CostReport &report, bool details, llvm::raw_ostream &os) {
  os << "cost of " << describe(report) << " (profile " << report.profile << ")\n";
  printTotals(report, os);
  printExpensiveLayers(report, os);
  os << '\n';
  if (const auto &memory = report.memory)
    os << "memory      " << describeBytes(memory->peakBytes) << " at the peak; parameters " << describeBytes(memory->parametersBytes)
       << ", state " << describeBytes(memory->stateBytes) << ", activations " << describeBytes(memory->activationsBytes) << '\n';
  os << "steps       " << groupDigits(report.steps) << ": " << describeSteps(report.segments) << '\n';
  if (report.subset())
    os << "            trains on the first " << report.subset() << " images only (subset)\n";
  printVerification(report, os);
  if (report.machine)
    printMachine(*report.machine, os);
  if (details)
    printDetails(report, os);
  else
    os << "--details prints the tables by kind, type, layer and body\n";
}
