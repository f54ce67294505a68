// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loss of a batch.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

Value tally::buildLoss(BodyBuilder &body, const LossSpec &loss, Value logits, Value labels, bool sum) {
  auto reduction = sum ? nn::Reduction::Sum : nn::Reduction::Mean;
  return body.create<nn::CrossEntropyOp>(logits, labels, APFloat(loss.labelSmoothing.toDouble()), reduction);
}
