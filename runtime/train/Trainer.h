// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All seeds of a run: training, evaluation, files, verdict.
#ifndef TALLY_RT_TRAIN_TRAINER_H
#define TALLY_RT_TRAIN_TRAINER_H

#include "train/Options.h"
#include "train/Program.h"

namespace tally::rt {

/// Tries every output that `options` name, so that a run does not find out at its end. Fails with status 3.
void checkOutputs(const Options &options, const Manifest &manifest);
/// Trains as `options` say and returns the exit status; failures are thrown.
int train(const Options &options, Program &program);
/// Evaluates the weights in the exported file `options.evaluate`.
int evaluateFile(const Options &options, Program &program);

} // namespace tally::rt
#endif
