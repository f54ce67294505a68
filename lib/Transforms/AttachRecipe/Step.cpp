// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bodies of a step: one that does it all, or micro-batches that add their gradients up, and the update.
#include "ProgramBuilder.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace tally;

using Tensors = SmallVector<const ResolvedTensor *>;

namespace {
/// The loss of some images, and its gradient with respect to each trained tensor.
struct Derivative {
  Value loss;
  SmallVector<Value> gradients;
};
} // namespace

static Tensors trainedTensors(const ResolvedRecipe &resolved, const llvm::BitVector &trained) {
  Tensors tensors;
  for (auto [index, tensor] : llvm::enumerate(resolved.tensors))
    if (trained[index] && !tensor.statistic)
      tensors.push_back(&tensor);
  return tensors;
}

/// Forward and backward of `size` images, whose part of the loss of a whole batch is `share`.
static FailureOr<Derivative> buildDerivative(BodyBuilder &body, const Batch &batch, const llvm::BitVector &trained, double share) {
  const ResolvedRecipe &resolved = body.program.resolved;
  SmallVector<Value> weights = readWeights(body, Phase::Forward, /*averaged=*/false);
  body.enter(Phase::Forward, "graph");
  FailureOr<Answer> answer = cloneGraph(body, batch, weights, &trained);
  if (failed(answer))
    return failure();
  body.enter(Phase::Loss, "loss");
  bool sum = resolved.recipe.loss.sum;
  FailureOr<Value> loss = buildLoss(body, resolved.recipe.loss, *answer, batch.labels, sum);
  if (failed(loss))
    return failure();
  Value value = *loss;
  if (!sum && share != 1) {
    Value factor = body.constant(share);
    value = body.create<nn::MulOp>(value, factor);
  }
  SmallVector<Value> wanted;
  for (auto [index, tensor] : llvm::enumerate(resolved.tensors))
    if (trained[index] && !tensor.statistic)
      wanted.push_back(weights[index]);
  body.enter(Phase::Backward, "gradient");
  auto gradient = body.create<train::GradientOp>(TypeRange(ValueRange(wanted)), value, wanted);
  return Derivative{value, llvm::to_vector_of<Value>(gradient.getGradients())};
}

/// What ends a step: the optimizer changes the tensors, the step is counted; `loss` is written down where no body before has done it.
static LogicalResult finishStep(BodyBuilder &body, const Tensors &tensors, MutableArrayRef<Value> gradients, Value loss = {}) {
  ProgramBuilder &program = body.program;
  const Recipe &recipe = program.resolved.recipe;
  Value step = body.read("step");
  clipGradients(body, tensors, gradients);
  for (auto [tensor, gradient] : llvm::zip_equal(tensors, gradients)) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    auto name = body.builder.getArrayAttr(FlatSymbolRefAttr::get(body.builder.getContext(), tensor->name));
    auto update = body.create<train::UpdateOp>(gradient.getType(), name, gradient, StringAttr());
    if (failed(buildUpdate(body, *tensor, update.getResult(0), step)))
      return failure();
  }
  body.enter(Phase::Monitoring, "log");
  if (loss)
    body.write("log.loss", loss);
  body.write("log.lr", body.lookup(program.addRates(recipe.optimizer.lr.toDouble(), recipe.schedule), step));
  body.enter(Phase::Data, "batch");
  body.write("step", body.position({}, body.dim(0) + 1, step));
  return success();
}

LogicalResult tally::buildStep(ProgramBuilder &program, StringRef name, int64_t size, const llvm::BitVector &trained) {
  const ResolvedRecipe &resolved = program.resolved;
  auto op = train::StepOp::create(program.builder, program.locate(name), name, size,
                                  program.builder.getI64IntegerAttr(resolved.image[1]));
  BodyBuilder body(program, op);
  Batch batch = drawBatch(body, size);
  FailureOr<Derivative> derivative = buildDerivative(body, batch, trained, /*share=*/1);
  if (failed(derivative))
    return failure();
  return finishStep(body, trainedTensors(resolved, trained), derivative->gradients, derivative->loss);
}

LogicalResult tally::buildMicroBatch(ProgramBuilder &program, StringRef name, const MicroBatch &micro, const llvm::BitVector &trained) {
  const ResolvedRecipe &resolved = program.resolved;
  auto op = train::StepOp::create(program.builder, program.locate(name), name, micro.size,
                                  program.builder.getI64IntegerAttr(resolved.image[1]));
  BodyBuilder body(program, op);
  Batch batch = drawBatch(body, micro.size, &micro);
  FailureOr<Derivative> derivative =
      buildDerivative(body, batch, trained, static_cast<double>(micro.size) / static_cast<double>(micro.batch));
  if (failed(derivative))
    return failure();
  // The first one begins the sums, so that K gradients cost K - 1 additions.
  auto addUp = [&](StringRef variable, Value value) {
    body.write(variable, micro.first ? value : body.create<nn::AddOp>(body.read(variable), value).getResult());
  };
  for (auto [tensor, gradient] : llvm::zip_equal(trainedTensors(resolved, trained), derivative->gradients)) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    addUp(gradientSum(*tensor), gradient);
  }
  body.enter(Phase::Monitoring, "log");
  addUp("log.loss", derivative->loss);
  return success();
}

LogicalResult tally::buildAccumulatedUpdate(ProgramBuilder &program, StringRef name, int64_t size, const llvm::BitVector &trained) {
  auto op = train::StepOp::create(program.builder, program.locate(name), name, 0, IntegerAttr());
  BodyBuilder body(program, op);
  Tensors tensors = trainedTensors(program.resolved, trained);
  SmallVector<Value> gradients;
  for (const ResolvedTensor *tensor : tensors) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    gradients.push_back(body.read(gradientSum(*tensor)));
  }
  body.enter(Phase::Data, "batch");
  alignDraw(body, size);
  return finishStep(body, tensors, gradients);
}
