// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts a whole program: each body once, times its trips.
#include "tally/Cost/CostReport.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"
#include "tally/Support/TypeSize.h"
#include "tally/Support/CountText.h"

using namespace mlir;
using namespace tally;

static constexpr llvm::StringLiteral spanNames[] = {"run", "epoch", "step"};

StringRef tally::stringifySpan(Span span) { return spanNames[static_cast<size_t>(span)]; }

std::optional<Span> tally::parseSpan(StringRef name) {
  const auto *entry = llvm::find(spanNames, name);
  return entry == std::end(spanNames) ? std::nullopt : std::optional(static_cast<Span>(entry - std::begin(spanNames)));
}

StringRef tally::moduleOf(StringRef layer) {
  size_t end = layer.find_last_of("./");
  return end == StringRef::npos ? StringRef() : layer.take_front(end);
}

OpCount CostReport::operations() const {
  OpCount sum;
  for (const auto &[phase, count] : phases)
    if (isTraining(phase))
      sum += count;
  return sum;
}

Count CostReport::operationsOf(Phase phase) const {
  auto entry = phases.find(phase);
  return entry == phases.end() ? Count() : entry->second.total();
}

int64_t CostReport::subset() const {
  auto data = info ? info.getAs<DictionaryAttr>("data") : DictionaryAttr();
  auto subset = data ? data.getAs<IntegerAttr>("subset") : IntegerAttr();
  return subset ? subset.getInt() : 0;
}

Count CostReport::complexity() const { return parameters + operations().total(); }

Count tally::totalOf(const std::map<std::string, OpCount> &reasons) {
  Count sum;
  for (const auto &[reason, number] : reasons)
    sum += number.total();
  return sum;
}

void ExecutionReport::add(const CountChange &change, Count executions) {
  for (auto [number, sums] : {std::pair(change.surplus, &surplus), {change.avoided, &avoided}}) {
    if (number == OpCount())
      continue;
    number *= executions;
    (*sums)[change.reason] += number;
  }
}

ExecutionReport CostReport::execution(ArrayRef<CountChange> changes) const {
  ExecutionReport execution;
  for (const CountChange &change : changes)
    if (!change.phase || isTraining(*change.phase))
      execution.add(change, trips.at(change.body));
  return execution;
}

Count CostReport::executed(const ExecutionReport &execution) const {
  return operations().total() + totalOf(execution.surplus) - totalOf(execution.avoided);
}

std::map<std::string, OpCount> CostReport::byOp() const {
  std::map<std::string, OpCount> sums;
  for (const auto &[charge, part] : layers)
    if (isTraining(charge.phase) && part.operations != OpCount())
      sums[charge.op] += part.operations;
  return sums;
}

std::vector<std::pair<std::string, LayerReport>> CostReport::trainedLayers() const {
  std::map<std::string, LayerReport> sums;
  for (const auto &[charge, part] : layers) {
    if (!isTraining(charge.phase))
      continue;
    sums[charge.layer].parameters += part.parameters;
    sums[charge.layer].operations += part.operations;
    sums[charge.layer].bytesMoved += part.bytesMoved;
  }
  std::vector<std::pair<std::string, LayerReport>> ordered;
  for (const std::string &name : layerNames)
    if (auto entry = sums.find(name); entry != sums.end() && (entry->second.operations != OpCount() || !entry->second.parameters.isZero()))
      ordered.emplace_back(name.empty() ? "(no name)" : name, entry->second);
  return ordered;
}

/// Bytes of the results of an op that only moves data.
static Count countBytesMoved(Operation &op) {
  Count bytes;
  if (!op.hasTrait<ZeroCost>() || isPlace(&op))
    return bytes;
  for (Type type : op.getResultTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type); tensor && tensor.hasStaticShape())
      bytes += Count(tensor.getNumElements()) * elementBytes(tensor.getElementType());
  return bytes;
}

/// The op that a value of a parameter is read for, through the ops that only move it; null when there is none.
static Operation *findUser(Value value) {
  SmallVector<Value> pending{value};
  llvm::DenseSet<Operation *> seen;
  Operation *first = nullptr;
  while (!pending.empty())
    for (Operation *user : pending.pop_back_val().getUsers()) {
      if (!seen.insert(user).second || isa<train::WriteOp>(user))
        continue;
      if (user->hasTrait<ZeroCost>())
        llvm::append_range(pending, user->getResults());
      else if (phaseOf(user->getLoc()).value_or(Phase::Forward) == Phase::Forward && (!first || user->isBeforeInBlock(first)))
        first = user;
    }
  return first;
}

