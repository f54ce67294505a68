// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a model and a recipe to any level or to a trainer: what tally build does.
#ifndef TALLY_DRIVER_BUILDPROGRAM_H
#define TALLY_DRIVER_BUILDPROGRAM_H

#include <string>

namespace tally {

struct BuildRequest {
  std::string model, recipe, output;
  std::string target = "cpu", march = "native", emit = "exe";
  unsigned optimize = 3;
  std::string runtime; ///< libtally_rt.a; empty: ../lib/libtally_rt.a beside the running program
};

/// Values are the exit statuses of tally.
enum class BuildStatus { Fine = 0, No = 1, BadInput = 3, InternalError = 70 };

/// Errors are printed as diagnostics. A failure after the training level leaves <output>.reproducer.mlir behind.
BuildStatus buildProgram(const BuildRequest &request);

} // namespace tally

#endif
