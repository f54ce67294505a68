// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @batch_norm(
// SYNTAX: nn.batch_norm %{{.*}} scale %{{.*}} bias %{{.*}} mean %{{.*}} variance %{{.*}} : (tensor<2x3x5x7xf32>,
// 2E + 5K with E = 210, K = 3.
// COUNT: @batch_norm: 435 operations: add 213, multiply 216, rsqrt 3, subtract 3
// LOWER-LABEL: func @batch_norm(
// LOWER: math.rsqrt
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel"]
// LOWER: arith.addf
func.func @batch_norm(%x: tensor<2x3x5x7xf32>, %scale: tensor<3xf32>, %bias: tensor<3xf32>, %mean: tensor<3xf32>, %variance: tensor<3xf32>) -> tensor<2x3x5x7xf32> {
  %y = nn.batch_norm %x scale %scale bias %bias mean %mean variance %variance : (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x5x7xf32>
  return %y : tensor<2x3x5x7xf32>
}

// SYNTAX-LABEL: func @fixed(
// SYNTAX: nn.batch_norm %{{.*}} mean %{{.*}} variance %{{.*}} epsilon 1.0
// A scale fixed at 1 and a bias fixed at 0 save K each.
// COUNT: @fixed: 429 operations: add 3, multiply 213, rsqrt 3, subtract 210
func.func @fixed(%x: tensor<2x3x5x7xf32>, %mean: tensor<3xf32>, %variance: tensor<3xf32>) -> tensor<2x3x5x7xf32> {
  %y = nn.batch_norm %x mean %mean variance %variance epsilon 1.0e-3 : (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x5x7xf32>
  return %y : tensor<2x3x5x7xf32>
}

// As torch.nn.functional.batch_norm.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1x2x3x2xf64>, tensor<1x2x3x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[2.0, 2.0], [-1.25, -1.0], [-1.0, -0.75]], [[-1.0, 1.25], [1.25, 1.75], [-1.75, 0.5]]]]> : tensor<1x2x3x2xf64>
  %scale = nn.constant dense<[0.5, -2.0]> : tensor<2xf64>
  %bias = nn.constant dense<[0.25, 1.0]> : tensor<2xf64>
  %mean = nn.constant dense<[0.5, -0.25]> : tensor<2xf64>
  %variance = nn.constant dense<[0.75, 2.0]> : tensor<2xf64>
  %y = nn.batch_norm %x scale %scale bias %bias mean %mean variance %variance epsilon 1.0e-3 : (tensor<1x2x3x2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<1x2x3x2xf64>
  %expected = nn.constant dense<[[[[1.1154486302247655, 1.1154486302247655], [-0.7596900685955597, -0.6154486302247654], [-0.6154486302247654, -0.47120719185397114]], [[2.0603951061323533, -1.1207902122647069], [-1.1207902122647069, -1.8277202830196093], [3.120790212264707, -0.06039510613235344]]]]> : tensor<1x2x3x2xf64>
  return %y, %expected : tensor<1x2x3x2xf64>, tensor<1x2x3x2xf64>
}

// NUMBERS: @scale_fixed_values: values agree
func.func @scale_fixed_values() -> (tensor<1x2x3x2xf64>, tensor<1x2x3x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[2.0, 2.0], [-1.25, -1.0], [-1.0, -0.75]], [[-1.0, 1.25], [1.25, 1.75], [-1.75, 0.5]]]]> : tensor<1x2x3x2xf64>
  %bias = nn.constant dense<[0.25, 1.0]> : tensor<2xf64>
  %mean = nn.constant dense<[0.5, -0.25]> : tensor<2xf64>
  %variance = nn.constant dense<[0.75, 2.0]> : tensor<2xf64>
  %y = nn.batch_norm %x bias %bias mean %mean variance %variance epsilon 1.0e-3 : (tensor<1x2x3x2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<1x2x3x2xf64>
  %expected = nn.constant dense<[[[[1.9808972604495307, 1.9808972604495307], [-1.7693801371911193, -1.4808972604495307], [-1.4808972604495307, -1.1924143837079422]], [[0.4698024469338232, 2.0603951061323533], [2.0603951061323533, 2.4138601415098044], [-0.06039510613235352, 1.5301975530661767]]]]> : tensor<1x2x3x2xf64>
  return %y, %expected : tensor<1x2x3x2xf64>, tensor<1x2x3x2xf64>
}

// Two dimensions, the default epsilon.
// NUMBERS: @bias_fixed_values: values agree
func.func @bias_fixed_values() -> (tensor<4x2xf64>, tensor<4x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[-1.5, -1.25], [-1.75, 0.0], [1.0, -1.0], [-1.25, 1.0]]> : tensor<4x2xf64>
  %scale = nn.constant dense<[0.5, -2.0]> : tensor<2xf64>
  %mean = nn.constant dense<[0.5, -0.25]> : tensor<2xf64>
  %variance = nn.constant dense<[0.75, 2.0]> : tensor<2xf64>
  %y = nn.batch_norm %x scale %scale mean %mean variance %variance : (tensor<4x2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<4x2xf64>
  %expected = nn.constant dense<[[-1.1546928404526415, 1.4142100268524473], [-1.2990294455092217, -0.35355250671311184], [0.2886732101131604, 1.0606575201393356], [-1.0103562353960613, -1.7677625335655591]]> : tensor<4x2xf64>
  return %y, %expected : tensor<4x2xf64>, tensor<4x2xf64>
}
