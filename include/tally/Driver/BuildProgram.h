// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a model and a recipe to any level or to a trainer: what tally build does.
#ifndef TALLY_DRIVER_BUILDPROGRAM_H
#define TALLY_DRIVER_BUILDPROGRAM_H

#include "tally/Driver/BuildProgress.h"
#include "tally/Driver/LoadProgram.h"

namespace tally {

struct BuildRequest {
  std::string model, recipe, output;
  std::string march = "native", emit = "exe";
  std::string target; ///< the text of a #tally.target, instead of `march`
  unsigned optimize = 3;
  bool instrument = false; ///< the trainer counts what it executes
  bool verifyEach = false; ///< the verifier after each pass
  BuildProgressStyle progress = BuildProgressStyle::Auto;
  std::string runtime; ///< libtally_rt.a; empty: ../lib/libtally_rt.a beside the running program
};

/// Errors are printed as diagnostics.
DriverStatus buildProgram(const BuildRequest &request);

/// Builds a trainer into `folder`, unless one of the same program, options and tool is there; `trainer` is its path.
DriverStatus buildCached(const BuildRequest &request, const std::string &folder, std::string &trainer);

} // namespace tally

#endif