namespace {
/// Collects a report body by body.
class Collector {
public:
  Collector(train::ProgramOp program, const CostProfile &profile) : program(program), profile(profile) {
    report.profile = profile.name;
    auto dictionary = program->getAttrOfType<DictionaryAttr>(asWrittenName);
    asWritten = dictionary && profile.isHaet() ? dictionary : DictionaryAttr::get(program.getContext());
  }
  FailureOr<CostReport> collect(Span span);

private:
  LogicalResult findSteps(Span span);
  Count countExecutions(BodyOpInterface body);
  LogicalResult add(BodyOpInterface body, std::map<Phase, OpCount> &perTrip);
  LogicalResult addSegments();
  LogicalResult addEvent(BodyOpInterface body, StringRef when, int64_t first = 0, int64_t period = 0);
  void addParameters();

  train::ProgramOp program;
  const CostProfile &profile;
  DictionaryAttr asWritten;
  CostReport report;
  llvm::StringSet<> named;
};
} // namespace

/// The step, or the epoch, in the middle of the run.
LogicalResult Collector::findSteps(Span span) {
  ReportedSteps &reported = report.reported;
  reported = {span, 0, report.steps, 0};
  if (span == Span::Run || report.steps == 0)
    return success();
  auto perEpoch = report.info.getAs<IntegerAttr>("steps_per_epoch");
  if (span == Span::Epoch && (!perEpoch || perEpoch.getInt() < 1))
    return program.emitOpError("does not say how many steps an epoch has");
  reported.steps = span == Span::Step ? 1 : perEpoch.getInt();
  int64_t middle = report.steps / reported.steps / 2;
  reported.first = middle * reported.steps;
  reported.epoch = span == Span::Epoch ? middle + 1 : 0;
  reported.steps = std::min(reported.steps, report.steps - reported.first);
  return success();
}

/// How often a body is executed in the steps of the report.
Count Collector::countExecutions(BodyOpInterface body) {
  const ReportedSteps &reported = report.reported;
  if (reported.span == Span::Run)
    return body.getExecutions();
  int64_t first = reported.first, end = first + reported.steps;
  Count executions;
  if (auto step = dyn_cast<train::StepOp>(*body)) {
    for (auto segment : program.getOps<train::SegmentOp>()) {
      auto from = static_cast<int64_t>(segment.getFirst()), to = from + static_cast<int64_t>(segment.getSteps());
      int64_t common = std::max<int64_t>(std::min(to, end) - std::max(from, first), 0);
      for (auto [name, times] : segment.getRuns())
        if (name.getAttr() == step.getSymNameAttr())
          executions += Count(common) * Count(times);
    }
  } else if (auto every = dyn_cast<train::EveryOp>(*body)) {
    auto from = static_cast<int64_t>(every.getFirst()), period = static_cast<int64_t>(every.getPeriod());
    if (reported.span == Span::Step && period != 1)
      return 0;
    // Trip number i is at step `from` + i * `period`.
    auto tripsBefore = [&](int64_t step) { return std::min<int64_t>(every.getTrips(), step <= from ? 0 : (step - from + period - 1) / period); };
    executions = tripsBefore(end) - tripsBefore(first);
  } else if (auto evaluate = dyn_cast<train::EvaluateOp>(*body)) {
    auto plan = report.info.getAs<DictionaryAttr>("evaluate");
    auto period = plan ? plan.getAs<IntegerAttr>("every_epochs") : IntegerAttr();
    if (reported.epoch && period && period.getInt() > 0 && reported.epoch % period.getInt() == 0)
      executions = static_cast<int64_t>(evaluate.getBatches());
  }
  return executions;
}

/// Adds all executions of a body.
LogicalResult Collector::add(BodyOpInterface body, std::map<Phase, OpCount> &perTrip) {
  Count trips = countExecutions(body);
  FailureOr<BodyCount> count = countGraph(body, profile);
  if (failed(count))
    return failure();
  report.trips[body.getName().str()] = trips;
  for (const auto &[charge, number] : *count) {
    perTrip[charge.phase] += number;
    if (trips.isZero())
      continue;
    OpCount all = number;
    all *= trips;
    report.layers[charge].operations += all;
    report.phases[charge.phase] += all;
  }
  Count written = trainingPart(*count).total();
  if (auto entry = asWritten.getAs<StringAttr>(body.getNameAttr()))
    written = Count::parse(entry.getValue()).value_or(written);
  report.asWritten += written * trips;
  for (Operation &op : *body.getBody()) {
    if (std::string layer = layerOf(op.getLoc()); named.insert(layer).second)
      report.layerNames.push_back(layer);
    Count bytes = countBytesMoved(op) * trips;
    if (bytes.isZero())
      continue;
    report.bytesMoved += bytes;
    if (std::optional<Charge> place = chargeOf(body, &op, op.getLoc()))
      report.layers[*place].bytesMoved += bytes;
  }
  return success();
}

