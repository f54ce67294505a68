// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The evaluation bodies: the views of each test image, the correct answers, the loss.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

/// The samples of one execution: a divisor of all samples near the batch size, so that one body serves, else the batch size.
static int64_t evaluationBatch(int64_t samples, int64_t batch) {
  int64_t most = std::min<int64_t>({samples, batch, 1000});
  for (int64_t size = most; 2 * size > most; --size)
    if (samples % size == 0)
      return size;
  return most;
}

/// A number as a tensor of one element.
static Value asElement(BodyBuilder &body, Value number) {
  return body.create<nn::ReshapeOp>(number, ArrayRef<int64_t>{1});
}

/// Adds the numbers of the views to a metric.
static void addTo(BodyBuilder &body, StringRef variable, ArrayRef<Value> views) {
  Value all = views.size() == 1 ? views.front() : body.create<nn::ConcatOp>(views, 0).getResult();
  body.write(variable, body.create<nn::AddOp>(body.read(variable), all));
}

static LogicalResult buildBody(ProgramBuilder &program, StringRef name, int64_t size, int64_t batches) {
  const ResolvedRecipe &resolved = program.resolved;
  const Recipe &recipe = resolved.recipe;
  int64_t evaluations = llvm::divideCeil(llvm::divideCeil(resolved.totalSteps, resolved.stepsPerEpoch), recipe.evaluate.everyEpochs);
  auto op = train::EvaluateOp::create(program.builder, program.locate(name), name, size, batches, evaluations);
  BodyBuilder body(program, op);
  body.enter(Phase::Evaluation, "batch");
  Value position = body.read("eval.position");
  int64_t first = recipe.data.trainImages - (recipe.evaluate.validation ? recipe.data.validationImages : 0);
  Batch batch = loadBatch(body, body.position({size}, body.dim(0) + body.dim(1) + first, position), size);
  SmallVector<Value> weights = readWeights(body, Phase::Evaluation, /*averaged=*/true);
  ViewAnswers answers(body, batch, weights);
  SmallVector<Value> correct, losses;
  for (View view : recipe.evaluate.views) {
    FailureOr<Answer> answer = answers.of(view);
    if (failed(answer))
      return failure();
    body.enter(Phase::Evaluation, "accuracy");
    if (answer->logits)
      correct.push_back(asElement(body, body.create<nn::CountCorrectOp>(answer->logits, batch.labels)));
    body.enter(Phase::Evaluation, "loss");
    FailureOr<Value> loss = buildLoss(body, recipe.loss, *answer, batch.labels, /*sum=*/true);
    if (failed(loss))
      return failure();
    losses.push_back(asElement(body, *loss));
  }
  body.enter(Phase::Evaluation, "accuracy");
  if (!correct.empty())
    addTo(body, "eval.correct", correct);
  body.enter(Phase::Evaluation, "loss");
  addTo(body, "eval.loss", losses);
  body.enter(Phase::Evaluation, "batch");
  body.write("eval.position", body.position({}, body.dim(0) + size, position));
  return success();
}

LogicalResult tally::buildEvaluation(ProgramBuilder &program) {
  const Recipe &recipe = program.resolved.recipe;
  int64_t samples = recipe.evaluate.validation ? recipe.data.validationImages : recipe.data.testImages;
  int64_t size = evaluationBatch(samples, recipe.batchSize);
  if (failed(buildBody(program, "evaluate", size, samples / size)))
    return failure();
  return samples % size == 0 ? success() : buildBody(program, "evaluate.last", samples % size, 1);
}
