// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes --choose-schedules and --set-schedule.
#include "ScheduleAttribute.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CHOOSESCHEDULES
#define GEN_PASS_DEF_SETSCHEDULE
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

namespace {
struct ChooseSchedules : tally::impl::ChooseSchedulesBase<ChooseSchedules> {
  void runOnOperation() override {
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op->hasAttr(scheduleName) || !op.hasPureBufferSemantics())
        return;
      FailureOr<LoopNest> nest = analyzeLoopNest(op);
      if (succeeded(nest)) {
        op->setAttr(scheduleName, describeSchedule(*nest, chooseSchedule(*nest, targetOf(op))));
        ++chosen;
      }
    });
  }
};

struct SetSchedule : tally::impl::SetScheduleBase<SetSchedule> {
  using SetScheduleBase::SetScheduleBase;

  void runOnOperation() override {
    auto attribute = dyn_cast_or_null<ScheduleAttr>(parseAttribute(schedule, &getContext()));
    auto kernel = getOperation().lookupSymbol<func::FuncOp>(function);
    if (!attribute || !kernel) {
      getOperation().emitError() << (attribute ? "there is no function '" + function + "'" : "requires a #tally.schedule, got '" + schedule + "'");
      return signalPassFailure();
    }
    SmallVector<linalg::GenericOp> ops;
    kernel.walk([&](linalg::GenericOp op) { ops.push_back(op); });
    if (number >= ops.size()) {
      kernel.emitError() << "has " << ops.size() << " linalg.generic ops, there is no number " << number;
      return signalPassFailure();
    }
    ops[number]->setAttr(scheduleName, attribute);
  }
};
} // namespace