LogicalResult Collector::addEvent(BodyOpInterface body, StringRef when, int64_t first, int64_t period) {
  EventReport event{body.getName().str(), when.str(), first, period, body.getExecutions(), {}};
  if (failed(add(body, event.perTrip)))
    return failure();
  report.events.push_back(std::move(event));
  return success();
}

/// Elements of parameters and statistics; each parameter is shown at the layer that reads it first.
void Collector::addParameters() {
  llvm::StringMap<Operation *> users;
  for (Operation *body : findBodies(program))
    if (isa<train::StepOp, train::EvaluateOp>(body))
      for (auto read : body->getRegion(0).getOps<train::ReadOp>())
        if (Operation *user = findUser(read.getValue()))
          users.try_emplace(read.getVariable(), user);
  for (auto parameter : program.getOps<train::ParameterOp>()) {
    Count elements = cast<RankedTensorType>(parameter.getType()).getNumElements();
    report.parameters += elements;
    ParameterGroup &group = report.parameterGroups[parameter.getKind().str()];
    ++group.tensors;
    (parameter.getTrained() ? report.trained : report.frozen) += elements;
    (parameter.getTrained() ? group.trained : group.frozen) += elements;
    Operation *user = users.lookup(parameter.getSymName());
    Charge charge{Phase::Forward, parameter.getSymName().str(), "parameter"};
    if (user)
      charge = {Phase::Forward, layerOf(user->getLoc()), user->getName().stripDialect().str()};
    report.layers[charge].parameters += elements;
    if (named.insert(charge.layer).second)
      report.layerNames.push_back(charge.layer);
  }
  for (auto state : program.getOps<train::StateOp>())
    if (state.getRole() == train::Role::Statistics)
      report.statistics += cast<RankedTensorType>(state.getType()).getNumElements();
}

/// The rows of the phase table, after the bodies that they run.
LogicalResult Collector::addSegments() {
  llvm::DenseMap<Operation *, std::map<Phase, OpCount>> perStep;
  for (auto step : program.getOps<train::StepOp>())
    if (failed(add(step, perStep[step])))
      return failure();
  for (auto segment : program.getOps<train::SegmentOp>()) {
    std::map<Phase, OpCount> perRow;
    for (auto [name, times] : segment.getRuns()) {
      auto step = program.lookupSymbol<train::StepOp>(name.getAttr());
      if (!step)
        return segment.emitOpError("requires a train.step, got ") << name;
      for (auto [phase, count] : perStep[step])
        perRow[phase] += count *= times;
    }
    report.segments.push_back({static_cast<int64_t>(segment.getFirst()), static_cast<int64_t>(segment.getSteps()),
                               segment.getSamples().saturated(), segment.getImageSize(), std::move(perRow)});
  }
  return success();
}

FailureOr<CostReport> Collector::collect(Span span) {
  report.steps = program.getSteps();
  report.info = program.getInfo().value_or(DictionaryAttr::get(program.getContext()));
  if (failed(findSteps(span)) || failed(addSegments()))
    return failure();
  for (auto body : program.getOps<train::InitializeOp>())
    if (failed(addEvent(body, "initialize")))
      return failure();
  for (auto body : program.getOps<train::EveryOp>())
    if (failed(addEvent(body, train::stringifyWhen(body.getWhen()), body.getFirst(), body.getPeriod())))
      return failure();
  for (auto body : program.getOps<train::EvaluateOp>())
    if (failed(addEvent(body, "evaluate")))
      return failure();
  addParameters();
  if (!report.complexity().isValid())
    return program.emitOpError("cannot be counted: the number needs more than 127 bits");
  return std::move(report);
}

FailureOr<CostReport> tally::makeCostReport(train::ProgramOp program, const CostProfile &profile, Span span) {
  return Collector(program, profile).collect(span);
}
