// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally verify: checks a certificate.
#include "Command.h"

void tally::addVerifyCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("verify", "check the certificate of a training run (not supported yet)");
  command->allow_extras();
  command->callback([&status] { status = static_cast<int>(notSupportedYet("verify")); });
}
