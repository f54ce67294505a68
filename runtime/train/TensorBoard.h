// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalars of a run as an event file that TensorBoard reads.
#ifndef TALLY_RT_TRAIN_TENSORBOARD_H
#define TALLY_RT_TRAIN_TENSORBOARD_H

#include "core/File.h"

#include <optional>

namespace tally::rt {

/// The event file of one seed: TFRecords (length, data and their masked CRC-32C) of tensorflow.Event messages, written as they happen.
/// Every call does nothing when there is no file.
class TensorBoard {
public:
  /// Starts a new file at `path`, in a folder of its own; with `resumedAt` goes on with the one that is there, without what it says of
  /// later steps.
  TensorBoard(const std::string &path, std::optional<int64_t> resumedAt);
  void scalar(int64_t step, const std::string &tag, double value);
  void sync();

private:
  void write(const std::string &event);
  std::optional<TextFile> file;
};

} // namespace tally::rt
#endif
