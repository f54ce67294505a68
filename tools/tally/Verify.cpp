// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally verify: checks a certificate.
#include "tally/Certificate/Verify.h"
#include "Command.h"
#include "runtime/core/File.h"
#include "tally/Driver/Session.h"
#include "llvm/Support/Path.h"
#include <memory>

using namespace tally;

static DriverStatus verify(const std::string &file, VerifyRequest request) {
  Session session;
  llvm::FailureOr<Certificate> certificate = readCertificate(file, &session.context);
  if (failed(certificate))
    return DriverStatus::BadInput;
  for (std::string *folder : {&request.folder, &request.data})
    if (!folder->empty() && !rt::isDirectory(*folder)) {
      llvm::errs() << "error: " << *folder << " is no folder\n";
      return DriverStatus::BadInput;
    }
  if (request.folder.empty())
    request.folder = llvm::sys::path::parent_path(file);
  if (request.folder.empty())
    request.folder = ".";
  return verifyCertificate(*certificate, request, llvm::outs());
}

void tally::addVerifyCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("verify", "check the certificate of a training run (status 0: accepted, 1: refused)");
  auto file = std::make_shared<std::string>();
  auto request = std::make_shared<VerifyRequest>();
  command->add_option("CERTIFICATE", *file, "a file that tally certify wrote")->required();
  command->add_option("--data", request->data, "the folder of the data set")->required();
  command->add_option("--files", request->folder, "the folder of model, trainer, logs and weights (default: that of the certificate)");
  command->add_option("--replay", request->replay, "train so many steps of each seed again and compare losses and weights with the log (default: 0)")
      ->check(CLI::NonNegativeNumber);
  command->callback([=, &status] { status = static_cast<int>(verify(*file, *request)); });
}
