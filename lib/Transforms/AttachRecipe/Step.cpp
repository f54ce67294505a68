// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The steps: one body for each batch size and each set of tensors that are trained, and the table of when they run.
#include "ProgramBuilder.h"
#include "llvm/ADT/BitVector.h"
#include <map>

using namespace mlir;
using namespace tally;

/// One step with `batch` samples that changes the tensors of `trained`.
static LogicalResult buildStep(ProgramBuilder &program, StringRef name, int64_t size, const llvm::BitVector &trained) {
  const ResolvedRecipe &resolved = program.resolved;
  auto op = train::StepOp::create(program.builder, program.locate(name), name, size,
                                  program.builder.getI64IntegerAttr(resolved.image[1]));
  BodyBuilder body(program, op);
  Batch batch = drawBatch(body, size);
  Value step = body.read("step");
  SmallVector<Value> weights = readWeights(body, Phase::Forward, /*averaged=*/false);
  body.enter(Phase::Forward, "graph");
  FailureOr<Value> logits = cloneGraph(body, batch, weights, &trained);
  if (failed(logits))
    return failure();

  body.enter(Phase::Loss, "loss");
  FailureOr<Value> value = buildLoss(body, resolved.recipe.loss, *logits, batch.labels, resolved.recipe.loss.sum);
  if (failed(value))
    return failure();
  SmallVector<Value> wanted;
  SmallVector<const ResolvedTensor *> tensors;
  for (auto [index, tensor] : llvm::enumerate(resolved.tensors))
    if (trained[index] && !tensor.statistic) {
      wanted.push_back(weights[index]);
      tensors.push_back(&tensor);
    }
  body.enter(Phase::Backward, "gradient");
  auto gradient = body.create<train::GradientOp>(TypeRange(ValueRange(wanted)), *value, wanted);
  for (auto [tensor, dp] : llvm::zip_equal(tensors, gradient.getGradients())) {
    body.enter(Phase::Optimizer, tensor->weight.getLoc());
    auto update = body.create<train::UpdateOp>(dp.getType(), body.builder.getArrayAttr(FlatSymbolRefAttr::get(body.builder.getContext(), tensor->name)), dp, StringAttr());
    if (failed(buildUpdate(body, *tensor, update.getResult(0), step)))
      return failure();
  }

  body.enter(Phase::Monitoring, "log");
  body.write("log.loss", *value);
  body.write("log.lr", body.lookup(program.addRates(resolved.recipe.optimizer.lr.toDouble(), resolved.recipe.schedule), step));
  body.enter(Phase::Data, "batch");
  body.write("step", body.position({}, body.dim(0) + 1, step));
  return success();
}

/// Which tensors step `step` changes.
static llvm::BitVector trainedAt(const ResolvedRecipe &resolved, int64_t step) {
  llvm::BitVector trained(resolved.tensors.size());
  for (auto [index, tensor] : llvm::enumerate(resolved.tensors))
    trained[index] = step < tensor.freezeStep;
  return trained;
}

LogicalResult tally::buildSteps(ProgramBuilder &program) {
  const ResolvedRecipe &resolved = program.resolved;
  // Steps at which a new set of tensors is trained.
  std::vector<int64_t> starts = {0};
  for (const ResolvedTensor &tensor : resolved.tensors)
    if (tensor.freezeStep < resolved.totalSteps && !tensor.fixedValue)
      starts.push_back(tensor.freezeStep);
  llvm::sort(starts);
  starts.erase(llvm::unique(starts), starts.end());

  struct Row {
    int64_t first, steps;
    std::string body;
  };
  std::vector<Row> rows;
  std::map<std::pair<int64_t, int64_t>, std::string> bodies; // (start of the set, batch) -> name
  auto append = [&](int64_t first, int64_t end, int64_t start, int64_t size) -> LogicalResult {
    if (first >= end)
      return success();
    std::string &name = bodies[{start, size}];
    if (name.empty()) {
      name = "step." + std::to_string(bodies.size() - 1);
      if (failed(buildStep(program, name, size, trainedAt(resolved, start))))
        return failure();
    }
    if (!rows.empty() && rows.back().body == name)
      rows.back().steps += end - first;
    else
      rows.push_back({first, end - first, name});
    return success();
  };
  bool partial = resolved.lastBatch != resolved.recipe.batchSize;
  for (auto [index, start] : llvm::enumerate(starts)) {
    int64_t end = index + 1 < starts.size() ? starts[index + 1] : resolved.totalSteps;
    for (int64_t at = start; at < end;) {
      int64_t epochEnd = (at / resolved.stepsPerEpoch + 1) * resolved.stepsPerEpoch;
      int64_t fullEnd = partial ? std::min(end, epochEnd - 1) : end;
      int64_t next = partial ? std::min(end, epochEnd) : end;
      if (failed(append(at, fullEnd, start, resolved.recipe.batchSize)) ||
          failed(append(std::max(at, fullEnd), next, start, resolved.lastBatch)))
        return failure();
      at = next;
    }
  }
  for (const Row &row : rows)
    train::SegmentOp::create(program.builder, program.locate(row.body), row.first, row.steps,
                             program.builder.getArrayAttr(FlatSymbolRefAttr::get(program.builder.getContext(), row.body)),
                             ArrayRef<int64_t>{1});
  return success();
}
