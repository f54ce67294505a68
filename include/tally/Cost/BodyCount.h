// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operations of one execution of a body, by phase and layer.
#ifndef TALLY_COST_BODYCOUNT_H
#define TALLY_COST_BODYCOUNT_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/MapVector.h"
#include "tally/Interfaces/BodyOpInterface.h"
#include "tally/Cost/Profile.h"

namespace tally {

/// Operations by the location of the op that they are charged to.
using LocatedCount = llvm::MapVector<mlir::Location, OpCount>;

class LoopCounter;

/// What one execution of an op of the graph or training level costs in a profile (haet: padding counts, a sum of K terms is K - 1); an
/// error for an op that does not say.
llvm::FailureOr<OpCount> countGraphOp(mlir::Operation *op, const CostProfile &profile = {});

/// What an op is charged to.
struct Charge {
  Phase phase;
  std::string layer; ///< name of the ONNX node or tensor; may be empty
  std::string op;    ///< name of the op, "conv"
  bool operator<(const Charge &other) const {
    return std::tie(phase, layer, op) < std::tie(other.phase, other.layer, other.op);
  }
};

/// What an op at `location` of a body is charged to; none where neither of them has a phase.
std::optional<Charge> chargeOf(mlir::Operation *body, mlir::Operation *op, mlir::Location location);

/// Whether an op of a body stands for a place, a constant or a mark: it computes and moves nothing itself.
bool isPlace(mlir::Operation *op);

/// The operations of a body by what they are charged to.
using BodyCount = std::map<Charge, OpCount>;

/// Counts a function or a body of a program from the facts that its ops state. What only the log reads is monitoring. All ops that
/// cannot be counted are reported.
llvm::FailureOr<BodyCount> countGraph(mlir::Operation *body, const CostProfile &profile = {});

/// Counts a function or a body of a program from its loops, which are charged as their locations say.
llvm::FailureOr<BodyCount> countLoops(mlir::Operation *body, LoopCounter &counter);

/// Counts a body by one of the two.
using BodyCounter = llvm::function_ref<llvm::FailureOr<BodyCount>(mlir::Operation *)>;

/// The phase of the ops of a body that have none of their own; a step, which has ops of several, states it by its location or not at all.
std::optional<Phase> phaseOfBody(mlir::Operation *body);

/// The functions and bodies of programs in `root`, in order, without the kernels that they call.
llvm::SmallVector<mlir::Operation *> findCountedBodies(mlir::Operation *root);

/// The operations of a body by phase and layer.
using LayerCount = std::map<std::pair<Phase, std::string>, OpCount>;
LayerCount byLayer(const BodyCount &count);

/// The sum of all charges, or of those of one phase.
OpCount sumOf(const BodyCount &count, std::optional<Phase> phase = std::nullopt);

/// Whether a training run is charged for a phase: for all but evaluation and monitoring.
bool isTraining(Phase phase);

/// The sum of the phases of training.
OpCount trainingPart(const BodyCount &count);

/// Attribute of a program: body -> training operations of one execution before the graph was simplified, where they were more.
inline constexpr llvm::StringLiteral asWrittenName = "tally.as_written";

} // namespace tally

#endif
