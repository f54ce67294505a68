// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The public entry: reads a model file and imports its graph.
#include "tally/Import/OnnxImporter.h"
#include "Exporter.h"
#include "OnnxSource.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/GlobPattern.h"
#include "tally/Import/Rebatch.h"
#include "tally/Support/Attribution.h"
#include "tally/Transforms/RecomposeOps.h"

using namespace mlir;
using namespace tally;

namespace {
/// One import: what is wrong with the model, and what training will refuse.
class Import {
public:
  Import(StringRef path, MLIRContext *context) : path(path), context(context) {}

  OnnxImport run(const OnnxImportOptions &options);

private:
  void report(const onnx::Problem &problem) { report(std::vector{problem}); }
  void report(const std::vector<onnx::Problem> &problems);
  bool importGraph(const onnx::Model &model, int64_t batch, bool anyBatch, std::vector<onnx::Problem> &problems);
  bool importGraph(const onnx::Model &model, int64_t batch);
  bool rebatch(int64_t batch);
  OnnxImport finish(bool fine);
  /// Of a node or tensor; of the file where the name is empty.
  Location locate(StringRef name) const { return NameLoc::get(StringAttr::get(context, name.empty() ? path : name)); }

  StringRef path;
  MLIRContext *context;
  OnnxImport import;
  onnx::Resources resources;
  std::vector<onnx::Problem> untrainable;
  RecomposedOps recomposed;
  llvm::StringSet<> said;
  bool asWritten = false, wrong = false;
};
} // namespace

/// "node 'NAME' (Conv, opset 20): what"; of several nodes of one op, about which the same is to be said, the first.
static std::string describe(const onnx::Problem &problem, size_t nodes) {
  if (problem.op.empty())
    return problem.what;
  std::string first = "'" + problem.where + "' (" + problem.op + "): " + problem.what;
  return nodes == 1 ? "node " + first : std::to_string(nodes) + " nodes, first " + first;
}

/// The same thing is said once, however often it is met.
void Import::report(const std::vector<onnx::Problem> &problems) {
  llvm::StringMap<size_t> numbers;
  std::vector<std::vector<const onnx::Problem *>> groups;
  for (const onnx::Problem &problem : problems) {
    wrong |= !problem.unsupported;
    if (!said.insert(problem.where + "\n" + problem.what).second)
      continue;
    std::string key = (problem.op.empty() ? problem.where : problem.op) + "\n" + problem.what;
    size_t number = numbers.try_emplace(key, groups.size()).first->second;
    if (number == groups.size())
      groups.emplace_back();
    groups[number].push_back(&problem);
  }
  for (ArrayRef<const onnx::Problem *> group : groups)
    emitError(locate(group.front()->where))
        << describe(*group.front(), group.size());
}

OnnxImport Import::finish(bool fine) {
  import.status = fine    ? OnnxImportStatus::Fine
                  : wrong ? OnnxImportStatus::Wrong
                          : OnnxImportStatus::Unsupported;
  if (!fine)
    import.module = {};
  return std::move(import);
}

bool Import::importGraph(const onnx::Model &model, int64_t batch, bool anyBatch, std::vector<onnx::Problem> &problems) {
  onnx::GraphImporter importer(model, context, resources, batch, anyBatch, asWritten,
                               [&](const onnx::Problem &problem) { problems.push_back(problem); });
  import.module = importer.run();
  if (!import.module)
    return false;
  for (onnx::WeightUse use : importer.getWeights().getUses())
    import.source->slots.push_back({use.op.getName().str(), use.initializer, use.place});
  import.source->randomUses = importer.getRandomUses();
  recomposed = importer.getRecomposed();
  return true;
}

/// "12 LayerNormalization, 12 Gelu"; empty where nothing was put together.
static std::string describeRecomposed(const RecomposedOps &ops) {
  std::string list;
  for (const auto &[op, number] : ops)
    list += (list.empty() ? "" : ", ") + std::to_string(number) + " " + op.str();
  return list.empty() ? list : "put together what the exporter has taken apart: " + list;
}

/// A graph that works at one batch size alone is imported as it is; why is kept for training.
bool Import::importGraph(const onnx::Model &model, int64_t batch) {
  std::vector<onnx::Problem> problems;
  bool fine = importGraph(model, batch, /*anyBatch=*/true, untrainable) ||
              importGraph(model, batch, /*anyBatch=*/false, problems);
  if (std::string folded = onnx::describeFoldedNorms(model); !folded.empty())
    untrainable.push_back({true, "", folded});
  if (!fine) {
    llvm::append_range(untrainable, problems);
    report(untrainable);
    return false;
  }
  auto main = import.module->lookupSymbol<func::FuncOp>("main");
  for (const std::string &remark :
       {onnx::describeRemovedBiases(model), onnx::describeEvaluationMode(model), describeRecomposed(recomposed)})
    if (!remark.empty())
      emitRemark(locate("")) << remark;
  Builder builder(context);
  SmallVector<Attribute> reasons;
  for (const onnx::Problem &problem : untrainable)
    reasons.push_back(builder.getStrArrayAttr({problem.where, describe(problem, 1)}));
  if (!reasons.empty())
    main->setAttr(untrainableAttribute, builder.getArrayAttr(reasons));
  return true;
}

