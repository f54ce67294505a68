// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally zoo: writes a network of the zoo as ONNX.
#include "Command.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace tally;

/// The Python that the build found can be replaced by the environment variable TALLY_PYTHON.
static std::string pythonProgram() {
  if (const char *python = std::getenv("TALLY_PYTHON"))
    return python;
  return TALLY_PYTHON;
}

void tally::addZooCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("zoo", "write a network of the zoo as ONNX (without NAME: list them)");
  auto name = std::make_shared<std::string>();
  auto output = std::make_shared<std::string>();
  command->add_option("NAME", *name, "name of the network");
  command->add_option("-o,--output", *output, "the ONNX file to write (default: NAME.onnx)");
  command->callback([=, &status] {
    std::string python = pythonProgram();
    std::vector<llvm::StringRef> arguments = {python, TALLY_SOURCE_DIR "/tools/zoo/zoo.py"};
    if (!name->empty())
      arguments.push_back(*name);
    if (!output->empty())
      arguments.insert(arguments.end(), {"-o", *output});
    std::string message;
    int result = llvm::sys::ExecuteAndWait(python, arguments, std::nullopt, {}, 0, 0, &message);
    if (!message.empty())
      llvm::errs() << "error: cannot run " << python << ": " << message << "\n";
    status = result == 0 ? 0 : static_cast<int>(Status::BadInput);
  });
}
