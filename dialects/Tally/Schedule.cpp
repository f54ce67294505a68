// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The schedule of an op.
#include "dialects/Tally/Tally.h"

using namespace mlir;
using namespace tally;

FailureOr<SmallVector<LoopSteps>> tally::parseLoopSteps(AsmParser &parser) {
  SmallVector<LoopSteps> list;
  auto parseOne = [&]() -> ParseResult {
    LoopSteps &next = list.emplace_back();
    return failure(parser.parseInteger(next.loop) || parser.parseKeyword("by") || parser.parseInteger(next.steps));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  return list;
}

void tally::printLoopSteps(AsmPrinter &printer, ArrayRef<LoopSteps> list) {
  printer << '[';
  llvm::interleaveComma(list, printer, [&](const LoopSteps &each) { printer << each.loop << " by " << each.steps; });
  printer << ']';
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t, int64_t lanes, int64_t vectors,
                                   ArrayRef<LoopSteps> unroll, ArrayRef<LoopSteps> blocks, int64_t) {
  auto isPositive = [](const LoopSteps &each) { return each.steps >= 1; };
  if (lanes < 1 || vectors < 1 || !llvm::all_of(unroll, isPositive) || !llvm::all_of(blocks, isPositive))
    return emitError() << "requires positive lanes, vectors and steps"; // C1
  return success();
}
