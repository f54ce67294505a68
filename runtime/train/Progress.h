// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a person sees on stderr while a program trains.
#ifndef TALLY_RT_TRAIN_PROGRESS_H
#define TALLY_RT_TRAIN_PROGRESS_H

#include "train/Evaluation.h"
#include "train/Options.h"

#include <chrono>

namespace tally::rt {

class Progress {
public:
  Progress(const Manifest &manifest, ProgressStyle style);
  /// A seed starts, after `step` steps.
  void start(int64_t seed, int64_t step, int64_t lastStep);
  /// Step `step`, counted from 1, was started; `loss` is the last that is known.
  void step(int64_t step, std::optional<double> loss);
  void evaluation(int64_t step, const Evaluation &evaluation);
  /// A line of its own, whatever the style except none.
  void note(const std::string &text);
  /// Takes the bar away.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  std::string describeRate(int64_t step) const;
  void drawBar(int64_t step, std::optional<double> loss);

  const Manifest &manifest;
  ProgressStyle style;
  int64_t seed = 0, firstStep = 0, lastStep = 0;
  Clock::time_point started, drawn;
  std::string accuracy; // of the last evaluation
};

/// "1:02:03" or "2:03".
std::string describeSeconds(double seconds);

} // namespace tally::rt
#endif
