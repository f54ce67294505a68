// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration of the tally dialect, and where its attributes may stand.
#include "dialects/Tally/Tally.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tally;

#include "dialects/Tally/TallyDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Tally/TallyAttributes.cpp.inc"

void TallyDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Tally/TallyAttributes.cpp.inc"
      >();
}

LogicalResult TallyDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() == scheduleName && !isa<ScheduleAttr>(attribute.getValue()))
    return op->emitOpError() << scheduleName << " requires a #tally.schedule, got " << attribute.getValue();
  if (attribute.getName() != targetName)
    return success();
  if (!isa<ModuleOp>(op))
    return op->emitOpError() << targetName << " belongs on a module";
  if (!isa<TargetAttr>(attribute.getValue()))
    return op->emitOpError() << targetName << " requires a #tally.target, got " << attribute.getValue();
  return success();
}
