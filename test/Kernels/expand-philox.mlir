// RUN: tally-opt %s --expand-philox | FileCheck %s
// RUN: tally-opt %s --expand-philox=inline=true | FileCheck %s --check-prefix=INLINE
// RUN: tally-opt %s --expand-philox | mlir-opt --test-lower-to-llvm -o %t && mlir-runner %t -e zeros --entry-point-result=i64 | FileCheck %s --check-prefix=ZEROS
// RUN: mlir-runner %t -e ones --entry-point-result=i64 | FileCheck %s --check-prefix=ONES
// RUN: mlir-runner %t -e pi --entry-point-result=i64 | FileCheck %s --check-prefix=PI
// RUN: mlir-runner %t -e below --entry-point-result=i64 | FileCheck %s --check-prefix=BELOW
// RUN: mlir-runner %t -e normal --entry-point-result=f32 | FileCheck %s --check-prefix=NORMAL

// The known answers of Random123 (kat_vectors, philox4x32 10), the first 53 bits of each block.
// ZEROS: 3594291074837816
// ONES: 2271474751125767
// PI: 7368513558847417
// BELOW: 818

// CHECK-LABEL: func @zeros
// CHECK: call @tally.philox.uniform.f64(
// CHECK-LABEL: func @below
// CHECK: call @tally.philox.position.index({{.*}}, %{{c1000.*}})
// CHECK: func private @tally.philox.uniform.f64
// CHECK-COUNT-20: arith.mului_extended
// CHECK-NOT: arith.mului_extended
// CHECK: func private @tally.philox.position.index
// INLINE-LABEL: func @zeros
// INLINE-COUNT-20: arith.mului_extended
// INLINE-NOT: @tally.philox
func.func @zeros() -> i64 {
  %seed = arith.constant 0 : i64
  %c = arith.constant 0 : index
  %u = nn.philox uniform %seed[%c, %c, %c, %c] : f64
  %bits = call @bits(%u) : (f64) -> i64
  return %bits : i64
}

func.func @ones() -> i64 {
  %seed = arith.constant -1 : i64
  %c = arith.constant 0xffffffff : index
  %u = nn.philox uniform %seed[%c, %c, %c, %c] : f64
  %bits = call @bits(%u) : (f64) -> i64
  return %bits : i64
}

func.func @pi() -> i64 {
  %seed = arith.constant 0x299f31d0a4093822 : i64
  %c0 = arith.constant 0x243f6a88 : index
  %c1 = arith.constant 0x85a308d3 : index
  %c2 = arith.constant 0x13198a2e : index
  %c3 = arith.constant 0x03707344 : index
  %u = nn.philox uniform %seed[%c0, %c1, %c2, %c3] : f64
  %bits = call @bits(%u) : (f64) -> i64
  return %bits : i64
}

func.func @below() -> i64 {
  %seed = arith.constant 0x299f31d0a4093822 : i64
  %c0 = arith.constant 0x243f6a88 : index
  %c1 = arith.constant 0x85a308d3 : index
  %c2 = arith.constant 0x13198a2e : index
  %c3 = arith.constant 0x03707344 : index
  %p = nn.philox position %seed[%c0, %c1, %c2, %c3] below 1000 : index
  %i = arith.index_cast %p : index to i64
  return %i : i64
}

// u0 = 0x6627e8 * 2^-24, u1 = 0xe169c5 * 2^-24: sqrt(-2 ln(1 - u0)) cos(2 pi u1).
// NORMAL: 7.3792{{.*}}e-01
func.func @normal() -> f32 {
  %seed = arith.constant 0 : i64
  %c = arith.constant 0 : index
  %u = nn.philox normal %seed[%c, %c, %c, %c] : f32
  return %u : f32
}

func.func private @bits(%u: f64) -> i64 {
  %scale = arith.constant 9007199254740992.0 : f64
  %x = arith.mulf %u, %scale : f64
  %i = arith.fptoui %x : f64 to i64
  return %i : i64
}
