// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the seeds one after the other and draws the conclusion from all of them.
#include "train/Trainer.h"
#include "core/Failure.h"
#include "core/Signals.h"
#include "train/ExecutedCount.h"
#include "train/Export.h"
#include "train/SeedRun.h"

#include <chrono>
#include <cmath>
#include <cstdio>

using namespace tally::rt;

/// Refuses when `path` holds what an earlier run wrote and the command line says nothing of it.
static void keepOtherRuns(const Options &options, const std::string &path, bool canResume) {
  if (!path.empty() && !options.resume && !options.overwrite && hasContent(path))
    throw Failure(FileFailed, "'" + path + "' is there already; " +
                                  (canResume ? "--resume goes on with it, " : "") + "--overwrite replaces it");
}

void tally::rt::checkOutputs(const Options &options, const Manifest &manifest) {
  bool trains = options.evaluate.empty();
  for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed) {
    if (!options.checkpoint.empty())
      keepOtherRuns(options, options.checkpointFor(seed), /*canResume=*/true);
    if (!options.exportTo.empty())
      keepOtherRuns(options, options.exportFor(seed), /*canResume=*/false);
    keepOtherRuns(options, options.tensorboardFor(seed), trains);
  }
  keepOtherRuns(options, options.log, trains);
  keepOtherRuns(options, options.dumpOrder, trains);
  keepOtherRuns(options, options.profile, /*canResume=*/false);
  if (!options.checkpoint.empty()) {
    makeFolder(options.checkpoint);
    for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed)
      checkReplaceable(options.checkpointFor(seed), checkpointBytes(manifest));
  }
  if (!options.exportTo.empty()) {
    if (!manifest.exportPlan)
      throw Failure(FileFailed, "this program was compiled without an export");
    for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed)
      checkReplaceable(options.exportFor(seed), manifest.exportPlan->bytes);
  }
  if (!options.tensorboard.empty())
    for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed) {
      makeFolder(folderOf(options.tensorboardFor(seed)));
      checkWritable(options.tensorboardFor(seed));
    }
  for (const std::string *path : {&options.log, &options.dumpOrder, &options.profile})
    if (!path->empty())
      checkWritable(*path);
}

/// Mean and standard deviation of the sample.
static std::pair<double, double> meanAndDeviation(const std::vector<double> &values) {
  double sum = 0, squares = 0;
  for (double value : values)
    sum += value;
  double mean = sum / static_cast<double>(values.size());
  for (double value : values)
    squares += (value - mean) * (value - mean);
  return {mean, values.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(values.size() - 1))};
}

static Checkpoints readCheckpoints(const Options &options, const Manifest &manifest) {
  Checkpoints checkpoints;
  if (!options.resume)
    return checkpoints;
  for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed) {
    std::string path = options.checkpointFor(seed);
    std::optional<CheckpointInfo> info = readCheckpointInfo(manifest, path);
    if (!info)
      continue;
    if (info->seed != seed)
      throw Failure(FileFailed, "cannot resume from '" + path + "': it holds seed " + std::to_string(info->seed) +
                                    ", not " + std::to_string(seed));
    if (options.maxSteps && info->step > *options.maxSteps)
      throw Failure(WrongUsage, "cannot resume from '" + path + "': it is at step " + std::to_string(info->step) +
                                    ", beyond --max-steps " + std::to_string(*options.maxSteps));
    checkpoints[seed] = *info;
  }
  return checkpoints;
}

