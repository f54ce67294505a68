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
#include "tally/Cost/Passes.h"
#include "tally/Cost/Recount.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CHECKCOUNTS
#include "tally/Cost/Passes.h.inc"
} // namespace tally

/// "add f32 12, multiply f32 13": the entries of `count` that `other` does not have.
static std::string difference(OpCount count, const OpCount &other) {
  count -= other;
  std::string text;
  for (const auto &[kind, number] : count.byKind())
    text += (text.empty() ? "" : ", ") + kind + " " + number.str();
  if (text.empty())
    for (const auto &[type, number] : count.byType())
      text += (text.empty() ? "" : ", ") + type + " " + number.str();
  return text;
}

FailureOr<unsigned> tally::verifyRecount(ModuleOp module) {
  OwningOpRef<ModuleOp> lowered = module.clone();
  PassManager manager(module.getContext());
  manager.addPass(createConvertNnToLinalg());
  if (failed(manager.run(*lowered)))
    return failure();
  SmallVector<Operation *> graphBodies = findBodies(module), tensorBodies = findBodies(*lowered);
  bool equal = true;
  for (auto [graphBody, tensorBody] : llvm::zip_equal(graphBodies, tensorBodies)) {
    FailureOr<BodyCount> graph = countBody(graphBody, countGraphOp), tensor = countBody(tensorBody, countTensorOp);
    if (failed(graph) || failed(tensor)) {
      equal = false;
      continue;
    }
    OpCount graphSum = sumOf(*graph), tensorSum = sumOf(*tensor);
    if (graphSum == tensorSum)
      continue;
    equal = false;
    InFlightDiagnostic error = graphBody->emitOpError("costs ")
                               << graphSum.total().str() << " operations by its ops, " << tensorSum.total().str()
                               << " by its loops (too many by its ops: " << difference(graphSum, tensorSum) << ")";
    // Conversions keep locations, so the layers tell where the difference is.
    std::map<std::pair<Phase, std::string>, std::pair<OpCount, OpCount>> layers;
    for (const auto &[charge, number] : *graph)
      layers[{charge.phase, charge.layer}].first += number;
    for (const auto &[charge, number] : *tensor)
      layers[{charge.phase, charge.layer}].second += number;
    for (const auto &[layer, counts] : layers)
      if (!(counts.first == counts.second))
        error.attachNote() << stringifyPhase(layer.first) << " of '" << layer.second << "': " << counts.first.total().str()
                           << " by its ops, " << counts.second.total().str() << " by its loops";
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
