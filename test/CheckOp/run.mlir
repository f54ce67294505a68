// RUN: %python -c "import struct, sys; sys.stdout.buffer.write(struct.pack('<3f2q2?', -1.5, 0, 2.5, -7, 2**40, True, False))" > %t.in
// RUN: tally-check-op %s --run=main --inputs=%t.in --outputs=%t.out
// RUN: %python -c "import struct, sys; print(*struct.unpack('<2?3f2q', open(sys.argv[1], 'rb').read()))" %t.out | FileCheck %s
// RUN: tally-check-op %s --run=main --optimize < %t.in | cmp - %t.out

// A function is called once with the bytes of a file.
// CHECK: True False 0.0 0.0 2.5 -7 1099511627776
func.func @main(%x: tensor<3xf32>, %i: tensor<2xi64>, %b: tensor<2xi1>) -> (tensor<2xi1>, tensor<3xf32>, tensor<2xi64>) {
  %y = nn.relu %x : tensor<3xf32>
  return %b, %y, %i : tensor<2xi1>, tensor<3xf32>, tensor<2xi64>
}

// RUN: not tally-check-op %s --run=main --inputs=%s 2>&1 | FileCheck %s --check-prefix=SIZE
// SIZE: error: expects 30 bytes of arguments in '{{.*}}run.mlir', got
// RUN: not tally-check-op %s --run=nothing --inputs=%t.in 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: holds no function 'nothing'
// RUN: not tally-check-op %s --run=any_batch --inputs=%t.in 2>&1 | FileCheck %s --check-prefix=STATIC
// STATIC: error: --run requires tensors of static shape, got 'tensor<?xf32>'
func.func @any_batch(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}
// RUN: not tally-check-op %s --run=main --inputs=%t.missing 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: cannot read '{{.*}}.missing': No such file or directory