/// The verdict over all seeds, logged when there are several.
static std::optional<bool> conclude(const Options &options, const Manifest &manifest, Log &log,
                                    const std::vector<Evaluation> &evaluations, bool complete) {
  if (evaluations.empty())
    return std::nullopt;
  auto column = [&](auto value) {
    std::vector<double> values;
    for (const Evaluation &evaluation : evaluations)
      values.push_back(value(evaluation));
    return meanAndDeviation(values);
  };
  auto [mean, deviation] = column([](const Evaluation &evaluation) { return evaluation.accuracy; });
  std::optional<bool> passed = verdict(manifest, mean, complete);
  if (passed && manifest.target->ofEach)
    for (const Evaluation &evaluation : evaluations)
      passed = *passed && *verdict(manifest, evaluation.accuracy, complete);
  if (!options.severalSeeds())
    return passed;
  Log::Summary summary{options.firstSeed, options.lastSeed, mean, deviation, {}, {}, passed};
  for (size_t view = 0; view < evaluations.front().views.size(); ++view) {
    auto [viewMean, viewDeviation] = column([&](const Evaluation &evaluation) { return evaluation.views[view]; });
    summary.viewMeans.push_back(viewMean);
    summary.viewDeviations.push_back(viewDeviation);
  }
  log.summary(summary);
  if (manifest.evaluate->correct) {
    std::printf("%zu seeds: accuracy %.2f %% +- %.2f", evaluations.size(), 100 * mean, 100 * deviation);
  } else {
    auto [loss, lossDeviation] = column([](const Evaluation &evaluation) { return evaluation.loss; });
    std::printf("%zu seeds: loss %.4f +- %.4f", evaluations.size(), loss, lossDeviation);
  }
  if (passed)
    std::printf(", target %.2f %% of %s %s", 100 * manifest.target->accuracy,
                manifest.target->ofEach ? "each" : "the mean", *passed ? "met" : "missed");
  std::printf("\n");
  return passed;
}

int tally::rt::train(const Options &options, Program &program) {
  const Manifest &manifest = program.manifest;
  Checkpoints checkpoints = readCheckpoints(options, manifest);
  if (options.overwrite && !options.checkpoint.empty()) // a run that ends before its first one must not resume from these
    for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed)
      removeFile(options.checkpointFor(seed));
  auto open = [&](auto type, const std::string &path) {
    using Type = typename decltype(type)::type;
    return options.resume ? Type(manifest, path, options.firstSeed, options.lastSeed, checkpoints)
                          : Type(manifest, path);
  };
  Log log = open(std::type_identity<Log>(), options.log);
  OrderList order = open(std::type_identity<OrderList>(), options.dumpOrder);
  Progress progress(manifest, options.progress, options.progressInterval);
  if (options.resume && checkpoints.empty())
    progress.note("there is no checkpoint in '" + options.checkpoint + "' yet; starting from the beginning");

  std::vector<Evaluation> evaluations;
  bool complete = true;
  try {
    for (int64_t seed = options.firstSeed; seed <= options.lastSeed; ++seed) {
      SeedRun run(options, program, log, order, progress, seed);
      auto checkpoint = checkpoints.find(seed);
      run.run(checkpoint == checkpoints.end() ? nullptr : &checkpoint->second);
      complete &= run.isComplete();
      if (run.evaluation())
        evaluations.push_back(*run.evaluation());
    }
  } catch (...) {
    progress.finish();
    throw;
  }
  std::optional<bool> passed = conclude(options, manifest, log, evaluations, complete);
  if (program.executed) {
    ExecutedTotals totals = program.executed->compare();
    log.executed(totals);
    report(totals);
  }
  return passed.value_or(true) ? Succeeded : TargetMissed;
}

int tally::rt::evaluateFile(const Options &options, Program &program) {
  const Manifest &manifest = program.manifest;
  if (!manifest.evaluate)
    throw Failure(FileFailed, "this program was compiled without an evaluation");
  program.reset(options.firstSeed);
  importOnnx(program, options.evaluate);
  Log log(manifest, options.log);
  auto begin = std::chrono::steady_clock::now();
  std::optional<Evaluation> evaluation = evaluate(program, [] {});
  if (!evaluation)
    throw Failure::bySignal(pendingSignal(), "stopped by signal " + std::to_string(pendingSignal()));
  log.evaluation(std::nullopt, 0, *evaluation,
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), options.evaluate);
  std::optional<bool> passed = verdict(manifest, evaluation->accuracy, /*complete=*/true);
  std::printf("%s: ", options.evaluate.c_str());
  if (manifest.evaluate->correct)
    std::printf("accuracy %.2f %%", 100 * evaluation->accuracy);
  for (size_t view = 0; view < evaluation->views.size(); ++view)
    std::printf("%s%s %.2f %%", view == 0 ? " (" : ", ", manifest.evaluate->views[view].c_str(),
                100 * evaluation->views[view]);
  std::printf(manifest.evaluate->correct ? "), loss %.4f" : "loss %.4f", evaluation->loss);
  if (passed)
    std::printf(", target %.2f %% %s", 100 * manifest.target->accuracy, *passed ? "met" : "missed");
  std::printf("\n");
  return passed.value_or(true) ? Succeeded : TargetMissed;
}
