// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loss of a batch.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

static Value buildCrossEntropy(BodyBuilder &body, const LossSpec &loss, Value logits, Value labels, nn::Reduction reduction) {
  return body.create<nn::CrossEntropyOp>(logits, labels, APFloat(loss.labelSmoothing.toDouble()), reduction);
}

namespace {
/// How a loss is built.
struct LossRow {
  LossSpec::Kind kind;
  Value (*build)(BodyBuilder &body, const LossSpec &loss, Value logits, Value labels, nn::Reduction reduction);
};
} // namespace

static constexpr LossRow rows[] = {{LossSpec::Kind::CrossEntropy, buildCrossEntropy}};

FailureOr<Value> tally::buildLoss(BodyBuilder &body, const LossSpec &loss, Value logits, Value labels, bool sum) {
  for (const LossRow &row : rows)
    if (row.kind == loss.kind)
      return row.build(body, loss, logits, labels, sum ? nn::Reduction::Sum : nn::Reduction::Mean);
  return FailureOr<Value>(emitError(body.program.resolved.recipe.loc) << "loss '" << stringify(loss.kind)
                                                                      << "' is not supported yet");
}