/// Brings a graph whose batch size is static to another one.
bool Import::rebatch(int64_t batch) {
  auto main = import.module->lookupSymbol<func::FuncOp>("main");
  if (batch == 0 || batchSizeOf(main).value_or(batch) == batch)
    return true;
  if (!untrainable.empty()) {
    report(untrainable);
    return false;
  }
  FailureOr<OwningOpRef<ModuleOp>> rebatched = rebatchModule(*import.module, batch);
  if (failed(rebatched))
    return false;
  import.module = std::move(*rebatched);
  return true;
}

/// Marks the initializers that a glob matches; what is no glob is an error of the recipe's, later.
static void markTrainable(onnx::Model &model, ArrayRef<std::string> globs) {
  for (const std::string &glob : globs) {
    auto pattern = llvm::GlobPattern::create(glob);
    if (!pattern) {
      llvm::consumeError(pattern.takeError());
      continue;
    }
    for (onnx::Tensor &tensor : model.graph.initializers)
      tensor.isTrainable |= pattern->match(tensor.name);
  }
}

/// What a Gradient node differentiates with respect to is no constant, of one element either.
static void markDifferentiated(onnx::Model &model) {
  for (const onnx::Node &node : model.graph.nodes) {
    if (node.qualifiedType() != "ai.onnx.preview.training.Gradient")
      continue;
    for (const onnx::NodeAttribute &attribute : node.attributes)
      if (attribute.name == "xs")
        for (onnx::Tensor &tensor : model.graph.initializers)
          tensor.isTrainable |= llvm::is_contained(attribute.strings, tensor.name);
  }
}

/// Other sizes of the images: whether the first input has them.
static bool resizeImages(onnx::Model &model, int64_t size) {
  if (model.graph.inputs.empty() || !model.graph.inputs.front().shape || model.graph.inputs.front().shape->size() != 4)
    return false;
  SmallVector<int64_t> &shape = *model.graph.inputs.front().shape;
  shape[2] = shape[3] = size;
  return true;
}

OnnxImport Import::run(const OnnxImportOptions &options) {
  if (options.batch < 0) {
    report({false, "", "expects a batch size of at least 1"});
    return finish(false);
  }
  std::shared_ptr<onnx::Model> model =
      onnx::readModel(path, [&](const onnx::Problem &problem) { report(problem); }, options.asWritten);
  if (!model)
    return finish(false);
  if (options.imageSize && !resizeImages(*model, options.imageSize)) {
    report({false, "", "expects images [batch, channels, height, width] as the first input, which get another size"});
    return finish(false);
  }
  onnx::nameLayers(*model);
  if (!model->trainingInfo.empty() && !options.asWritten)
    emitRemark(locate("")) << "training_info is left out, a recipe says how to train: " << model->trainingInfo;
  if (size_t restored = options.restoreNorms ? onnx::restoreNorms(*model) : 0)
    emitWarning(locate(""))
        << "BatchNormalization is put back behind " << restored << (restored == 1 ? " convolution" : " convolutions")
        << ", of scale 1 and with the folded bias: as before the export for a network that was not trained; of a trained one, and of one "
           "whose convolutions have a bias of their own, the export has lost the scales and statistics";
  markTrainable(*model, options.trainable);
  markDifferentiated(*model);
  asWritten = options.asWritten;
  import.sha256 = model->sha256;
  import.source = std::make_shared<OnnxSource>();
  import.source->model = model;
  if (!importGraph(*model, options.batch ? options.batch : 1) || !rebatch(options.batch))
    return finish(false);
  (*import.module)->setAttr("tally.model_sha256", StringAttr::get(context, import.sha256));
  return finish(true);
}

OnnxImport tally::importOnnx(StringRef path, const OnnxImportOptions &options, MLIRContext *context) {
  context->loadDialect<nn::NnDialect, func::FuncDialect>();
  return Import(path, context).run(options);
}

void tally::printOnnxDiagnostic(llvm::raw_ostream &os, StringRef path, Diagnostic &diagnostic) {
  StringRef severity = diagnostic.getSeverity() == DiagnosticSeverity::Error     ? "error: "
                       : diagnostic.getSeverity() == DiagnosticSeverity::Warning ? "warning: "
                                                                                 : "note: ";
  std::string what = diagnostic.str();
  if (auto place = dyn_cast<FileLineColLoc>(diagnostic.getLocation())) {
    os << place.getFilename().getValue() << ":" << place.getLine() << ":" << place.getColumn() << ": " << severity;
  } else {
    std::string where = nodeOf(diagnostic.getLocation());
    os << path << ": " << severity;
    bool isNamed = StringRef(what).contains("node '" + where + "' (") || StringRef(what).contains("nodes, first '" + where + "' (");
    if (!where.empty() && where != path && !isNamed)
      os << "'" << where << "': ";
  }
  os << what << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    printOnnxDiagnostic(os, path, note);
}
