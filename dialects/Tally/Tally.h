// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one public header of the tally dialect.
#ifndef TALLY_TALLY_TALLY_H
#define TALLY_TALLY_TALLY_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"

#include "dialects/Tally/TallyDialect.h.inc"

namespace tally {

/// So many steps of a loop.
struct LoopSteps {
  int64_t loop, steps;
  bool operator==(const LoopSteps &other) const { return loop == other.loop && steps == other.steps; }
};
inline llvm::hash_code hash_value(const LoopSteps &value) { return llvm::hash_combine(value.loop, value.steps); }

mlir::FailureOr<llvm::SmallVector<LoopSteps>> parseLoopSteps(mlir::AsmParser &parser);
void printLoopSteps(mlir::AsmPrinter &printer, llvm::ArrayRef<LoopSteps> list);

} // namespace tally

#define GET_ATTRDEF_CLASSES
#include "dialects/Tally/TallyAttributes.h.inc"

namespace tally {

/// Where a module keeps its target.
inline constexpr llvm::StringLiteral targetName = "tally.target";

/// Where an op of a kernel keeps its schedule.
inline constexpr llvm::StringLiteral scheduleName = "tally.schedule";

/// The target of the module around `op`, or the default one. A pass that asks names TallyDialect in its dependentDialects.
TargetAttr targetOf(mlir::Operation *op);

} // namespace tally

#endif
