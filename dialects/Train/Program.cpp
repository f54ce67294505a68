// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of a program.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

static ParseResult parseBodies(OpAsmParser &parser, ArrayAttr &bodies, DenseI64ArrayAttr &times) {
  SmallVector<Attribute> names;
  SmallVector<int64_t> numbers;
  auto parseOne = [&]() -> ParseResult {
    FlatSymbolRefAttr name;
    if (parser.parseAttribute(name) ||
        (succeeded(parser.parseOptionalKeyword("times")) ? parser.parseInteger(numbers.emplace_back())
                                                         : ParseResult((numbers.push_back(1), success()))))
      return failure();
    names.push_back(name);
    return success();
  };
  if (parser.parseCommaSeparatedList(parseOne))
    return failure();
  bodies = parser.getBuilder().getArrayAttr(names);
  times = parser.getBuilder().getDenseI64ArrayAttr(numbers);
  return success();
}

static void printBodies(OpAsmPrinter &printer, SegmentOp, ArrayAttr bodies, DenseI64ArrayAttr times) {
  llvm::interleaveComma(llvm::zip(bodies, times.asArrayRef()), printer, [&](auto run) {
    printer << std::get<0>(run);
    if (std::get<1>(run) != 1)
      printer << " times " << std::get<1>(run);
  });
}

#define GET_OP_CLASSES
#include "dialects/Train/Program.cpp.inc"

Phase InitializeOp::getPhase() { return Phase::Initialization; }
Count InitializeOp::getExecutions() { return 1; }

Phase StepOp::getPhase() { return Phase::Forward; }
Count StepOp::getExecutions() {
  Count executions;
  for (auto segment : (*this)->getBlock()->getOps<SegmentOp>())
    for (auto [body, times] : segment.getRuns())
      if (body.getAttr() == getSymNameAttr())
        executions += Count(static_cast<int64_t>(segment.getSteps())) * Count(times);
  return executions;
}

static StepOp findStep(SegmentOp segment, FlatSymbolRefAttr name) {
  return dyn_cast_or_null<StepOp>(SymbolTable::lookupSymbolIn(segment->getParentOp(), name));
}

Count SegmentOp::getSamples() {
  Count samples;
  for (auto [body, times] : getRuns())
    if (StepOp step = findStep(*this, body))
      samples += Count(static_cast<int64_t>(step.getBatch())) * Count(times);
  return samples;
}

int64_t SegmentOp::getImageSize() {
  for (auto body : getBodies().getAsRange<FlatSymbolRefAttr>())
    if (StepOp step = findStep(*this, body); step && step.getImage())
      return *step.getImage();
  return 0;
}

LogicalResult SegmentOp::verify() {
  if (getBodies().empty() || getBodies().size() != getTimes().size() ||
      llvm::any_of(getTimes(), [](int64_t times) { return times < 1; })) // C1
    return emitOpError("requires a positive number of times for each of its bodies, got ")
           << getBodies().size() << " bodies and times " << getTimes();
  return success();
}

Phase EveryOp::getPhase() { return getWhen() == When::Before ? Phase::Data : Phase::Averaging; }
Count EveryOp::getExecutions() { return static_cast<int64_t>(getTrips()); }

Phase EvaluateOp::getPhase() { return Phase::Evaluation; }
Count EvaluateOp::getExecutions() { return Count(static_cast<int64_t>(getBatches())) * Count(static_cast<int64_t>(getEvaluations())); }
