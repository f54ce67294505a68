// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a person sees on stderr while a program trains.
#ifndef TALLY_RT_TRAIN_PROGRESS_H
#define TALLY_RT_TRAIN_PROGRESS_H

#include "train/Evaluation.h"
#include "train/Options.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tally::rt {

/// A bar is drawn as steps are done; plain lines come from a thread of their own, so that none is late however long a step takes.
class Progress {
public:
  /// `interval`: seconds from one plain line to the next.
  Progress(const Manifest &manifest, ProgressStyle style, double interval);
  /// A seed starts, after `step` steps.
  void start(int64_t seed, int64_t step, int64_t lastStep);
  /// Step `step`, counted from 1, was started; `loss` is the last that is known, `rate` the images
  /// a second of training alone. Called between the batches of an evaluation, too.
  void step(int64_t step, std::optional<double> loss, std::optional<double> rate);
  void evaluation(int64_t step, const Evaluation &evaluation);
  /// A line of its own, whatever the style except none.
  void note(const std::string &text);
  /// Takes the bar away, and no plain line comes any more.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  std::string describeRate() const;
  void drawBar();
  void printLines(const std::stop_token &stop);
  void print(const std::string &line);

  const Manifest &manifest;
  ProgressStyle style;
  const std::chrono::duration<double> interval;
  int64_t seed = 0, firstStep = 0, lastStep = 0;
  Clock::time_point started, drawn;
  std::string accuracy; // of the last evaluation
  std::mutex mutex;     // of what a plain line says
  std::condition_variable_any stopped;
  int64_t latest = 0; // step
  std::optional<double> loss, rate;
  std::jthread lines; // the last member: its end comes first
};

/// "1:02:03" or "2:03".
std::string describeSeconds(double seconds);

} // namespace tally::rt
#endif
