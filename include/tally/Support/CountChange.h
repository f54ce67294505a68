// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a pass says that it changes what is executed.
#ifndef TALLY_SUPPORT_COUNTCHANGE_H
#define TALLY_SUPPORT_COUNTCHANGE_H

#include "mlir/IR/Operation.h"
#include "tally/Support/Attribution.h"
#include "tally/Support/OpCount.h"

namespace tally {

/// The attribute of the module that holds what passes declared, in order.
inline constexpr llvm::StringLiteral countChangesName = "tally.count_changes";

/// Says that the running pass changes the operations of one execution of the body (function, or body of a program) around `op` by
/// `surplus - avoided`, for `reason` ("zero-started accumulator", "padding taps", ...). They are charged to the phase and layer of
/// the location of `op`: give the scalar op that is executed more or less often. For passes on a module: it writes an attribute there.
void declareCountChange(mlir::Operation *op, llvm::StringRef reason, const OpCount &surplus, const OpCount &avoided);

/// The same for the body around or of `body`, charged to `loc`.
void declareCountChange(mlir::Operation *body, mlir::Location loc, llvm::StringRef reason, const OpCount &surplus, const OpCount &avoided);

/// One declaration.
struct CountChange {
  std::string body;           ///< symbol name
  std::optional<Phase> phase; ///< none: that of the body
  std::string layer, reason;
  OpCount surplus, avoided;
};

/// The declarations on `module`, which no longer has them; an error where the attribute is malformed.
llvm::FailureOr<llvm::SmallVector<CountChange>> takeCountChanges(mlir::Operation *module);

} // namespace tally

#endif
