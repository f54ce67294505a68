// RUN: not tally cost %s 2>&1 | FileCheck %s
// RUN: not tally cost %t.missing 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: cannot be opened: No such file or directory

// CHECK: error: 'train.segment' op requires a train.step, got @missing
train.program @main steps 1 {
  train.segment first 0 steps 1 @missing
}
