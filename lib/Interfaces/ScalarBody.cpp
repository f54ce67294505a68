// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cost of an elementwise op, counted from its scalar body.
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"
#include "tally/Interfaces/ScalarBodyOpInterface.h"
#include "tally/Support/ScalarOperation.h"

using namespace mlir;

SmallVector<tally::CostTerm> tally::costOfScalars(Block &scalars, Count times) {
  SmallVector<CostTerm> terms;
  for (Operation &scalar : scalars) {
    FailureOr<std::optional<ScalarOperation>> operation = classifyScalarOperation(&scalar);
    if (failed(operation))
      terms.push_back(CostTerm::unknown(scalar.getName().getStringRef()));
    else if (*operation)
      terms.push_back(CostTerm::body((*operation)->kind, (*operation)->type, times));
  }
  return terms;
}

SmallVector<tally::CostTerm> tally::costOfScalarBody(Operation *op) {
  Block block;
  SmallVector<Value> scalars;
  for (Value operand : op->getOperands())
    scalars.push_back(block.addArgument(getElementTypeOrSelf(operand.getType()), op->getLoc()));
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&block);
  cast<ScalarBodyOpInterface>(op).buildScalarBody(builder, op->getLoc(), scalars);

  Count elements = 1;
  for (int64_t size : cast<ShapedType>(op->getResult(0).getType()).getShape())
    elements *= size;
  return costOfScalars(block, elements);
}
