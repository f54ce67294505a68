// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The training loop of one seed.
#ifndef TALLY_RT_TRAIN_SEEDRUN_H
#define TALLY_RT_TRAIN_SEEDRUN_H

#include "train/Log.h"
#include "train/Options.h"
#include "train/Progress.h"
#include "train/TensorBoard.h"

#include <chrono>

namespace tally::rt {

class SeedRun {
public:
  SeedRun(const Options &options, Program &program, Log &log, OrderList &order, Progress &progress, int64_t seed);

  /// Trains, evaluates, saves and exports. Throws a Failure when a signal, a file or the loss ends the run.
  void run(const CheckpointInfo *resumeFrom);
  /// Of the last evaluation, if the last one done is at the end of the steps done.
  const std::optional<Evaluation> &evaluation() const { return result; }
  bool isComplete() const;

private:
  using Clock = std::chrono::steady_clock;
  void runToEnd(int64_t lastStep);
  void runSteps(int64_t lastStep);
  /// Reads what the current step left, unless that is done: that it was counted, and its loss, for the log.
  void readBack();
  void evaluateIfDue();
  void save();
  [[noreturn]] void stopBySignal();
  double seconds() const;
  /// Images a second in training steps alone, since the start of this process.
  std::optional<double> rate() const;
  Log::End describeEnd() const;
  void end();
  /// Logs why the run ends early; what fails here does not hide that.
  void endEarly(int status, const char *message);

  const Options &options;
  Program &program;
  const Manifest &manifest;
  Log &log;
  OrderList &order;
  Progress &progress;
  const int64_t seed;
  std::optional<TensorBoard> board;

  Clock::time_point started = Clock::now();
  double earlierSeconds = 0, stepSeconds = 0; // before a resume; in training steps alone
  int64_t images = 0;                         // trained since the start of this process
  int64_t step = 0;                           // steps done
  bool resumed = false;
  int64_t readStep = 0, savedStep = -1;
  std::optional<double> loss; // of the last step that was read
  bool evaluated = false, savedEvaluated = false; // is the evaluation at the current step done?
  std::optional<Evaluation> result;
  std::string exported; // digest of the exported file
};

/// Does an accuracy meet the target? Nothing without a target or an accuracy, or when the run was cut short.
std::optional<bool> verdict(const Manifest &manifest, std::optional<double> accuracy, bool complete);

} // namespace tally::rt
#endif
