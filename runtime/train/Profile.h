// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// When each compiled function ran, as a trace that chrome://tracing, Perfetto and speedscope read.
#ifndef TALLY_RT_TRAIN_PROFILE_H
#define TALLY_RT_TRAIN_PROFILE_H

#include "core/File.h"

#include <chrono>

namespace tally::rt {

class Profile {
public:
  explicit Profile(const std::string &path);
  /// Nanoseconds since the trace began.
  int64_t now() const;
  /// Adds a slice from `start` (of now()) until now.
  void add(const std::string &name, int64_t start);
  /// Completes the file.
  void finish();

private:
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  TextFile file;
  std::string pending; // written in large pieces, so that the trace costs little of what it measures
  bool first = true;
};

} // namespace tally::rt
#endif
