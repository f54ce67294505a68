// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --check-counts.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "tally/Conversion/Passes.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Cost/Monitoring.h"
#include "tally/Cost/Passes.h"
#include "tally/Cost/Recount.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CHECKCOUNTS
#include "tally/Cost/Passes.h.inc"
} // namespace tally

/// Reports where the two counts of a body differ: layer, kind and type. Conversions keep locations, so both know the layers.
static LogicalResult requireEqual(Operation *body, const BodyCount &graph, const BodyCount &loops) {
  LayerCount differences = byLayer(graph);
  for (const auto &[layer, number] : byLayer(loops))
    differences[layer] -= number;
  std::erase_if(differences, [](const auto &entry) { return entry.second == OpCount(); });
  if (differences.empty())
    return success();
  InFlightDiagnostic error = body->emitOpError("costs ") << sumOf(graph).total().str() << " operations by its ops, "
                                                         << sumOf(loops).total().str() << " by its loops";
  for (const auto &[layer, difference] : differences)
    error.attachNote() << stringifyPhase(layer.first) << " of '" << layer.second << "': too many by its ops: " << difference.str();
  return error;
}

FailureOr<unsigned> tally::verifyRecount(ModuleOp module) {
  OwningOpRef<ModuleOp> lowered = module.clone();
  for (Operation *body : findCountedBodies(*lowered))
    markMonitoring(body);
  PassManager manager(module.getContext());
  manager.addPass(createConvertNnToLinalg());
  if (failed(manager.run(*lowered)))
    return failure();
  SmallVector<Operation *> graphBodies = findCountedBodies(module), loopBodies = findCountedBodies(*lowered);
  LoopCounter counter;
  bool equal = true;
  for (auto [graphBody, loopBody] : llvm::zip_equal(graphBodies, loopBodies)) {
    FailureOr<BodyCount> graph = countGraph(graphBody), loops = countLoops(loopBody, counter);
    equal &= succeeded(graph) && succeeded(loops) && succeeded(requireEqual(graphBody, *graph, *loops));
  }
  if (!equal)
    return failure();
  return graphBodies.size();
}

namespace {
struct CheckCounts : tally::impl::CheckCountsBase<CheckCounts> {
  using CheckCountsBase::CheckCountsBase;
  void runOnOperation() override {
    FailureOr<unsigned> compared = verifyRecount(getOperation());
    if (failed(compared))
      return signalPassFailure();
    bodies += *compared;
    markAllAnalysesPreserved();
  }
};
} // namespace
