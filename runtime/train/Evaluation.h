// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Accuracy and loss on the evaluation split.
#ifndef TALLY_RT_TRAIN_EVALUATION_H
#define TALLY_RT_TRAIN_EVALUATION_H

#include "train/JsonLine.h"
#include "train/Program.h"

#include <functional>

namespace tally::rt {

struct Evaluation {
  double loss = 0, accuracy = 0; // in the target's view; no number where the program has no accuracy
  std::vector<double> views;     // accuracies in the order of the plan, if the program has any
};

/// Evaluates the weights in the arena; calls `tick` after each batch. Nothing when a signal came in between.
std::optional<Evaluation> evaluate(Program &program, const std::function<void()> &tick);
/// "accuracy 91.00 % (plain)", or the loss where there is no accuracy.
std::string describeEvaluation(const Manifest &manifest, const Evaluation &evaluation);
/// {"plain": 0.91, ...}
JsonLine viewsOf(const Manifest &manifest, const std::vector<double> &values);

} // namespace tally::rt
#endif
