// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The driver: what does a training run cost, build it, run it.
#include "Command.h"
#include <iostream>

tally::Status tally::notSupportedYet(const std::string &what) {
  std::cerr << "error: " << what << ": not supported yet\n";
  return Status::No;
}

int main(int argc, char **argv) {
  CLI::App app("Tally: derives what a training run costs, then compiles and runs exactly that", "tally");
  app.set_version_flag("--version", "tally " TALLY_VERSION);
  app.require_subcommand(1);
  int status = static_cast<int>(tally::Status::Fine);
#define TALLY_COMMAND(Name) tally::add##Name##Command(app, status);
#include "Commands.inc"
#undef TALLY_COMMAND
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(tally::Status::Usage);
  }
  return status;
}
