// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the command line asks for.
#ifndef TALLY_RT_TRAIN_OPTIONS_H
#define TALLY_RT_TRAIN_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>

namespace tally::rt {

enum class ProgressStyle { Auto, Bar, Plain, None };

/// An empty path means that the option was not given.
struct Options {
  std::string data;
  int threads = 1;
  int64_t device = 0;
  int64_t firstSeed = 0, lastSeed = 0;
  std::optional<int64_t> maxSteps; // an absolute step
  std::string log, checkpoint, exportTo, evaluate, dumpOrder, profile, tensorboard, march;
  int64_t firstProfiled = 0, lastProfiled = 0; // steps, from 1; 0: everything
  int64_t checkpointEvery = 0; // steps
  bool resume = false, overwrite = false, dryRun = false, about = false, logDigests = false;
  ProgressStyle progress = ProgressStyle::Auto;
  double progressInterval = 30; // seconds between two plain lines

  bool severalSeeds() const { return firstSeed != lastSeed; }
  bool profilesAll() const { return firstProfiled == 0; }
  bool profiles(int64_t step) const { return profilesAll() || (firstProfiled <= step && step <= lastProfiled); }
  /// `exportTo`, with .seedN before its extension when several seeds run.
  std::string exportFor(int64_t seed) const;
  /// With .seedN always: runs of one seed each may share the folder.
  std::string checkpointFor(int64_t seed) const;
  /// The event file of a seed, in a folder of its own: TensorBoard calls it a run.
  std::string tensorboardFor(int64_t seed) const;
};

} // namespace tally::rt
#endif
