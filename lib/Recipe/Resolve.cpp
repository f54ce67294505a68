// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A recipe applied to a model: step numbers, and what each tensor is to do.
#include "tally/Recipe/Resolve.h"
#include "MatchGroups.h"
#include "Sections.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tally;

static std::string spell(ArrayRef<int64_t> shape) {
  return llvm::join(llvm::map_range(shape, [](int64_t size) { return std::to_string(size); }), "x");
}

/// The keys that say what data a model is for.
static std::string ownData(const ResolvedRecipe &resolved) {
  std::string shape = llvm::join(llvm::map_range(resolved.image, [](int64_t size) { return std::to_string(size); }), ", ");
  return "data of one's own for this model: data: {shape: [" + shape + "], classes: " + std::to_string(resolved.classes) +
         ", train_images: N, test_images: N}";
}

/// Of the logits, or of targets [N, classes]; nothing where the model has neither.
static std::optional<int64_t> classesOf(func::FuncOp graph) {
  TrainingSignature signature = signatureOf(graph);
  auto type = signature.logits   ? cast<RankedTensorType>(graph.getResultTypes()[*signature.logits])
              : signature.labels ? cast<RankedTensorType>(graph.getArgumentTypes()[*signature.labels])
                                 : RankedTensorType();
  return type && type.getRank() == 2 ? std::optional(type.getDimSize(1)) : std::nullopt;
}

/// Fills in the data set that the model's classes ask for, and checks the two against each other.
static LogicalResult resolveData(func::FuncOp graph, ResolvedRecipe &resolved) {
  DataSpec &data = resolved.recipe.data;
  auto input = cast<RankedTensorType>(graph.getFunctionType().getInput(0));
  std::optional<int64_t> modelClasses = classesOf(graph);
  llvm::append_range(resolved.image, input.getShape().drop_front());
  bool own = data.format != DataFormat::Cifar;
  if (data.name.empty())
    data.name = modelClasses == 100 ? "cifar100" : "cifar10";
  int64_t classes = own ? data.classes : data.name == "cifar10" ? 10 : data.coarseLabels ? 20 : 100;
  resolved.classes = modelClasses.value_or(classes);
  SmallVector<int64_t> shape = data.shape.empty() ? SmallVector<int64_t>{3, 32, 32} : data.shape;
  LogicalResult result = success();
  if (classes != resolved.classes) {
    auto error = emitError(own ? data.classesLoc : resolved.recipe.dataLoc)
                 << "expects a model with " << classes << " outputs for " << data.name << ", got " << resolved.classes;
    if (!own)
      error.attachNote() << ownData(resolved);
    result = error;
  }
  if (resolved.image != shape) {
    auto error = emitError(own ? data.shapeLoc : resolved.recipe.dataLoc) << "expects a model of " << spell(shape) << " images for "
                                                                   << data.name << ", got " << spell(resolved.image);
    if (!own)
      error.attachNote() << ownData(resolved);
    result = error;
  }
  if (failed(result))
    return failure();
  if (llvm::is_contained(resolved.recipe.evaluate.views, View::MirrorTranslate) && std::min(shape[1], shape[2]) < 2)
    return emitError(resolved.recipe.dataLoc) << "expects images of at least 2x2 for the view mirror_translate, got "
                                              << spell(shape);
  if (own && data.mean.empty()) {
    data.mean.assign(shape[0], Decimal(5, -1));
    data.deviation.assign(shape[0], Decimal(5, -1));
  }
  if (data.mean.empty()) {
    bool ten = data.name == "cifar10";
    data.mean = ten ? SmallVector<Decimal>{{4914, -4}, {4822, -4}, {4465, -4}}
                    : SmallVector<Decimal>{{5071, -4}, {4865, -4}, {4409, -4}};
    data.deviation = ten ? SmallVector<Decimal>{{2470, -4}, {2435, -4}, {2616, -4}}
                         : SmallVector<Decimal>{{2673, -4}, {2564, -4}, {2762, -4}};
  }
  return success();
}

