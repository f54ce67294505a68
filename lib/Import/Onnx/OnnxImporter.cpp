// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public entry: reads a model file and imports its graph.
#include "tally/Import/OnnxImporter.h"
#include "OnnxSource.h"
#include "llvm/ADT/StringSet.h"
#include "tally/Import/Rebatch.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;

OnnxImport tally::importOnnx(StringRef path, const OnnxImportOptions &options, MLIRContext *context) {
  OnnxImport import;
  context->loadDialect<nn::NnDialect, func::FuncDialect>();
  bool wrong = false;
  // The same thing is said once, however often it is met.
  llvm::StringSet<> said;
  auto report = [&](const onnx::Problem &problem) {
    wrong |= !problem.unsupported;
    if (said.insert(problem.where + "\n" + problem.what).second)
      emitError(NameLoc::get(StringAttr::get(context, problem.where.empty() ? path : problem.where))) << problem.what;
  };
  auto finish = [&](bool fine) -> OnnxImport && {
    import.status = fine    ? OnnxImportStatus::Fine
                    : wrong ? OnnxImportStatus::Wrong
                            : OnnxImportStatus::Unsupported;
    if (!fine)
      import.module = {};
    return std::move(import);
  };
  if (options.batch < 0) {
    report({false, "", "expects a batch size of at least 1"});
    return finish(false);
  }
  std::shared_ptr<onnx::Model> model = onnx::readModel(path, report);
  if (!model)
    return finish(false);
  onnx::GraphImporter importer(*model, context, options.batch ? options.batch : 1, report);
  import.module = importer.run();
  if (!import.module)
    return finish(false);
  import.sha256 = model->sha256;
  import.source = std::make_shared<OnnxSource>();
  import.source->model = model;
  for (onnx::WeightUse use : importer.getWeights().getUses())
    import.source->slots.push_back({use.op.getName().str(), use.initializer, use.node, use.position});
  auto main = import.module->lookupSymbol<func::FuncOp>("main");
  if (options.batch && cast<RankedTensorType>(main.getArgumentTypes().front()).getDimSize(0) != options.batch) {
    FailureOr<OwningOpRef<ModuleOp>> rebatched = rebatchModule(*import.module, options.batch);
    if (failed(rebatched))
      return finish(false);
    import.module = std::move(*rebatched);
  }
  (*import.module)->setAttr("tally.model_sha256", StringAttr::get(context, import.sha256));
  return finish(true);
}

void tally::printOnnxDiagnostic(llvm::raw_ostream &os, StringRef path, Diagnostic &diagnostic) {
  std::string where = layerOf(diagnostic.getLocation());
  os << path << ": " << (diagnostic.getSeverity() == DiagnosticSeverity::Error ? "error: " : "note: ");
  if (!where.empty() && where != path)
    os << "'" << where << "': ";
  os << diagnostic.str() << "\n";
}
