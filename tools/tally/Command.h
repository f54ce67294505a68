// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a subcommand of tally is: one file <Name>.cpp that defines add<Name>Command.
#ifndef TALLY_TOOLS_COMMAND_H
#define TALLY_TOOLS_COMMAND_H

#include <CLI/CLI.hpp>

namespace tally {

/// The exit statuses of tally. `tally train` returns the trainer's status once it runs.
enum class Status {
  Fine = 0,
  No = 1,            ///< valid but unsupported, counts differ, not verified
  Usage = 2,         ///< wrong command line
  BadInput = 3,      ///< model, recipe or data wrong or unreadable, output not writable
  InternalError = 70 ///< with a reproducer
};

/// Says that a command or an option is known but not there yet; the status for it.
Status notSupportedYet(const std::string &what);

// void add<Name>Command(CLI::App &app, int &status) for each file <Name>.cpp of this folder: adds the subcommand, whose
// callback sets `status`.
#define TALLY_COMMAND(Name) void add##Name##Command(CLI::App &app, int &status);
#include "Commands.inc"
#undef TALLY_COMMAND

} // namespace tally

#endif
