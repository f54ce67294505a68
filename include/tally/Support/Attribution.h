// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which phase and which layer an op belongs to; both travel in its location.
#ifndef TALLY_SUPPORT_ATTRIBUTION_H
#define TALLY_SUPPORT_ATTRIBUTION_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tally {

/// The lines of the cost report that an op of a body can be charged to.
enum class Phase { Initialization, Data, Forward, Loss, Backward, Optimizer, Averaging, Evaluation, Monitoring };

/// The key of the report ("forward", ...).
llvm::StringRef stringifyPhase(Phase phase);

/// The phase behind that key.
std::optional<Phase> parsePhase(llvm::StringRef name);

/// `loc` marked as belonging to `phase` (a mark that it already has is replaced). Conversions keep locations, so the
/// mark survives to L4 without any care by the patterns.
mlir::Location withPhase(mlir::Location loc, Phase phase);

/// The phase of a location, of the first marked one where it stands for several; none where nothing is marked.
std::optional<Phase> phaseOf(mlir::Location loc);

/// The location of what an ONNX node, or a tensor, becomes; `layer` may stand for several nodes.
mlir::Location locationOf(mlir::MLIRContext *context, llvm::StringRef node, llvm::StringRef layer);

/// The layer behind a location, which reports show, the first where it stands for several; empty where there is none.
std::string layerOf(mlir::Location loc);

/// The name of the ONNX node or tensor behind a location, which errors show, likewise.
std::string nodeOf(mlir::Location loc);

/// Where operations are charged: a phase, if one is marked, and a layer.
using Origin = std::pair<std::optional<Phase>, std::string>;

/// All that a location stands for, each once, in order: of a fused op or a kernel, the origins of its parts.
llvm::SmallVector<Origin> originsOf(mlir::Location loc);

} // namespace tally

#endif
