// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which phase and which layer an op belongs to; both travel in its location.
#ifndef TALLY_SUPPORT_ATTRIBUTION_H
#define TALLY_SUPPORT_ATTRIBUTION_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tally {

/// The lines of the cost report that an op of a body can be charged to.
enum class Phase { Initialization, Data, Forward, Loss, Backward, Optimizer, Averaging, Selection, Evaluation, Monitoring };

/// The key of the report ("forward", ...).
llvm::StringRef stringifyPhase(Phase phase);

/// The phase behind that key.
std::optional<Phase> parsePhase(llvm::StringRef name);

/// `loc` marked as belonging to `phase` (a mark that it already has is replaced). Conversions keep locations, so the
/// mark survives to L4 without any care by the patterns.
mlir::Location withPhase(mlir::Location loc, Phase phase);

/// The phase of a location; Forward where none was marked.
Phase phaseOf(mlir::Location loc);

/// The name of the ONNX node or tensor behind a location; empty where there is none.
std::string layerOf(mlir::Location loc);

} // namespace tally

#endif
