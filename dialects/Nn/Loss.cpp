// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and costs of losses and measures.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/Window.h"
#include "mlir/IR/Matchers.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Loss.cpp.inc"

/// The type of the logits, when labels go with them (C1).
static FailureOr<RankedTensorType> checkSamples(std::optional<Location> loc, Value logits, Value labels) {
  auto type = floatTensorOfRank(loc, logits, "logits", 2);
  if (failed(type))
    return failure();
  auto expected = RankedTensorType::get(type->getDimSize(0), IndexType::get(type->getContext()));
  if (labels.getType() != expected)
    return emitOptionalError(loc, "expects labels of type ", expected, " (got ", labels.getType(), ")");
  return type;
}

static LogicalResult checkSmoothing(std::optional<Location> loc, const APFloat &smoothing) {
  double e = smoothing.convertToDouble();
  if (!(e >= 0 && e < 1)) // C2
    return emitOptionalError(loc, "requires label_smoothing in [0, 1), got ", e);
  return success();
}

static RankedTensorType scalarOf(RankedTensorType type) { return RankedTensorType::get({}, type.getElementType()); }

namespace {
/// Collects the price of operations on N samples of L logits.
struct SampleCost {
  explicit SampleCost(Value logits) : type(cast<RankedTensorType>(logits.getType())) {}
  int64_t samples() const { return type.getDimSize(0); }
  int64_t elements() const { return type.getNumElements(); }
  void body(OperationKind kind, Count number) {
    terms.push_back(CostTerm::body(kind, type.getElementType(), number));
  }
  /// A reduction of the logits of each sample.
  void reduce(OperationKind kind) {
    terms.push_back(CostTerm::sum(type.getElementType(), elements(), samples(), kind));
  }
  /// max z; z - max z; exp; sum.
  void exponentials() {
    reduce(OperationKind::Maximum);
    body(OperationKind::Subtract, elements());
    body(OperationKind::Exponential, elements());
    reduce(OperationKind::Add);
  }
  /// A sum over the samples.
  void total() { terms.push_back(CostTerm::sum(type.getElementType(), samples(), samples() ? 1 : 0)); }

  RankedTensorType type;
  SmallVector<CostTerm> terms;
};
} // namespace

// cross_entropy

LogicalResult CrossEntropyOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  auto type = checkSamples(loc, adaptor.getLogits(), adaptor.getLabels());
  if (failed(type) || failed(checkSmoothing(loc, adaptor.getLabelSmoothing())))
    return failure();
  types.push_back(scalarOf(*type));
  return success();
}

/// The gradient belongs to phase loss: it is what the loss is there for.
LogicalResult CrossEntropyOp::buildGradient(GradientBuilder &gradients) {
  Location loc = withPhase(gradients.loc, Phase::Loss);
  Value dlogits = CrossEntropyGradOp::create(gradients.builder, loc, getLogits(), getLabels(), getLabelSmoothingAttr(),
                                             getReductionAttr());
  Value seed = gradients.of(getLoss());
  DenseFPElementsAttr value;
  bool one =
      matchPattern(seed, m_Constant(&value)) && value.isSplat() && value.getSplatValue<APFloat>().isExactlyValue(1.0);
  gradients.accumulate(getLogits(), one ? dlogits : MulOp::create(gradients.builder, loc, dlogits, seed).getResult());
  return success();
}

SmallVector<CostTerm> CrossEntropyOp::getCost() {
  SampleCost cost(getLogits());
  bool smooth = !getLabelSmoothing().isZero();
  cost.exponentials();
  cost.body(OperationKind::Logarithm, cost.samples());
  cost.body(OperationKind::Subtract, cost.samples() * (smooth ? 2 : 1));
  if (smooth) {
    cost.reduce(OperationKind::Add);
    cost.body(OperationKind::Multiply, 2 * cost.samples());
  }
  cost.total();
  if (getReduction() == Reduction::Mean)
    cost.body(OperationKind::Multiply, 1);
  return cost.terms;
}

// cross_entropy_grad

LogicalResult CrossEntropyGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                                   SmallVectorImpl<Type> &types) {
  auto type = checkSamples(loc, adaptor.getLogits(), adaptor.getLabels());
  if (failed(type) || failed(checkSmoothing(loc, adaptor.getLabelSmoothing())))
    return failure();
  types.push_back(*type);
  return success();
}

SmallVector<CostTerm> CrossEntropyGradOp::getCost() {
  SampleCost cost(getLogits());
  cost.exponentials();
  cost.body(OperationKind::Divide, cost.samples());
  cost.body(OperationKind::Multiply, cost.elements());
  if (!getLabelSmoothing().isZero())
    cost.body(OperationKind::Subtract, cost.elements());
  cost.body(OperationKind::Subtract, cost.samples());
  return cost.terms;
}

// count_correct

LogicalResult CountCorrectOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  auto type = checkSamples(loc, adaptor.getLogits(), adaptor.getLabels());
  if (failed(type))
    return failure();
  types.push_back(scalarOf(*type));
  return success();
}

SmallVector<CostTerm> CountCorrectOp::getCost() {
  SampleCost cost(getLogits());
  cost.reduce(OperationKind::Compare);
  cost.reduce(OperationKind::Select);
  cost.body(OperationKind::Select, cost.samples());
  cost.total();
  return cost.terms;
}
