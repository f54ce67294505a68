// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally certify: makes a certificate of a training run.
#include "Command.h"

void tally::addCertifyCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("certify", "make a certificate of a training run (not supported yet)");
  command->allow_extras();
  command->callback([&status] { status = static_cast<int>(notSupportedYet("certify")); });
}
