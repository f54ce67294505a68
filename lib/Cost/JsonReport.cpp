// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The report as JSON, schema tally-cost/1; every count is a string.
#include "tally/Cost/CostReport.h"

using namespace mlir;
using namespace tally;
namespace json = llvm::json;

/// The keys of `operations`, in the order of the contract.
static constexpr Phase trainingPhases[] = {Phase::Initialization, Phase::Data,      Phase::Forward,   Phase::Loss,
                                           Phase::Backward,       Phase::Optimizer, Phase::Averaging};

static OpCount lookup(const std::map<Phase, OpCount> &phases, Phase phase) {
  auto entry = phases.find(phase);
  return entry == phases.end() ? OpCount() : entry->second;
}

/// {"total": sum of the training phases, "initialization": ...}.
static json::Object makeOperations(const std::map<Phase, OpCount> &phases) {
  json::Object object;
  Count total;
  for (Phase phase : trainingPhases) {
    Count number = lookup(phases, phase).total();
    total += number;
    object[stringifyPhase(phase)] = number.str();
  }
  object["selection"] = "0"; // nothing is chosen from an evaluation yet
  object["total"] = total.str();
  return object;
}

/// What the numbers are for.
static json::Object makeReported(const ReportedSteps &reported) {
  return json::Object{{"span", stringifySpan(reported.span)},
                      {"first_step", reported.first + 1},
                      {"steps", reported.steps},
                      {"epoch", reported.epoch ? json::Value(reported.epoch) : json::Value(nullptr)}};
}

static json::Value makeExecuted(const CostReport &report) {
  if (!report.trainer)
    return nullptr;
  const ExecutedReport &executed = *report.trainer;
  return json::Object{{"log", executed.log},
                      {"runs", executed.runs},
                      {"operations", executed.operations.str()},
                      {"surplus", executed.surplus.str()},
                      {"avoided", executed.avoided.str()},
                      {"executed", executed.executed.str()}};
}

static json::Array makeWaterfall(const CostReport &report) {
  json::Array stages;
  for (const WaterfallStage &stage : report.waterfall)
    stages.push_back(json::Object{{"name", stage.name}, {"operations", stage.operations.str()}});
  return stages;
}

static json::Array makeParameterGroups(const CostReport &report) {
  json::Array groups;
  for (const auto &[kind, group] : report.parameterGroups)
    groups.push_back(json::Object{{"kind", kind},
                                  {"tensors", group.tensors},
                                  {"elements", (group.trained + group.frozen).str()},
                                  {"trained", group.trained.str()},
                                  {"frozen", group.frozen.str()}});
  return groups;
}

static json::Object makeSplit(const std::map<std::string, Count> &numbers) {
  json::Object object;
  for (const auto &[name, number] : numbers)
    object[name] = number.str();
  return object;
}

/// {"total": sum, reason: ...}.
static json::Object makeReasons(const std::map<std::string, OpCount> &reasons) {
  json::Object object;
  for (const auto &[reason, number] : reasons)
    object[reason] = number.total().str();
  object["total"] = totalOf(reasons).str();
  return object;
}

/// {"surplus", "avoided", "executed"} of one -O level.
static json::Object makeExecution(const CostReport &report, const ExecutionReport &execution) {
  return json::Object{{"surplus", totalOf(execution.surplus).str()},
                      {"avoided", totalOf(execution.avoided).str()},
                      {"executed", report.executed(execution).str()}};
}

static json::Value makeVerified(const CostReport &report) {
  if (!report.verification)
    return nullptr;
  return json::Object{{"bodies", report.verification->bodies},
                      {"loops", report.operations().total().str()},
                      {"O0", makeExecution(report, report.verification->plain)},
                      {"O3", makeExecution(report, report.verification->optimized)}};
}

