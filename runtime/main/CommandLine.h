// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The command line of a trainer.
#ifndef TALLY_RT_MAIN_COMMANDLINE_H
#define TALLY_RT_MAIN_COMMANDLINE_H

#include "train/Manifest.h"
#include "train/Options.h"

namespace tally::rt {

/// `processors`: those that the program has versions for. Nothing when the arguments asked for help, which is then printed. Fails with status 2.
std::optional<Options> parseCommandLine(int count, char **arguments, const Manifest &manifest,
                                        const std::vector<std::string> &processors);
/// What --about and --dry-run print.
void describe(const Manifest &manifest, const Options &options, const std::vector<std::string> &processors);

} // namespace tally::rt
#endif
