// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// step, log, evaluation, checkpoint, in this order, so that a checkpoint knows all that the log says up to its step.
#include "train/SeedRun.h"
#include "core/Failure.h"
#include "core/Signals.h"
#include "train/Export.h"

#include <cmath>

using namespace tally::rt;

std::optional<bool> tally::rt::verdict(const Manifest &manifest, std::optional<double> accuracy, bool complete) {
  if (!manifest.target || !accuracy || !complete)
    return std::nullopt;
  return *accuracy >= manifest.target->accuracy;
}

SeedRun::SeedRun(const Options &options, Program &program, Log &log, OrderList &order, Progress &progress, int64_t seed)
    : options(options), program(program), manifest(program.manifest), log(log), order(order), progress(progress),
      seed(seed) {}

bool SeedRun::isComplete() const { return manifest.isFinished(step, evaluated); }

double SeedRun::seconds() const {
  return earlierSeconds + std::chrono::duration<double>(Clock::now() - started).count();
}

void SeedRun::run(const CheckpointInfo *resumeFrom) {
  int64_t lastStep = std::min(options.maxSteps.value_or(manifest.steps), manifest.steps);
  program.reset(seed);
  resumed = resumeFrom != nullptr;
  if (resumeFrom) {
    CheckpointInfo info = loadCheckpoint(program, options.checkpointFor(seed));
    step = savedStep = info.step;
    evaluated = savedEvaluated = info.evaluated;
    earlierSeconds = info.seconds;
    result = info.evaluation;
  } else {
    program.initialize();
  }
  readStep = step;
  log.start(seed, options.threads, resumed, program.dataDigest);
  board.emplace(options.tensorboardFor(seed), resumed ? std::optional(step) : std::nullopt);
  progress.start(seed, step, lastStep);
  try {
    runToEnd(lastStep);
  } catch (const Failure &failure) {
    endEarly(failure.status, failure.what());
    throw;
  } catch (const std::exception &error) {
    endEarly(ProgramWrong, error.what());
    throw;
  }
  end();
}

void SeedRun::runToEnd(int64_t lastStep) {
  // A signal may have come between a step and its evaluation.
  evaluateIfDue();
  runSteps(lastStep);
  if (!options.checkpoint.empty() && (savedStep != lastStep || savedEvaluated != evaluated))
    save();
  if (!options.exportTo.empty())
    exported = exportOnnx(program, options.exportFor(seed));
}

void SeedRun::runSteps(int64_t lastStep) {
  int64_t every = options.checkpointEvery > 0 ? options.checkpointEvery : manifest.stepsPerEpoch;
  while (step < lastStep) {
    if (pendingSignal() != 0)
      stopBySignal();
    bool isSaved = !options.checkpoint.empty() && (step + 1) % every == 0;
    auto begin = Clock::now();
    program.runStep(step);
    images += program.segmentOf(step).batch;
    ++step;
    bool isRead = isSaved || step % manifest.logEvery == 0 || step == lastStep || manifest.isEvaluated(step);
    if (isRead)
      program.wait();
    stepSeconds += std::chrono::duration<double>(Clock::now() - begin).count();
    order.add(program, seed, step - 1);
    evaluated = false;
    if (isRead)
      readBack();
    progress.step(step, loss, rate());
    if (pendingSignal() != 0)
      stopBySignal();
    evaluateIfDue();
    if (isSaved)
      save();
  }
  if (pendingSignal() != 0)
    stopBySignal();
}

void SeedRun::readBack() {
  if (readStep == step)
    return;
  readStep = step;
  if (program.integer(*manifest.step) != step)
    throw Failure(ProgramWrong, "the program did not count step " + std::to_string(step));
  double value = program.real(*manifest.logLoss);
  if (step % manifest.logEvery == 0 || step == manifest.steps || !std::isfinite(value)) {
    std::optional<double> lr = manifest.logLr ? std::optional(program.real(*manifest.logLr)) : std::nullopt;
    log.step(seed, step, value, lr, options.logDigests ? program.digestWeights() : "", seconds());
    board->scalar(step, "train/loss", value);
    if (lr)
      board->scalar(step, "train/lr", *lr);
    if (std::optional<double> imagesPerSecond = rate())
      board->scalar(step, "train/images_per_second", *imagesPerSecond);
  }
  if (!std::isfinite(value))
    throw Failure(LossNotFinite, "seed " + std::to_string(seed) + ": the loss of step " + std::to_string(step) +
                                     " is not finite (" + std::to_string(value) + ")");
  loss = value;
}

void SeedRun::evaluateIfDue() {
  if (evaluated || !manifest.isEvaluated(step))
    return;
  std::optional<Evaluation> evaluation = evaluate(program, [&] { progress.step(step, loss, rate()); });
  if (!evaluation)
    stopBySignal();
  result = evaluation;
  evaluated = true;
  log.evaluation(seed, step, *result, seconds());
  board->scalar(step, "eval/loss", result->loss);
  for (size_t view = 0; view < result->views.size(); ++view)
    board->scalar(step, "eval/accuracy/" + manifest.evaluate->views[view], result->views[view]);
  progress.evaluation(step, *result);
}

void SeedRun::save() {
  readBack(); // what is not finite is not worth keeping
  log.sync();
  board->sync();
  order.sync();
  saveCheckpoint(program, {seed, step, evaluated, seconds(), result}, options.checkpointFor(seed));
  savedStep = step;
  savedEvaluated = evaluated;
}

void SeedRun::stopBySignal() {
  std::string text = "stopped by signal " + std::to_string(pendingSignal()) + " after step " + std::to_string(step);
  if (!options.checkpoint.empty()) {
    if (savedStep != step || savedEvaluated != evaluated)
      save();
    text += "; --resume goes on from there";
  }
  throw Failure::bySignal(pendingSignal(), text);
}

std::optional<double> SeedRun::rate() const {
  return images > 0 && stepSeconds > 0 ? std::optional(static_cast<double>(images) / stepSeconds) : std::nullopt;
}

Log::End SeedRun::describeEnd() const {
  bool complete = isComplete();
  std::optional<Evaluation> last = evaluated ? result : std::nullopt;
  std::optional<bool> passed = verdict(manifest, last ? std::optional(last->accuracy) : std::nullopt, complete);
  const char *reason = !complete ? "max-steps" : passed.value_or(true) ? "finished" : "target-missed";
  return {seed, step, last, passed, complete, resumed, seconds(), rate(), exported, reason, ""};
}

void SeedRun::endEarly(int status, const char *message) {
  Log::End end = describeEnd();
  end.passed = std::nullopt;
  end.complete = false;
  end.reason = status > SignalBase ? "signal" : status == LossNotFinite ? "loss-not-finite" : "error";
  end.message = message;
  try {
    log.end(end);
  } catch (const Failure &) {
  }
}

void SeedRun::end() {
  Log::End end = describeEnd();
  log.end(end);
  progress.finish();
  std::printf("seed %lld: ", static_cast<long long>(seed));
  if (end.evaluation)
    std::printf("%s", describeEvaluation(manifest, *end.evaluation).c_str());
  else
    std::printf("no evaluation");
  if (end.passed)
    std::printf(", target %.2f %% %s", 100 * manifest.target->accuracy, *end.passed ? "met" : "missed");
  if (!end.complete)
    std::printf(", cut short after step %lld", static_cast<long long>(step));
  std::printf(", %s", describeSeconds(end.seconds).c_str());
  if (end.imagesPerSecond)
    std::printf(", %.0f images/s", *end.imagesPerSecond);
  std::printf("\n");
  std::fflush(stdout);
}
