// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The target of a module.
#include "dialects/Tally/Tally.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace tally;

LogicalResult TargetAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef, StringRef, StringRef, int64_t vectorBits,
                                 int64_t vectorRegisters, int64_t matrixRows, int64_t laneProducts, int64_t units, int64_t loads, int64_t latency,
                                 int64_t l1Bytes, int64_t l2Bytes, int64_t streams, int64_t grain, int64_t threads) {
  if (std::min({vectorBits, vectorRegisters, matrixRows}) < 0 || std::min({laneProducts, units, loads, latency, l1Bytes, l2Bytes, streams, grain, threads}) < 1)
    return emitError() << "requires positive figures"; // C1
  return success();
}

int64_t TargetAttr::getLanes(Type element) const {
  int64_t bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  return std::max<int64_t>(1, getVectorBits() / bits);
}

TargetAttr tally::targetOf(Operation *op) {
  for (Operation *around = op; around; around = around->getParentOp())
    if (auto target = around->getAttrOfType<TargetAttr>(targetName))
      return target;
  // What is not given has its default.
  return TargetAttr::get(op->getContext());
}
