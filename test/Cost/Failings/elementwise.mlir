// F4: element-wise ops are left out with a warning (fvcore).
// F5: ReLU, maximum, clamp, dropout and concatenation count 0 in silence (fvcore).
// F7: element-wise ops, normalizations, pools and softmax count 0 (FlopCounterMode).
// F20: functions have prices of folklore, exp 32, sqrt 24, tanh 38 (onnx-tool), or a sum of their own (XLA).
// F22: a maximum over windows counts 0 (thop).
//
// Here an op counts what its scalar body holds, a function 1, a sum or maximum of K terms K - 1; only copies are free, and say so. The loops count the same (--check-counts).
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s

// F4: of 3x5 elements, each op 15.
// CHECK: @arithmetic: 75 operations: add 15, divide 15, multiply 15, negate 15, subtract 15
func.func @arithmetic(%x: tensor<3x5xf32>, %y: tensor<5xf32>) -> tensor<3x5xf32> {
  %sum = nn.add %x, %y : tensor<3x5xf32>, tensor<5xf32>
  %product = nn.mul %sum, %y : tensor<3x5xf32>, tensor<5xf32>
  %difference = nn.sub %product, %y : tensor<3x5xf32>, tensor<5xf32>
  %quotient = nn.div %difference, %y : tensor<3x5xf32>, tensor<5xf32>
  %negative = nn.neg %quotient : tensor<3x5xf32>
  return %negative : tensor<3x5xf32>
}

// F5: ReLU 1 of 15; Max 1 of 15; Clip one for each bound, 2 of 15.
// CHECK: @clamped: 60 operations: maximum 45, minimum 15
func.func @clamped(%x: tensor<3x5xf32>, %y: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %relu = nn.relu %x : tensor<3x5xf32>
  %larger = nn.maximum %relu, %y : tensor<3x5xf32>, tensor<3x5xf32>
  %clipped = nn.clip %larger from 0.1 to 0.9 : tensor<3x5xf32>
  return %clipped : tensor<3x5xf32>
}

// F5: dropout draws a number for each of 15 elements, compares, scales and selects; its gradient needs only the last three again.
// CHECK: @dropout: 60 operations: compare 15, multiply 15, random 15, select 15
func.func @dropout(%x: tensor<3x5xf32>, %seed: tensor<i64>, %epoch: tensor<index>, %samples: tensor<3xindex>) -> tensor<3x5xf32> {
  %u = nn.random uniform %seed, %epoch, %samples use 1 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3x5xf32>
  %y = nn.dropout_training %x, %u ratio 0.25 : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// F5: a concatenation moves 15 + 6 elements and computes nothing.
// CHECK: @concatenation: 0 operations
func.func @concatenation(%x: tensor<3x5xf32>, %y: tensor<3x2xf32>) -> tensor<3x7xf32> {
  %z = nn.concat %x, %y axis 1 : tensor<3x5xf32>, tensor<3x2xf32>
  return %z : tensor<3x7xf32>
}

// F7: 3 rows of 5: 3*4 maxima, 15 differences, 15 exp, 3*4 additions, 15 quotients.
// CHECK: @softmax: 69 operations: add 12, divide 15, exp 15, maximum 12, subtract 15
func.func @softmax(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.softmax %x axis 1 : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// F7: 2*3*2*3 = 36 results of windows of 4: 3 additions and the product with 1/4 each.
// CHECK: @average: 144 operations: add 108, multiply 36
func.func @average(%x: tensor<2x3x4x6xf32>) -> tensor<2x3x2x3xf32> {
  %y = nn.average_pool %x kernel [2, 2] strides [2, 2] : tensor<2x3x4x6xf32>
  return %y : tensor<2x3x2x3xf32>
}

// F22: 36 results of windows of 4: 3 maxima each; in training, where the position is kept, 3 compares, too; the gradient is one addition for each.
// CHECK: @maximum: 108 operations: maximum 108
func.func @maximum(%x: tensor<2x3x4x6xf32>) -> tensor<2x3x2x3xf32> {
  %y = nn.max_pool %x kernel [2, 2] strides [2, 2] : tensor<2x3x4x6xf32>
  return %y : tensor<2x3x2x3xf32>
}
// CHECK: @maximum_training: 216 operations: compare 108, maximum 108
func.func @maximum_training(%x: tensor<2x3x4x6xf32>) -> (tensor<2x3x2x3xf32>, tensor<2x3x2x3xindex>) {
  %y:2 = nn.max_pool_training %x kernel [2, 2] strides [2, 2] : tensor<2x3x4x6xf32>
  return %y#0, %y#1 : tensor<2x3x2x3xf32>, tensor<2x3x2x3xindex>
}

// F20: one each, among the other operations; of pow, too, whatever the exponent.
// CHECK: @functions: 105 operations: erf 15, exp 15, log 15, pow 15, sqrt 15, trigonometric 30
func.func @functions(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %exp = nn.exp %x : tensor<3x5xf32>
  %sqrt = nn.sqrt %exp : tensor<3x5xf32>
  %tanh = nn.tanh %sqrt : tensor<3x5xf32>
  %log = nn.log %tanh : tensor<3x5xf32>
  %erf = nn.erf %log : tensor<3x5xf32>
  %sin = nn.sin %erf : tensor<3x5xf32>
  %pow = nn.pow %x, %sin : tensor<3x5xf32>, tensor<3x5xf32>
  return %pow : tensor<3x5xf32>
}

// F20: sigmoid is not one operation of price 3 or 4 by decree: negate, exp, add, divide.
// CHECK: @sigmoid: 60 operations: add 15, divide 15, exp 15, negate 15
func.func @sigmoid(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.sigmoid %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}
