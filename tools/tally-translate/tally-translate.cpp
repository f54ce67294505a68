// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The translation driver: --import-onnx FILE prints the L1 module of a model.
#include "mlir/IR/MLIRContext.h"
#include "tally/Import/OnnxImporter.h"
#include "tally/Support/OutputFile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

namespace cl = llvm::cl;

// The statuses of tally: 1 unsupported, 2 wrong command line, 3 unreadable or wrong.
int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::OptionCategory category("tally-translate");
  cl::opt<bool> importOnnx("import-onnx", cl::desc("import an ONNX model as an L1 module"), cl::cat(category));
  cl::opt<std::string> input(cl::Positional, cl::desc("FILE"), cl::Required, cl::cat(category));
  cl::opt<std::string> output("o", cl::desc("where to write the module"), cl::init("-"), cl::cat(category));
  cl::opt<int64_t> batch("batch", cl::desc("batch size of @main (default: the model's, or 1)"), cl::init(0), cl::cat(category));
  cl::opt<bool> elide("elide", cl::desc("print large weights without their values"), cl::init(false), cl::cat(category));
  cl::opt<bool> locations("locations", cl::desc("print the ONNX node of each op"), cl::init(false), cl::cat(category));
  cl::opt<std::string> exportTemplate("export-template", cl::desc("also write the model that the trained weights go into"),
                                      cl::cat(category));
  cl::opt<bool> asDouble("f64", cl::desc("write the template in f64"), cl::init(false), cl::cat(category));
  cl::opt<bool> asWritten("as-written", cl::desc("compute training forms of nodes as the file says, for no recipe to train"),
                          cl::init(false), cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "Tally translation driver\n");
  if (!importOnnx) {
    llvm::errs() << "error: expects --import-onnx\n";
    return 2;
  }

  if (asWritten && !exportTemplate.empty()) {
    llvm::errs() << "error: expects --export-template, which writes the inference form, without --as-written\n";
    return 2;
  }

  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    tally::printOnnxDiagnostic(llvm::errs(), input, diagnostic);
  });
  tally::OnnxImport import = tally::importOnnx(input, {.batch = batch, .asWritten = asWritten}, &context);
  if (import.status != tally::OnnxImportStatus::Fine)
    return import.status == tally::OnnxImportStatus::Unsupported ? 1 : 3;

  if (!exportTemplate.empty()) {
    llvm::FailureOr<tally::OnnxTemplate> model = tally::buildOnnxTemplate(import, asDouble);
    if (llvm::failed(model) ||
        llvm::failed(tally::writeOutput(exportTemplate, [&](llvm::raw_ostream &os) { os << model->bytes; })))
      return 3;
    for (const tally::OnnxTemplate::Slot &slot : model->slots)
      llvm::errs() << "slot " << slot.offset << " " << slot.bytes << " " << slot.weight << "\n";
  }
  mlir::OpPrintingFlags flags;
  if (elide)
    flags.elideLargeElementsAttrs(16).elideLargeResourceString(64);
  if (locations)
    flags.enableDebugInfo();
  auto print = [&](llvm::raw_ostream &os) { import.module->print(os, flags); };
  return llvm::succeeded(tally::writeOutput(output, print)) ? 0 : 3;
}
