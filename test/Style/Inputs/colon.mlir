// RUN: tally-opt %s | FileCheck %s
// CHECK-NEXT foo
// CHECK: bar
