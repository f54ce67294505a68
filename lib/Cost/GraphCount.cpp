// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The price of an op of the graph or training level, from its facts.
#include "tally/Cost/BodyCount.h"

using namespace mlir;
using namespace tally;

OpCount tally::countTerms(ArrayRef<CostTerm> terms) {
  OpCount count;
  for (const CostTerm &term : terms) {
    switch (term.form) {
    case CostTerm::Form::Body:
      count.add(term.kind, term.type, term.terms);
      break;
    case CostTerm::Form::Sum:
      count.add(term.kind, term.type, Count(term.terms) - Count(term.results));
      break;
    case CostTerm::Form::Product:
      count.add(OperationKind::Multiply, term.type, term.terms);
      count.add(OperationKind::Add, term.type, Count(term.terms) - Count(term.results));
      break;
    }
  }
  return count;
}

FailureOr<OpCount> tally::countGraphOp(Operation *op) {
  if (auto priced = dyn_cast<CostOpInterface>(op))
    return countTerms(priced.getCost());
  if (op->hasTrait<ZeroCost>() || op->hasTrait<OpTrait::IsTerminator>())
    return OpCount();
  return op->emitOpError("has no cost: it has neither CostOpInterface nor the trait ZeroCost");
}
