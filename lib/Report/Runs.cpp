// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads trainers' logs into what pages show of them.
#include "tally/Report/Runs.h"
#include "tally/Support/TrainingLog.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <map>
#include <vector>

using namespace llvm;
using namespace tally;

static constexpr size_t mostPoints = 1000;

namespace {
struct Run {
  json::Value start = nullptr, end = nullptr;
  json::Array evaluations;
  std::vector<int64_t> steps;
  std::vector<double> losses; ///< not a number where the loss is null
  std::vector<std::optional<double>> rates;
};
} // namespace

static LogicalResult addStep(LogEvent &event, Run &run) {
  auto step = event.integer("step", 1, /*required=*/true);
  auto loss = event.number("loss"), rate = event.number("lr");
  if (failed(step) || failed(loss) || failed(rate))
    return failure();
  if (!run.steps.empty() && **step <= run.steps.back())
    return event.error("step", "'step' of event 'step': expects a step after " + Twine(run.steps.back()) + ", got " + Twine(**step) +
                                   " (a log has one run of each seed)");
  run.steps.push_back(**step);
  run.losses.push_back(loss->value_or(std::nan("")));
  run.rates.push_back(*rate);
  return success();
}

static LogicalResult addEvaluation(LogEvent &event, Run &run) {
  if (event.fields.get("file"))
    return success(); // of weights in a file, not of this run
  auto step = event.integer("step", 0, /*required=*/true);
  if (failed(step) || failed(event.number("epoch")) || failed(event.number("loss")) || failed(event.number("accuracy")))
    return failure();
  const json::Value *views = event.fields.get("views");
  const json::Object *accuracies = views ? views->getAsObject() : nullptr;
  if (views && (!accuracies || !all_of(*accuracies, [](const auto &view) { return view.second.getAsNumber() || view.second.getAsNull(); })))
    return event.error("views", "'views' of event 'eval': expects an object of numbers");
  run.evaluations.push_back(std::move(event.fields));
  return success();
}

/// The numbers of the first and the last event that pages calculate with.
static LogicalResult checkEnds(LogEvent &event) {
  for (StringRef key : {"steps", "steps_per_epoch", "batch_size"})
    if (failed(event.integer(key, 1, /*required=*/false)))
      return failure();
  for (StringRef key : {"accuracy", "target", "seconds", "images_per_second"})
    if (failed(event.number(key)))
      return failure();
  const json::Value *operations = event.fields.get("operations");
  if (!operations || operations->getAsNull())
    return success();
  std::optional<StringRef> digits = operations->getAsString();
  if (!digits || digits->empty() || !all_of(*digits, [](char c) { return isDigit(c); }))
    return event.error("operations", "'operations' of event '" + event.name + "': expects a string of digits");
  return success();
}

static json::Value numberOrNull(double number) { return std::isfinite(number) ? json::Value(number) : json::Value(nullptr); }

/// To at most `mostPoints` points.
static json::Object makeCurve(const Run &run) {
  size_t width = std::max<size_t>(1, divideCeil(run.steps.size(), mostPoints));
  json::Array steps, losses, rates;
  for (size_t begin = 0; begin < run.steps.size(); begin += width) {
    size_t end = std::min(begin + width, run.steps.size());
    double sum = 0;
    for (size_t i = begin; i < end; ++i)
      sum += run.losses[i];
    steps.push_back(run.steps[end - 1]);
    losses.push_back(numberOrNull(sum / (end - begin)));
    rates.push_back(run.rates[end - 1] ? numberOrNull(*run.rates[end - 1]) : json::Value(nullptr));
  }
  return json::Object{{"steps_per_point", static_cast<int64_t>(width)}, {"step", std::move(steps)}, {"loss", std::move(losses)}, {"lr", std::move(rates)}};
}

static LogicalResult addRuns(const std::string &log, json::Array &list) {
  std::map<std::optional<int64_t>, Run> runs; // by seed
  auto take = [&](LogEvent &event) -> LogicalResult {
    bool isStart = event.name == "start", isEnd = event.name == "end";
    if (!isStart && !isEnd && event.name != "step" && event.name != "eval")
      return success();
    auto seed = event.integer("seed", 0, /*required=*/false);
    if (failed(seed))
      return failure();
    if (event.name == "step")
      return addStep(event, runs[*seed]);
    if (event.name == "eval")
      return addEvaluation(event, runs[*seed]);
    if (failed(checkEnds(event)))
      return failure();
    (isStart ? runs[*seed].start : runs[*seed].end) = std::move(event.fields);
    return success();
  };
  if (failed(readTrainingLog(log, take)))
    return failure();
  size_t before = list.size();
  for (auto &[seed, run] : runs) {
    if (run.steps.empty() && run.evaluations.empty())
      continue;
    list.push_back(json::Object{{"log", log},
                                {"seed", seed ? json::Value(*seed) : json::Value(nullptr)},
                                {"start", std::move(run.start)},
                                {"end", std::move(run.end)},
                                {"evaluations", std::move(run.evaluations)},
                                {"curve", makeCurve(run)}});
  }
  if (list.size() != before)
    return success();
  errs() << log << ": error: no run: expects events 'step' or 'eval' of a trainer's --log\n";
  return failure();
}

FailureOr<json::Array> tally::readRuns(ArrayRef<std::string> logs) {
  json::Array list;
  for (const std::string &log : logs)
    if (failed(addRuns(log, list)))
      return failure();
  return list;
}