/// The numbers of steps.
static LogicalResult resolveLength(ResolvedRecipe &resolved) {
  Recipe &recipe = resolved.recipe;
  resolved.images = recipe.data.subset ? recipe.data.subset : recipe.data.trainImages - recipe.data.validationImages;
  int64_t full = resolved.images / recipe.batchSize, rest = resolved.images % recipe.batchSize;
  resolved.stepsPerEpoch = full + (rest != 0 && !recipe.dropLast);
  resolved.lastBatch = rest != 0 && !recipe.dropLast ? rest : recipe.batchSize;
  if (resolved.stepsPerEpoch == 0)
    return emitError(recipe.stepsLoc) << "expects at least one step per epoch: " << resolved.images
                                      << " images make no batch of " << recipe.batchSize << " with drop_last";
  std::optional<int64_t> total =
      recipe.steps ? recipe.steps : recipe.epochs.ceilOfProduct(resolved.stepsPerEpoch);
  if (!total || *total > maximalSteps)
    return emitError(recipe.stepsLoc) << "expects at most " << maximalSteps << " steps, got "
                                      << (total ? std::to_string(*total) : "more");
  resolved.totalSteps = *total;
  if (recipe.averaging.kind == AveragingSpec::Kind::Ema) {
    std::optional<int64_t> from = recipe.averaging.from.toStep(resolved.totalSteps, resolved.stepsPerEpoch);
    if (!from)
      return emitError(recipe.averagingLoc) << "expects a start of averaging within the " << resolved.totalSteps
                                            << " steps, got " << recipe.averaging.from.str();
    resolved.averagingFrom = *from;
  }
  return success();
}

/// True when every value of the tensor is `number`.
static bool isUniform(nn::WeightOp weight, double number) {
  if (auto dense = dyn_cast<DenseElementsAttr>(weight.getValue())) {
    auto values = dense.getValues<APFloat>();
    return llvm::all_of(values, [&](const APFloat &value) { return value.isExactlyValue(number); });
  }
  auto matches = [&](auto values) { return values && llvm::all_of(*values, [&](auto value) { return value == number; }); };
  if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(weight.getValue()))
    return matches(resource.tryGetAsArrayRef());
  if (auto resource = dyn_cast<DenseF64ResourceElementsAttr>(weight.getValue()))
    return matches(resource.tryGetAsArrayRef());
  return false;
}

/// A norm scale that stays 1, a norm bias that stays 0.
static std::optional<double> findFixedValue(const ResolvedTensor &tensor) {
  if (tensor.freezeStep != 0 || (tensor.kind != "norm.scale" && tensor.kind != "norm.bias"))
    return std::nullopt;
  double neutral = tensor.kind == "norm.scale" ? 1 : 0;
  InitSpec::Kind kind = tensor.init.kind;
  bool fixed = kind == InitSpec::Kind::Keep ? isUniform(tensor.weight, neutral)
                                            : kind == (neutral == 1 ? InitSpec::Kind::Ones : InitSpec::Kind::Zeros);
  return fixed ? std::optional<double>(neutral) : std::nullopt;
}

/// Initial values that the shape of a tensor does not allow.
static LogicalResult checkInit(const ResolvedTensor &tensor, ArrayRef<int64_t> image) {
  auto type = cast<RankedTensorType>(tensor.weight.getType());
  auto refuse = [&](const Twine &expectation) -> LogicalResult {
    auto diagnostic = emitError(tensor.init.loc) << "init " << stringify(tensor.init.kind) << " expects " << expectation;
    diagnostic.attachNote(tensor.weight.getLoc()) << "tensor '" << tensor.name << "' has type " << type;
    return diagnostic;
  };
  if (tensor.init.kind == InitSpec::Kind::Dirac && type.getRank() != 4)
    return refuse("a convolution's weight");
  if (tensor.init.kind == InitSpec::Kind::PatchWhitening &&
      (type.getRank() != 4 || type.getDimSize(0) != 2 * type.getDimSize(1) * type.getDimSize(2) * type.getDimSize(3)))
    return refuse("2*C*R*S filters of shape C x R x S");
  if (tensor.init.kind == InitSpec::Kind::PatchWhitening &&
      (type.getDimSize(1) != image[0] || type.getDimSize(2) > image[1] || type.getDimSize(3) > image[2]))
    return refuse("filters for patches of " + spell(image) + " images");
  return success();
}

