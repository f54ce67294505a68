// RUN: tally-opt %s --convert-kernels-to-llvm | FileCheck %s

// There is no vector form of erf in double precision: one call for each lane.
// CHECK-LABEL: llvm.func @k
// CHECK-COUNT-2: llvm.call @erf(
// CHECK-NOT: math.erf
func.func @k(%x: memref<2xf64>) {
  %c0 = arith.constant 0 : index
  %v = vector.load %x[%c0] : memref<2xf64>, vector<2xf64>
  %e = math.erf %v : vector<2xf64>
  vector.store %e, %x[%c0] : memref<2xf64>, vector<2xf64>
  return
}
