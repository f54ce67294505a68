// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --set-target.
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Target/Passes.h"
#include "tally/Target/TargetMachine.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_SETTARGET
#include "tally/Target/Passes.h.inc"
} // namespace tally

namespace {
struct SetTarget : tally::impl::SetTargetBase<SetTarget> {
  using SetTargetBase::SetTargetBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    std::string error = "cannot parse the target";
    Attribute given = target.empty() ? describeTarget(&getContext(), march, error) : parseAttribute(target, &getContext());
    if (!given) {
      module.emitError(error);
      return signalPassFailure();
    }
    module->setAttr(targetName, given);
  }
};
} // namespace
