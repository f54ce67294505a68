// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally zoo: writes a network of the zoo as ONNX.
#include "Command.h"
#include "tally/Support/InstalledFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <memory>

using namespace tally;

/// TALLY_PYTHON, the environment of a build folder, or the system's Python.
static std::string pythonProgram() {
  if (const char *python = std::getenv("TALLY_PYTHON"))
    return python;
  if (std::string built = installedFile("venv/bin/python"); llvm::sys::fs::can_execute(built))
    return built;
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName("python3");
  return found ? *found : "python3";
}

void tally::addZooCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("zoo", "write a network of the zoo as ONNX (without NAME: list them)");
  // Option of zoo.py -> its value; NAME stands for itself.
  auto options = std::make_shared<std::map<std::string, std::string>>();
  command->add_option("NAME", (*options)["NAME"], "name of the network");
  command->add_option("-o,--output", (*options)["--output"], "the ONNX file to write (default: NAME.onnx)");
  command->add_option("--classes", (*options)["--classes"], "number of classes (default: 10)");
  command->add_option("--activation", (*options)["--activation"], "gelu, silu or relu (default: the network's own)");
  command->add_option("--head", (*options)["--head"], "the last pooling: default or global_max");
  command->callback([=, &status] {
    std::string python = pythonProgram(), script = installedFile("share/tally/zoo/zoo.py"), message;
    std::vector<llvm::StringRef> arguments = {python, "-B", script};
    for (const auto &[option, value] : *options) {
      if (value.empty())
        continue;
      if (option != "NAME")
        arguments.push_back(option);
      arguments.push_back(value);
    }
    int result = llvm::sys::ExecuteAndWait(python, arguments, std::nullopt, {}, 0, 0, &message);
    if (!message.empty())
      llvm::errs() << "error: cannot run " << python << ": " << message << "\n";
    constexpr int wrongArguments = 2; // of Python's argparse
    status = static_cast<int>(result == 0 ? Status::Fine : result == wrongArguments ? Status::Usage : Status::BadInput);
  });
}
