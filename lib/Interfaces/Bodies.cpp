// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds what computes in a module.
#include "tally/Interfaces/BodyOpInterface.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace tally;

SmallVector<Operation *> tally::findBodies(Operation *root) {
  SmallVector<Operation *> bodies;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto function = dyn_cast<FunctionOpInterface>(op);
    if (!isa<BodyOpInterface>(op) && !(function && !function.isExternal()))
      return WalkResult::advance();
    bodies.push_back(op);
    return WalkResult::skip();
  });
  return bodies;
}
