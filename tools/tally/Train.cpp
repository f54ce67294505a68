// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally train: builds a trainer into a cache, then runs it.
#include "Command.h"
#include "tally/Driver/BuildProgram.h"
#include "tally/Support/InstalledFiles.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <cstring>
#include <memory>
#include <unistd.h>

using namespace tally;

/// Replaces this process, so that signals and the exit status are the trainer's own.
static Status runTrainer(const std::string &trainer, const std::string &data, const std::vector<std::string> &options) {
  std::vector<std::string> words{trainer, "--data", data};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char *> arguments;
  for (std::string &word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(trainer.c_str(), arguments.data());
  llvm::errs() << "error: cannot run " << trainer << ": " << std::strerror(errno) << "\n";
  return Status::InternalError;
}

void tally::addTrainCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("train", "build a trainer into a cache and run it");
  auto request = std::make_shared<BuildRequest>();
  auto data = std::make_shared<std::string>();
  command->add_option("MODEL", request->model, "an ONNX file, or a module of the levels graph or training (.mlir, .mlirbc)")->required();
  command->add_option("--recipe", request->recipe, "a recipe file, or a name from the zoo");
  command->add_option("--data", *data, "the folder of the data set")->required();
  auto options = std::make_shared<std::vector<std::string>>();
  command->add_option("OPTIONS", *options, "options of the trainer, after --");
  command->callback([=, &status] {
    std::string folder = makeCacheFolder(), trainer;
    status = static_cast<int>(folder.empty() ? DriverStatus::BadInput : buildCached(*request, folder, trainer));
    if (status == static_cast<int>(Status::Fine))
      status = static_cast<int>(runTrainer(trainer, *data, *options));
  });
}
