// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally build: compiles a training run to a trainer.
#include "Command.h"
#include "tally/Driver/BuildProgram.h"
#include <map>
#include <memory>

using namespace tally;

void tally::addBuildCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("build", "compile a model and a recipe to a trainer");
  auto request = std::make_shared<BuildRequest>();
  auto target = std::make_shared<std::string>("cpu");
  command->add_option("MODEL", request->model, "an ONNX file, or a module of the levels graph or training (.mlir, .mlirbc)")->required();
  command->add_option("--recipe", request->recipe, "a recipe file, or a name from the zoo");
  command->add_option("-o", request->output, "the file to write (- for standard output, with --emit of a level)")->required();
  command->add_option("--target", *target, "cpu (cuda is not supported yet)")->check(CLI::IsMember({"cpu", "cuda"}));
  command->add_option("--march", request->march, "native (the default: this machine), a processor of LLVM, TRIPLE:PROCESSOR for another architecture, several of them with commas, of which the trainer "
                      "runs the first that its machine can run, or portable (some x86 processors)");
  command->add_option("--emit", request->emit, "graph, training, tensor, kernels, buffer, llvm, ptx, obj, exe, or onnx: the model with one step as its training_info")
      ->check(CLI::IsMember({"graph", "training", "tensor", "kernels", "buffer", "llvm", "ptx", "obj", "exe", "onnx"}));
  command->add_option("--runtime", request->runtime, "libtally_rt.a for another architecture (tools/scripts/build-runtime makes it)");
  command->add_option("-O", request->optimize, "0: the plain scalar lowering, 3: optimized (the default)")
      ->check(CLI::IsMember({0, 3}));
  command->add_flag("--verify-each", request->verifyEach, "check the program after each pass, not only between levels")
      ->group("Debugging");
  static const std::map<std::string, BuildProgressStyle> styles{
      {"auto", BuildProgressStyle::Auto}, {"bar", BuildProgressStyle::Bar}, {"plain", BuildProgressStyle::Plain}, {"none", BuildProgressStyle::None}};
  command->add_option("--progress", request->progress, "auto (a bar on a terminal, else nothing), bar, plain (a line for each stage) or none")
      ->transform(CLI::CheckedTransformer(styles, CLI::ignore_case).description(""))
      ->type_name("STYLE");
  command->add_flag("--instrument", request->instrument, "the trainer counts the operations that it executes, and ends with an error where they are not those of the report");
  command->callback([=, &status] {
    if (*target != "cpu")
      status = static_cast<int>(notSupportedYet("--target " + *target));
    else if (request->emit == "ptx")
      status = static_cast<int>(notSupportedYet("--emit ptx"));
    else
      status = static_cast<int>(buildProgram(*request));
  });
}
