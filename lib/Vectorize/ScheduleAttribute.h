// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Schedules as attributes of their ops (private to this folder).
#ifndef TALLY_VECTORIZE_SCHEDULEATTRIBUTE_H
#define TALLY_VECTORIZE_SCHEDULEATTRIBUTE_H

#include "Schedule.h"

namespace tally {

/// What was chosen, by the loops of the op.
ScheduleAttr describeSchedule(const LoopNest &nest, const Schedule &schedule);

/// The schedule that an attribute asks for; an error on the op where its loops do not allow it.
mlir::FailureOr<Schedule> readSchedule(LoopNest &nest, ScheduleAttr attribute);

} // namespace tally

#endif