/// Whether the loss stands where the recipe says, and what the evaluation can then tell.
static LogicalResult checkLossOfModel(const ResolvedRecipe &resolved) {
  const Recipe &recipe = resolved.recipe;
  bool inside = recipe.loss.kind == LossSpec::Kind::Model;
  if (inside != resolved.signature.loss.has_value())
    return emitError(recipe.loss.loc) << (inside ? "expects a model with an output of the loss, one number, for loss 'model', got none"
                                                 : "expects loss 'model' for a model with an output of the loss");
  if (inside && recipe.evaluate.views != ArrayRef(View::Plain))
    return emitError(recipe.loss.loc) << "expects views: [plain] with loss 'model', which knows no loss of averaged logits";
  if (recipe.target && !resolved.signature.logits)
    return emitError(recipe.loss.loc) << "expects a model with an output of logits for a target: without them there is no accuracy";
  return success();
}

/// What of the loss depends on the classes.
static LogicalResult checkLoss(const ResolvedRecipe &resolved) {
  const LossSpec &loss = resolved.recipe.loss;
  if (!loss.classWeights.empty() && static_cast<int64_t>(loss.classWeights.size()) != resolved.classes)
    return emitError(loss.classWeightsLoc) << "expects a weight for each of the " << resolved.classes << " classes, got "
                                           << loss.classWeights.size();
  if (llvm::all_of(loss.classWeights, [](const Decimal &weight) { return weight.isZero(); }) && !loss.classWeights.empty())
    return emitError(loss.classWeightsLoc) << "expects a weight above 0";
  if (loss.ignoreIndex.value_or(0) >= resolved.classes)
    return emitError(loss.ignoreLoc) << "expects one of the " << resolved.classes << " classes, got " << *loss.ignoreIndex;
  return success();
}

FailureOr<ResolvedRecipe> tally::resolveRecipe(ModuleOp module, const Recipe &recipe) {
  FailureOr<func::FuncOp> graph = findTrainingGraph(module);
  if (failed(graph))
    return failure();
  ResolvedRecipe resolved(recipe);
  resolved.signature = signatureOf(*graph);
  if (failed(checkLossOfModel(resolved)))
    return failure();
  if (recipe.loss.kind == LossSpec::Kind::CrossEntropy || recipe.loss.kind == LossSpec::Kind::BinaryCrossEntropy)
    warnOfLastActivation(*graph, recipe.loss.kind);
  if (failed(resolveData(*graph, resolved)) || failed(checkLoss(resolved)) || failed(resolveLength(resolved)) ||
      failed(checkSchedule(recipe.schedule, recipe.stepsLoc, resolved)))
    return failure();
  if (recipe.averaging.kind == AveragingSpec::Kind::Lookahead && recipe.averaging.every > resolved.totalSteps)
    return emitError(recipe.averagingLoc) << "expects averaging within the " << resolved.totalSteps << " steps", failure();
  GroupMatcher matcher(resolved);
  if (failed(matcher.compile()))
    return failure();
  LogicalResult result = success();
  graph->walk([&](nn::WeightOp weight) {
    ResolvedTensor tensor(weight);
    tensor.name = weight.getName().str();
    tensor.kind = weight.getKind().str();
    tensor.statistic = tensor.kind == "norm.mean" || tensor.kind == "norm.variance";
    if (failed(matcher.resolve(tensor)) || failed(checkInit(tensor, resolved.image)))
      result = failure();
    tensor.fixedValue = findFixedValue(tensor);
    resolved.tensors.push_back(std::move(tensor));
  });
  if (failed(result) || failed(matcher.checkAllMatched()))
    return failure();
  if (llvm::all_of(resolved.tensors, [](const ResolvedTensor &tensor) { return tensor.statistic || tensor.freezeStep == 0; }))
    return emitError(recipe.loc) << "expects at least one tensor that is trained", failure();
  return resolved;
}
