// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What training asks of a graph that import, the forward count and compilation as a function do not.
#include "tally/Recipe/TrainingGraph.h"
#include "dialects/Nn/Nn.h"
#include "tally/Import/OnnxImporter.h"
#include "tally/Import/Rebatch.h"

using namespace mlir;
using namespace tally;

/// The static tensor type of so many dimensions that a type is, if it is one.
static RankedTensorType tensorOf(Type type, int64_t rank) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getRank() == rank ? tensor : RankedTensorType();
}

static bool isFloatTensor(Type type, int64_t rank) {
  RankedTensorType tensor = tensorOf(type, rank);
  return tensor && isa<FloatType>(tensor.getElementType());
}

/// One number: [], or [1].
static bool isLoss(Type type) {
  return isFloatTensor(type, 0) || (isFloatTensor(type, 1) && cast<RankedTensorType>(type).getDimSize(0) == 1);
}

/// Classes [N] of an integer type, or targets [N, classes].
static bool isLabels(Type type) {
  RankedTensorType classes = tensorOf(type, 1);
  return (classes && classes.getElementType().isSignlessInteger() && classes.getElementTypeBitWidth() >= 32) || isFloatTensor(type, 2);
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

TrainingSignature tally::signatureOf(func::FuncOp graph) {
  TrainingSignature signature;
  FunctionType type = graph.getFunctionType();
  if (type.getNumInputs() == 2)
    signature.labels = 1;
  for (auto [index, result] : llvm::enumerate(type.getResults()))
    (isLoss(result) ? signature.loss : signature.logits) = index;
  return signature;
}

static LogicalResult checkSignature(func::FuncOp graph) {
  LogicalResult result = success();
  FunctionType type = graph.getFunctionType();
  unsigned inputs = type.getNumInputs(), outputs = type.getNumResults();
  bool hasLoss = llvm::any_of(type.getResults(), isLoss);
  bool images = inputs >= 1 && isFloatTensor(type.getInput(0), 4);
  if (!images || !(inputs == 1 || (hasLoss && inputs == 2 && isLabels(type.getInput(1)))))
    result = emitError(graph.getLoc(), "training expects one input of images, [N, C, H, W], ")
             << (hasLoss ? "then one of labels, [N] of i64 or [N, classes], got (" : "got (") << type.getInputs()
             << "): let initializers stand for all others";
  bool logits = llvm::count_if(type.getResults(), [](Type output) { return isFloatTensor(output, 2); }) == outputs - hasLoss;
  if (!logits || outputs < 1 || outputs - hasLoss > 1)
    result = emitError(graph.getLoc(), "training expects one output of logits, [N, classes], ")
             << (hasLoss ? "beside that of the loss, got (" : "got (") << type.getResults()
             << "): remove all others from the outputs of the model";
  return result;
}

/// A recipe has its own batch sizes.
static LogicalResult checkBatch(ModuleOp module, func::FuncOp graph) {
  int64_t batch = *batchSizeOf(graph);
  auto rebatched = rebatchModule(module, batch + 1);
  if (failed(rebatched))
    return emitError(graph.getLoc(), "training expects a graph that works for any batch size, got one for ") << batch;
  TrainingSignature signature = signatureOf(graph);
  ArrayRef<Type> outputs = (*rebatched)->lookupSymbol<func::FuncOp>("main").getResultTypes();
  if (signature.loss && graph.getResultTypes()[*signature.loss] != outputs[*signature.loss])
    return emitError(graph.getLoc(), "training expects one number as the loss of a batch, got ")
           << outputs[*signature.loss] << " for a batch of " << batch + 1;
  if (!signature.logits)
    return success();
  auto logits = cast<RankedTensorType>(graph.getResultTypes()[*signature.logits]);
  auto other = cast<RankedTensorType>(outputs[*signature.logits]);
  if (logits.getDimSize(0) == batch && other.getDimSize(0) == batch + 1 && logits.getDimSize(1) == other.getDimSize(1))
    return success();
  return emitError(graph.getLoc(), "training expects logits of shape [batch, classes] as output, got ")
         << logits << " for a batch of " << batch << " and " << other << " for " << batch + 1;
}

void tally::warnOfLastActivation(func::FuncOp graph, LossSpec::Kind loss) {
  Operation *last = graph.getBody().front().getTerminator()->getOperand(0).getDefiningOp();
  while (last && last->getNumOperands() == 1 && last->hasTrait<ZeroCost>())
    last = last->getOperand(0).getDefiningOp();
  bool binary = loss == LossSpec::Kind::BinaryCrossEntropy;
  if (isa_and_nonnull<nn::SoftmaxOp, nn::SigmoidOp>(last))
    emitWarning(last->getLoc()) << "the model ends in " << last->getName().stripDialect() << ", expected logits: "
                                << (binary ? "binary cross entropy takes a sigmoid" : "cross entropy takes a softmax")
                                << " itself, and the network trains badly through two; export the model without its last activation";
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
