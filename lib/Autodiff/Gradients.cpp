// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks backwards and asks each op for its gradient.
#include "dialects/Nn/Nn.h"
#include "llvm/ADT/DenseSet.h"
#include "mlir/IR/TypeUtilities.h"
#include "tally/Autodiff/Differentiate.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;

namespace {
/// The gradients of one request, collected backwards.
class Gradients : public GradientBuilder {
public:
  using GradientBuilder::GradientBuilder;

  bool needs(Value operand) const override { return active.contains(operand); }
  Value of(Value result) const override { return collected.lookup(result); }
  void accumulate(Value operand, Value gradient) override {
    if (gradient.getType() != operand.getType()) {
      emitError(loc, "the gradient is of type ") << gradient.getType() << ", the operand of type " << operand.getType();
      wrong = true;
      return;
    }
    Value &sum = collected[operand];
    sum = sum ? create<nn::AddOp>(sum, gradient).getResult() : gradient;
  }

  llvm::DenseSet<Value> active; ///< the values that depend on a wanted parameter
  bool wrong = false;

private:
  llvm::DenseMap<Value, Value> collected;
};
} // namespace

Location tally::gradientLocation(Location forward) {
  return phaseOf(forward) == Phase::Loss ? forward : withPhase(forward, Phase::Backward);
}

/// The ops on the way from a parameter, in order; marks what they compute as active.
static SmallVector<Operation *> findPath(OpBuilder &builder, Gradients &gradients) {
  SmallVector<Operation *> path;
  for (Operation &op : llvm::make_range(builder.getBlock()->begin(), builder.getInsertionPoint())) {
    if (op.hasTrait<NoGradient>() || llvm::none_of(op.getOperands(), [&](Value v) { return gradients.needs(v); }))
      continue;
    path.push_back(&op);
    for (Value result : op.getResults())
      if (isa<FloatType>(getElementTypeOrSelf(result.getType())))
        gradients.active.insert(result);
  }
  return path;
}

FailureOr<SmallVector<Value>> tally::differentiate(OpBuilder &builder, const GradientRequest &request,
                                                   int64_t &differentiated) {
  Gradients gradients(builder, gradientLocation(request.loc));
  gradients.active.insert_range(request.parameters);
  SmallVector<Operation *> path = findPath(builder, gradients);
  for (auto [output, seed] : llvm::zip_equal(request.outputs, request.seeds))
    if (gradients.needs(output))
      gradients.accumulate(output, seed);

  for (Operation *op : llvm::reverse(path)) {
    if (llvm::none_of(op->getResults(), [&](Value result) { return gradients.of(result); }))
      continue;
    auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
    if (!differentiable) {
      InFlightDiagnostic error = op->emitOpError("has no gradient, but the loss depends on a trained value through it");
      error.attachNote(request.loc) << "gradients are asked for here";
      return error;
    }
    gradients.loc = gradientLocation(op->getLoc());
    if (failed(differentiable.buildGradient(gradients)))
      return failure();
    if (gradients.wrong)
      return op->emitOpError("built a gradient of a wrong type");
    ++differentiated;
  }

  SmallVector<Value> result;
  for (Value parameter : request.parameters) {
    Value gradient = gradients.of(parameter);
    if (!gradient) {
      auto type = cast<RankedTensorType>(parameter.getType());
      Attribute zero = builder.getFloatAttr(type.getElementType(), 0);
      gradient = nn::ConstantOp::create(builder, gradientLocation(request.loc), type, DenseElementsAttr::get(type, zero));
    }
    result.push_back(gradient);
  }
  return result;
}
