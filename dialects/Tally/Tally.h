// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one public header of the tally dialect.
#ifndef TALLY_TALLY_TALLY_H
#define TALLY_TALLY_TALLY_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"

#include "dialects/Tally/TallyDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Tally/TallyAttributes.h.inc"

namespace tally {

/// Where a module keeps its target.
inline constexpr llvm::StringLiteral targetName = "tally.target";

/// The target of the module around `op`, or the default one. A pass that asks names TallyDialect in its dependentDialects.
TargetAttr targetOf(mlir::Operation *op);

} // namespace tally

#endif
