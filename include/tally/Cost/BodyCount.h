// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operations of one execution of a body, by phase and layer.
#ifndef TALLY_COST_BODYCOUNT_H
#define TALLY_COST_BODYCOUNT_H

#include "mlir/IR/Operation.h"
#include "tally/Interfaces/BodyOpInterface.h"
#include "tally/Interfaces/CostOpInterface.h"

namespace tally {

/// The operations of facts in profile haet: padding counts, a sum of K terms is K - 1.
OpCount countTerms(llvm::ArrayRef<CostTerm> terms);

/// What one execution of an op of the graph or training level costs; an error for an op that does not say.
llvm::FailureOr<OpCount> countGraphOp(mlir::Operation *op);

/// What one execution of an op of the tensor level costs, with everything in its regions.
llvm::FailureOr<OpCount> countTensorOp(mlir::Operation *op);

/// What an op is charged to.
struct Charge {
  Phase phase;
  std::string layer; ///< name of the ONNX node or tensor; may be empty
  std::string op;    ///< name of the op, "conv"
  bool operator<(const Charge &other) const {
    return std::tie(phase, layer, op) < std::tie(other.phase, other.layer, other.op);
  }
};

/// The operations of a body by what they are charged to.
using BodyCount = std::map<Charge, OpCount>;

using OpCounter = llvm::function_ref<llvm::FailureOr<OpCount>(mlir::Operation *)>;

/// Counts a function or a body of a program. All ops that cannot be counted are reported.
llvm::FailureOr<BodyCount> countBody(mlir::Operation *body, OpCounter counter);

/// The sum of all charges, or of those of one phase.
OpCount sumOf(const BodyCount &count, std::optional<Phase> phase = std::nullopt);

/// The sum of the phases that a training run is charged for: all but evaluation and monitoring.
OpCount trainingPart(const BodyCount &count);

/// Attribute of a program: body -> training operations of one execution before the graph was simplified, where they were more.
inline constexpr llvm::StringLiteral asWrittenName = "tally.as_written";

} // namespace tally

#endif
