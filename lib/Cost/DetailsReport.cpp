// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tables behind the cost report: by kind, type, body and layer.
#include "ReportTable.h"
#include "SegmentRuns.h"

using namespace mlir;
using namespace tally;

static void printWaterfall(const CostReport &report, llvm::raw_ostream &os) {
  if (report.waterfall.empty())
    return;
  os << "\nwhat made it less\n";
  Count first = report.waterfall.front().operations;
  ReportTable table;
  for (const WaterfallStage &stage : report.waterfall)
    table.add(stage.name, stage.operations, formatShare(stage.operations, first));
  table.print(os);
}

static void printParameters(const CostReport &report, llvm::raw_ostream &os) {
  os << "\nparameters by kind\n";
  ReportTable table;
  for (const auto &[kind, group] : report.parameterGroups)
    table.add(kind + ": " + std::to_string(group.tensors) + (group.tensors == 1 ? " tensor" : " tensors"), group.trained + group.frozen,
              group.frozen.isZero() ? "" : groupDigits(group.frozen) + " frozen");
  table.print(os);
}

static void printSplits(const CostReport &report, llvm::raw_ostream &os) {
  OpCount operations = report.operations();
  Count total = operations.total();
  os << "\nby op\n";
  ReportTable ops;
  for (const auto &[op, number] : report.byOp())
    ops.add(op, number.total(), formatShare(number.total(), total));
  ops.print(os);

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

namespace {
/// A module or a layer, and what is in it.
struct Part {
  std::string name; ///< without that of the module around it
  Count parameters, operations;
  std::vector<std::unique_ptr<Part>> parts; ///< in the order of the program
};
} // namespace

static Part &findPart(Part &root, StringRef layer) {
  if (layer.empty())
    return root;
  StringRef module = moduleOf(layer), name = layer.drop_front(module.size()).ltrim("./");
  Part &parent = findPart(root, module);
  for (auto &part : parent.parts)
    if (part->name == name)
      return *part;
  parent.parts.push_back(std::make_unique<Part>(Part{name.str(), {}, {}, {}}));
  return *parent.parts.back();
}

static void addRows(const Part &part, size_t depth, const Count &total, ReportTable &table) {
  table.add(std::string(2 * depth, ' ') + part.name + (part.parameters.isZero() ? "" : " [" + groupDigits(part.parameters) + "]"), part.operations,
            formatShare(part.operations, total));
  for (const auto &inner : part.parts)
    addRows(*inner, depth + 1, total, table);
}

static void printLayers(const CostReport &report, llvm::raw_ostream &os) {
  Part root;
  for (const auto &[name, layer] : report.trainedLayers())
    for (StringRef part = name; !part.empty(); part = moduleOf(part)) {
      findPart(root, part).parameters += layer.parameters;
      findPart(root, part).operations += layer.operations.total();
    }
  os << "\nby layer, in their modules: parameters; operations of all phases\n";
  ReportTable table;
  for (const auto &part : root.parts)
    addRows(*part, 0, report.operations().total(), table);
  table.print(os);
}

void tally::printDetails(const CostReport &report, llvm::raw_ostream &os) {
  printWaterfall(report, os);
  printParameters(report, os);
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
