// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Limits on the gradients of an update.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

/// g = min(max(g, -limit), limit), number by number.
static Value clipValue(BodyBuilder &body, Value gradient, double limit) {
  Builder &builder = body.builder;
  FloatAttr least = builder.getF64FloatAttr(-limit), most = builder.getF64FloatAttr(limit);
  return body.create<nn::ClipOp>(gradient, least, most);
}

/// The sum of the squares of a tensor.
static Value sumOfSquares(BodyBuilder &body, Value x) {
  Value squares = body.create<nn::MulOp>(x, x);
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  return rank == 0 ? squares : body.create<nn::ReduceSumOp>(squares, llvm::to_vector(llvm::seq<int64_t>(rank))).getResult();
}

/// c = min(1, limit / (norm + 1e-6)) with the 2-norm of all gradients as one vector; g = g * c, as clip_grad_norm_ of PyTorch.
static void clipNorm(BodyBuilder &body, ArrayRef<const ResolvedTensor *> tensors, MutableArrayRef<Value> gradients, double limit) {
  Value sum;
  for (auto [tensor, gradient] : llvm::zip_equal(tensors, gradients)) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    Value squares = sumOfSquares(body, gradient);
    sum = sum ? body.create<nn::AddOp>(sum, squares).getResult() : squares;
  }
  body.enter(Phase::Optimizer, "clip");
  Value norm = body.create<nn::SqrtOp>(sum);
  Value divisor = body.create<nn::AddOp>(norm, body.constant(1e-6));
  Value most = body.constant(limit);
  Value ratio = body.create<nn::DivOp>(most, divisor);
  Value one = body.constant(1);
  Value factor = body.create<nn::MinimumOp>(ratio, one);
  for (auto [tensor, gradient] : llvm::zip_equal(tensors, gradients)) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    gradient = body.create<nn::MulOp>(gradient, factor);
  }
}

void tally::clipGradients(BodyBuilder &body, ArrayRef<const ResolvedTensor *> tensors, MutableArrayRef<Value> gradients) {
  const ClipSpec &clip = body.program.resolved.recipe.clip;
  double limit = clip.limit.toDouble();
  if (clip.kind == ClipSpec::Kind::Norm && !gradients.empty())
    clipNorm(body, tensors, gradients, limit);
  if (clip.kind != ClipSpec::Kind::Value)
    return;
  for (auto [tensor, gradient] : llvm::zip_equal(tensors, gradients)) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    gradient = clipValue(body, gradient, limit);
  }
}
