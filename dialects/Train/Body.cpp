// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of a body.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

/// @w, @b, %dw, %db
static ParseResult parseUpdate(OpAsmParser &parser, ArrayAttr &parameters,
                               SmallVectorImpl<OpAsmParser::UnresolvedOperand> &gradients) {
  SmallVector<Attribute> names;
  OpAsmParser::UnresolvedOperand first;
  OptionalParseResult operand;
  while (operand = parser.parseOptionalOperand(first), !operand.has_value()) {
    FlatSymbolRefAttr name;
    if (parser.parseAttribute(name) || parser.parseComma())
      return failure();
    names.push_back(name);
  }
  parameters = parser.getBuilder().getArrayAttr(names);
  gradients.push_back(first);
  while (succeeded(*operand) && succeeded(parser.parseOptionalComma()))
    operand = parser.parseOperand(gradients.emplace_back());
  return *operand;
}

static void printUpdate(OpAsmPrinter &printer, UpdateOp, ArrayAttr parameters, OperandRange gradients) {
  llvm::interleaveComma(parameters, printer);
  printer << ", " << gradients;
}

#define GET_OP_CLASSES
#include "dialects/Train/Body.cpp.inc"

StringRef UpdateOp::getRuntimeFunction() { return getThrough().value_or(StringRef()); }

LogicalResult UpdateOp::verify() {
  if (getGradients().empty() || getParameters().size() != getGradients().size()) // C1
    return emitOpError("requires a gradient for each parameter, got ")
           << getParameters().size() << " parameters and " << getGradients().size() << " gradients";
  return success();
}
