// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The price of an op of the graph or training level, from its facts.
#include "tally/Cost/BodyCount.h"

using namespace mlir;
using namespace tally;

FailureOr<OpCount> tally::countGraphOp(Operation *op) {
  auto priced = dyn_cast<CostOpInterface>(op);
  if (!priced && !op->hasTrait<ZeroCost>() && !op->hasTrait<OpTrait::IsTerminator>())
    return op->emitOpError("has no cost: it has neither CostOpInterface nor the trait ZeroCost");
  OpCount count;
  for (const CostTerm &term : priced ? priced.getCost() : SmallVector<CostTerm>()) {
    switch (term.form) {
    case CostTerm::Form::Unknown:
      return op->emitOpError("cannot be counted: its scalar body has '") << term.operation << "', which the counting rules do not know";
    case CostTerm::Form::Body:
      count.add(term.kind, term.type, term.terms);
      break;
    case CostTerm::Form::Sum:
      count.add(term.kind, term.type, term.terms - term.results);
      break;
    case CostTerm::Form::Product:
      count.add(OperationKind::Multiply, term.type, term.terms);
      count.add(OperationKind::Add, term.sumType, term.terms - term.results);
      break;
    }
  }
  return count;
}
