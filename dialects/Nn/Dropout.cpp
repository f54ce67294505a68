// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, gradients and training form of dropout.
#include "dialects/Nn/Nn.h"
#include "dialects/Nn/ScalarBuilder.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Dropout.cpp.inc"

/// C1
static LogicalResult checkRatio(std::optional<Location> loc, const APFloat &value) {
  double ratio = value.convertToDouble();
  if (!(ratio >= 0 && ratio < 1))
    return emitOptionalError(loc, "requires ratio in [0, 1), got ", ratio);
  return success();
}

// dropout

LogicalResult DropoutOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  types.push_back(adaptor.getX().getType());
  return checkRatio(loc, adaptor.getRatio());
}

OpFoldResult DropoutOp::fold(FoldAdaptor) { return getX(); }

LogicalResult DropoutOp::buildGradient(GradientBuilder &gradients) {
  gradients.accumulate(getX(), gradients.of(getY()));
  return success();
}

LogicalResult DropoutOp::buildTrainingForm(TrainingFormBuilder &form) {
  Value u = form.uniform(cast<RankedTensorType>(getX().getType()));
  form.replace(getY(), form.create<DropoutTrainingOp>(getX(), u, getRatioAttr()));
  return success();
}

// dropout_training

LogicalResult DropoutTrainingOp::verify() {
  if (getX().getType() != getU().getType()) // C2
    return emitOpError("expects u of the type of x ") << getX().getType() << " (got " << getU().getType() << ")";
  return checkRatio(getLoc(), getRatio());
}

// y = u >= ratio ? x * (1/(1 - ratio)) : 0
Value DropoutTrainingOp::buildScalarBody(OpBuilder &builder, Location loc, ValueRange in) {
  ScalarBuilder b(builder, loc, in[0].getType());
  double ratio = getRatio().convertToDouble();
  Value kept = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, in[1], b.constant(ratio));
  return b.select(kept, b.mul(in[0], b.constant(1 / (1 - ratio))), b.constant(0));
}

LogicalResult DropoutTrainingOp::buildGradient(GradientBuilder &gradients) {
  if (gradients.needs(getX()))
    gradients.accumulate(getX(), gradients.create<DropoutTrainingOp>(gradients.of(getY()), getU(), getRatioAttr()));
  return success();
}
