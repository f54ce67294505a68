// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally certify: makes a certificate of a training run.
#include "tally/Certificate/Certify.h"
#include "Command.h"
#include <memory>

using namespace tally;

void tally::addCertifyCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("certify", "make a certificate of a training run, which tally verify checks (status 1: it would be refused)");
  auto request = std::make_shared<CertifyRequest>();
  command->add_option("MODEL", request->model, "the model (ONNX); this file and those below are to lie in the folder of the certificate")->required();
  command->add_option("--recipe", request->recipe, "the recipe: a file, or a name from the zoo; the certificate holds it")->required();
  command->add_option("--data", request->data, "the folder of the data set")->required();
  command->add_option("--trainer", request->trainer, "the trainer that tally build made")->required();
  command->add_option("--log", request->logs, "what the trainer wrote with --log and --log-digests, of all seeds of the recipe; one file or several")->required();
  command->add_option("--weights", request->weights, "what it wrote with --export, a file for each seed, in any order")->required();
  command->add_option("-o,--output", request->output, "the certificate to write")->required();
  command->add_option("--march", request->march, "the processor, where the trainer was built with --march; of several, the one that the log names");
  command->add_option("-O", request->optimize, "0 where the trainer was built with -O0")->check(CLI::IsMember({0, 3}));
  command->add_option("--profile", request->profile, "the rules to count by: haet (the default), or another profile's name");
  command->callback([=, &status] { status = static_cast<int>(certify(*request, llvm::outs())); });
}