/// A text, number or nothing that the recipe put into the program.
static json::Value infoValue(const CostReport &report, StringRef key) {
  Attribute value = report.info ? report.info.get(key) : Attribute();
  if (auto text = dyn_cast_or_null<StringAttr>(value))
    return text.getValue().str(); // owned: the context may go first
  if (auto number = dyn_cast_or_null<IntegerAttr>(value))
    return number.getInt();
  if (auto number = dyn_cast_or_null<FloatAttr>(value))
    return number.getValueAsDouble();
  return nullptr;
}

json::Value tally::toJson(const CostReport &report) {
  json::Array segments, events, layers;
  for (const SegmentReport &segment : report.segments)
    segments.push_back(json::Object{{"first_step", segment.firstStep},
                                    {"steps", segment.steps},
                                    {"image_size", segment.imageSize},
                                    {"batch", segment.batch},
                                    {"per_step", makeOperations(segment.perStep)}});
  for (const EventReport &event : report.events) {
    json::Object perTrip = makeOperations(event.perTrip);
    perTrip["evaluation"] = lookup(event.perTrip, Phase::Evaluation).total().str();
    events.push_back(json::Object{{"name", event.name},
                                  {"when", event.when},
                                  {"first", event.first},
                                  {"period", event.period},
                                  {"trips", event.trips.str()},
                                  {"per_trip", std::move(perTrip)}});
  }
  for (const auto &[charge, layer] : report.layers)
    layers.push_back(json::Object{{"name", charge.layer},
                                  {"module", moduleOf(charge.layer).str()},
                                  {"op", charge.op},
                                  {"phase", stringifyPhase(charge.phase)},
                                  {"operations", layer.operations.total().str()},
                                  {"by_kind", makeSplit(layer.operations.byKind())},
                                  {"by_type", makeSplit(layer.operations.byType())},
                                  {"bytes_moved", layer.bytesMoved.str()},
                                  {"parameters", layer.parameters.str()}});
  OpCount operations = report.operations();
  json::Object byOp;
  for (const auto &[op, number] : report.byOp())
    byOp[op] = number.total().str();
  return json::Object{
      {"schema", "tally-cost/1"},
      {"reported", makeReported(report.reported)},
      {"parameters", json::Object{{"total", report.parameters.str()},
                                  {"trained", report.trained.str()},
                                  {"frozen", report.frozen.str()},
                                  {"statistics", report.statistics.str()}}},
      {"complexity", report.complexity().str()},
      {"operations", makeOperations(report.phases)},
      {"as_written", report.asWritten.str()},
      {"evaluation", report.operationsOf(Phase::Evaluation).str()},
      {"monitoring", report.operationsOf(Phase::Monitoring).str()},
      {"surplus", report.verification ? json::Value(makeReasons(report.verification->optimized.surplus)) : json::Value(nullptr)},
      {"avoided", report.verification ? json::Value(makeReasons(report.verification->optimized.avoided)) : json::Value(nullptr)},
      {"verified", makeVerified(report)},
      {"executed", makeExecuted(report)},
      {"waterfall", makeWaterfall(report)},
      {"steps", report.steps},
      {"epochs", infoValue(report, "epochs")},
      {"subset", report.subset() ? json::Value(report.subset()) : json::Value(nullptr)},
      {"segments", std::move(segments)},
      {"events", std::move(events)},
      {"parameter_groups", makeParameterGroups(report)},
      {"by_op", std::move(byOp)},
      {"by_kind", makeSplit(operations.byKind())},
      {"by_type", makeSplit(operations.byType())},
      {"layers", std::move(layers)},
      {"memory", report.memory ? toJson(*report.memory) : json::Value(nullptr)},
      {"machine", report.machine ? toJson(*report.machine) : json::Value(nullptr)},
      {"bytes_moved", report.bytesMoved.str()},
      {"profile", report.profile},
      {"initial_values", infoValue(report, "initial_values")},
      {"model_sha256", infoValue(report, "model_sha256")},
      {"recipe_sha256", infoValue(report, "recipe_sha256")},
      {"tool_version", report.toolVersion}};
}
