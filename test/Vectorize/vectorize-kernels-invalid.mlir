// RUN: tally-opt %s --vectorize-kernels --split-input-file --verify-diagnostics

func.func @dynamic(%x: memref<?xf32>, %y: memref<?xf32>) {
  // expected-error @+1 {{requires memrefs of static shape to become loops}}
  linalg.copy ins(%x : memref<?xf32>) outs(%y : memref<?xf32>)
  return
}

// -----

func.func @unranked(%x: memref<*xf32>, %y: memref<4xf32>) {
  // expected-error @+1 {{requires memrefs of static shape to become loops}}
  memref.copy %x, %y : memref<*xf32> to memref<4xf32>
  return
}

// -----

func.func @tensors(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{requires memrefs of static shape to become loops}}
  %z = linalg.copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}
