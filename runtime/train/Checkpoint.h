// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The state of a run on disk, in the safetensors layout: 8 bytes length of the header, JSON header, values.
#ifndef TALLY_RT_TRAIN_CHECKPOINT_H
#define TALLY_RT_TRAIN_CHECKPOINT_H

#include "train/Evaluation.h"

namespace tally::rt {

/// What a checkpoint says besides the variables.
struct CheckpointInfo {
  int64_t seed = 0, step = 0;
  bool evaluated = false;               // is the evaluation at the end of `step` done?
  double seconds = 0;                   // of the whole run so far
  std::optional<Evaluation> evaluation; // the last one
};

/// Bytes of a checkpoint, up to a little.
uint64_t checkpointBytes(const Manifest &manifest);
/// Replaces the checkpoint at `path`, atomically. Fails with status 3; then the old one is as before.
void saveCheckpoint(const Program &program, const CheckpointInfo &info, const std::string &path);
/// Nothing when there is no file. Fails with status 3 on a file that is not a checkpoint of this program.
std::optional<CheckpointInfo> readCheckpointInfo(const Manifest &manifest, const std::string &path);
/// Brings the variables to what the checkpoint holds.
CheckpointInfo loadCheckpoint(Program &program, const std::string &path);

} // namespace tally::rt
#endif
