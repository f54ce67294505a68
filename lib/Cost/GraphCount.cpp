// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The price of an op of the graph or training level, from its facts.
#include "tally/Cost/BodyCount.h"

using namespace mlir;
using namespace tally;

FailureOr<OpCount> tally::countGraphOp(Operation *op, const CostProfile &profile) {
  auto priced = dyn_cast<CostOpInterface>(op);
  if (!priced && !op->hasTrait<ZeroCost>() && !op->hasTrait<OpTrait::IsTerminator>())
    return op->emitOpError("has no cost: it has neither CostOpInterface nor the trait ZeroCost");
  OpCount count;
  for (const CostTerm &term : priced ? priced.getCost() : SmallVector<CostTerm>()) {
    if (term.form == CostTerm::Form::Unknown)
      return op->emitOpError("cannot be counted: its scalar body has '") << term.operation << "', which the counting rules do not know";
    profile.add(term, count);
  }
  return count;
}
