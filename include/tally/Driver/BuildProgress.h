// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a build is doing and how long each stage took, on standard error.
#ifndef TALLY_DRIVER_BUILDPROGRESS_H
#define TALLY_DRIVER_BUILDPROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <string>

namespace tally {

/// Auto: a bar on a terminal, else nothing. Plain: a line for each stage. Bar: one line, rewritten.
enum class BuildProgressStyle { Auto, None, Plain, Bar };

class BuildProgress {
public:
  explicit BuildProgress(BuildProgressStyle style);
  BuildProgress(const BuildProgress &) = delete;
  ~BuildProgress();
  /// Ends the stage before; the same name again goes on with it.
  void begin(llvm::StringRef stage);
  /// Makes room for a message: the bar is drawn again with the next stage.
  void clear();
  /// Ends the last stage of a build that went well.
  void finish();

private:
  void endStage();

  BuildProgressStyle style;
  std::chrono::steady_clock::time_point started;
  std::string stage, line; ///< the stage that runs; "read 0.2 s, tensor 1.0 s"
  bool drawn = false;
};

} // namespace tally

#endif
