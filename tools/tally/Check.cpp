// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally check: lists everything in a model that is wrong or not supported, at once.
#include "Command.h"
#include "mlir/IR/MLIRContext.h"
#include "tally/Import/OnnxImporter.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace tally;

void tally::addCheckCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("check", "list everything unsupported in a model");
  auto model = std::make_shared<std::string>();
  command->add_option("MODEL", *model, "the ONNX file")->required();
  command->callback([=, &status] {
    mlir::MLIRContext context;
    mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
      printOnnxDiagnostic(llvm::errs(), *model, diagnostic);
    });
    OnnxImport import = importOnnx(*model, {}, &context);
    if (import.status == OnnxImportStatus::Fine)
      llvm::outs() << *model << ": everything is supported\n";
    else
      status = static_cast<int>(import.status == OnnxImportStatus::Unsupported ? Status::No : Status::BadInput);
  });
}
