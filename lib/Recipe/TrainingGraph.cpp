// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What training asks of a graph that import, the forward count and compilation as a function do not.
#include "tally/Recipe/TrainingGraph.h"
#include "dialects/Nn/Nn.h"
#include "tally/Import/OnnxImporter.h"
#include "tally/Import/Rebatch.h"

using namespace mlir;
using namespace tally;

static bool isTensor(Type type, int64_t rank) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getRank() == rank && isa<FloatType>(tensor.getElementType());
}

/// What import has found already.
static LogicalResult checkImport(func::FuncOp graph) {
  auto reasons = graph->getAttrOfType<ArrayAttr>(untrainableAttribute);
  if (!reasons)
    return success();
  for (auto reason : reasons.getAsRange<ArrayAttr>()) {
    auto where = cast<StringAttr>(reason[0]), what = cast<StringAttr>(reason[1]);
    emitError(where.empty() ? graph.getLoc() : NameLoc::get(where, graph.getLoc())) << what.getValue();
  }
  return failure();
}

static LogicalResult checkSignature(func::FuncOp graph) {
  LogicalResult result = success();
  FunctionType type = graph.getFunctionType();
  if (type.getNumInputs() != 1 || !isTensor(type.getInput(0), 4))
    result = emitError(graph.getLoc(), "training expects one input of images, [N, C, H, W], got (")
             << type.getInputs() << "): let initializers stand for all others";
  if (type.getNumResults() != 1 || !isTensor(type.getResult(0), 2))
    result = emitError(graph.getLoc(), "training expects one output of logits, [N, classes], got (")
             << type.getResults() << "): remove all others from the outputs of the model";
  return result;
}

/// A recipe has its own batch sizes.
static LogicalResult checkBatch(ModuleOp module, func::FuncOp graph) {
  int64_t batch = *batchSizeOf(graph);
  auto rebatched = rebatchModule(module, batch + 1);
  if (failed(rebatched))
    return emitError(graph.getLoc(), "training expects a graph that works for any batch size, got one for ") << batch;
  auto logits = cast<RankedTensorType>(graph.getResultTypes()[0]);
  auto other = cast<RankedTensorType>((*rebatched)->lookupSymbol<func::FuncOp>("main").getResultTypes()[0]);
  if (logits.getDimSize(0) == batch && other.getDimSize(0) == batch + 1 && logits.getDimSize(1) == other.getDimSize(1))
    return success();
  return emitError(graph.getLoc(), "training expects logits of shape [batch, classes] as output, got ")
         << logits << " for a batch of " << batch << " and " << other << " for " << batch + 1;
}

void tally::warnOfLastActivation(func::FuncOp graph) {
  Operation *last = graph.getBody().front().getTerminator()->getOperand(0).getDefiningOp();
  while (last && last->getNumOperands() == 1 && last->hasTrait<ZeroCost>())
    last = last->getOperand(0).getDefiningOp();
  if (isa_and_nonnull<nn::SoftmaxOp, nn::SigmoidOp>(last))
    emitWarning(last->getLoc()) << "the model ends in " << last->getName().stripDialect()
                                << ", expected logits: cross entropy takes a softmax itself, and the network trains badly through two; "
                                   "export the model without its last activation";
}

FailureOr<func::FuncOp> tally::findTrainingGraph(ModuleOp module) {
  auto graph = module.lookupSymbol<func::FuncOp>("main");
  if (!graph || graph.isExternal())
    return module.emitError("expects the graph of a model in func.func @main"), failure();
  LogicalResult imported = checkImport(graph), fits = checkSignature(graph);
  if (failed(imported) || failed(fits) || failed(checkBatch(module, graph)))
    return failure();
  return graph;
}
