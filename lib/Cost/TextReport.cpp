// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The report as a table for the terminal.
#include "llvm/ADT/StringExtras.h"
#include "tally/Cost/CostReport.h"
#include "tally/Cost/CountText.h"

using namespace mlir;
using namespace tally;

namespace {
/// Rows of a name, a number and a share, aligned.
class Table {
public:
  void add(std::string name, const Count &number, std::string share = {}) {
    rows.push_back({std::move(name), groupDigits(number), std::move(share)});
  }
  void print(llvm::raw_ostream &os) const {
    size_t name = 0, number = 0;
    for (const Row &row : rows) {
      name = std::max(name, row.name.size());
      number = std::max(number, row.number.size());
    }
    for (const Row &row : rows) {
      os << "  " << llvm::left_justify(row.name, name + 2) << llvm::right_justify(row.number, number);
      if (!row.share.empty())
        os << llvm::right_justify(row.share, 10);
      os << '\n';
    }
  }

private:
  struct Row {
    std::string name, number, share;
  };
  std::vector<Row> rows;
};
} // namespace

static void printTraining(const CostReport &report, llvm::raw_ostream &os) {
  Count total = report.operations().total();
  os << "\noperations of training\n";
  Table table;
  for (const auto &[phase, count] : report.phases)
    if (phase != Phase::Evaluation && phase != Phase::Monitoring)
      table.add(stringifyPhase(phase).str(), count.total(), formatShare(count.total(), total));
  table.add("total", total, total.isZero() ? "" : "100.00 %");
  table.print(os);

  os << "\nby kind of operation\n";
  Table kinds;
  for (const auto &[kind, number] : report.operations().byKind())
    kinds.add(kind, number, formatShare(number, total));
  kinds.print(os);

  os << "\nby type of number\n";
  Table types;
  for (const auto &[type, number] : report.operations().byType())
    types.add(type, number, formatShare(number, total));
  types.print(os);
}

/// operations + surplus - avoided = executed.
static void printExecution(const CostReport &report, llvm::raw_ostream &os) {
  if (!report.execution)
    return;
  os << "\nexecuted in training\n";
  Table table;
  Count executed = report.operations().total();
  table.add("operations", executed);
  for (const auto &[reason, number] : report.execution->surplus) {
    table.add("surplus: " + reason, number.total());
    executed += number.total();
  }
  for (const auto &[reason, number] : report.execution->avoided) {
    table.add("avoided: " + reason, number.total());
    executed -= number.total();
  }
  table.add("executed", executed);
  table.print(os);
}

static void printRuns(const CostReport &report, llvm::raw_ostream &os) {
  os << "\nwhat runs\n";
  Table table;
  for (const SegmentReport &segment : report.segments) {
    OpCount one;
    for (const auto &[phase, count] : segment.perStep)
      if (phase != Phase::Monitoring)
        one += count;
    table.add("step " + std::to_string(segment.firstStep) + ", batch " + std::to_string(segment.batch) + ": " +
                  std::to_string(segment.steps) + " x",
              one.total());
  }
  for (const EventReport &event : report.events) {
    OpCount one;
    for (const auto &[phase, count] : event.perTrip)
      if (phase != Phase::Monitoring)
        one += count;
    table.add(event.name + " (" + event.when + "): " + event.trips.str() + " x", one.total());
  }
  table.print(os);
}

static void printLayers(const CostReport &report, llvm::raw_ostream &os) {
  struct Layer {
    Count parameters;
    std::map<Phase, OpCount> phases;
  };
  Count total = report.operations().total();
  std::map<std::string, Layer> layers;
  for (const auto &[charge, part] : report.layers) {
    if (charge.phase == Phase::Evaluation || charge.phase == Phase::Monitoring)
      continue;
    Layer &layer = layers[charge.layer];
    layer.parameters += part.parameters;
    layer.phases[charge.phase] += part.operations;
  }
  os << "\nby layer: parameters; operations of all phases\n";
  Table table;
  for (const std::string &name : report.layerNames) {
    auto entry = layers.find(name);
    if (entry == layers.end())
      continue;
    const Layer &layer = entry->second;
    OpCount sum;
    for (const auto &[phase, count] : layer.phases)
      sum += count;
    table.add((name.empty() ? "(no name)" : name) + (layer.parameters.isZero() ? "" : " [" + groupDigits(layer.parameters) + "]"), sum.total(), formatShare(sum.total(), total));
  }
  table.print(os);
}

void tally::printText(const CostReport &report, llvm::raw_ostream &os) {
  Table head;
  head.add("complexity", report.complexity());
  head.add("parameters", report.parameters);
  head.add("  trained", report.trained);
  head.add("  frozen", report.frozen);
  head.add("operations", report.operations().total());
  if (!(report.asWritten == report.operations().total()))
    head.add("  as written, with dead and repeated work", report.asWritten);
  os << "cost of the training run (profile " << report.profile << ")\n";
  head.print(os);
  printTraining(report, os);
  printExecution(report, os);

  os << "\nbeside it\n";
  Table beside;
  for (Phase phase : {Phase::Evaluation, Phase::Monitoring})
    if (auto entry = report.phases.find(phase); entry != report.phases.end())
      beside.add(stringifyPhase(phase).str(), entry->second.total());
  beside.add("running statistics", report.statistics);
  beside.add("bytes moved", report.bytesMoved);
  beside.add("steps", report.steps);
  beside.print(os);
  printRuns(report, os);
  printLayers(report, os);
}
