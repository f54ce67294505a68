// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @cross_entropy_grad(
// SYNTAX: nn.cross_entropy_grad %{{.*}}, %{{.*}} mean smoothing 2.0
// 6L for each sample.
// COUNT: @cross_entropy_grad: 90 operations: add 12, divide 3, exp 15, maximum 12, multiply 15, subtract 33
// LOWER-LABEL: func @cross_entropy_grad(
// LOWER: math.exp
// LOWER: arith.divf
// LOWER: scf.for
// LOWER: tensor.insert
func.func @cross_entropy_grad(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<3x5xf32> {
  %dlogits = nn.cross_entropy_grad %logits, %labels mean smoothing 2.0e-1 : tensor<3x5xf32>, tensor<3xindex>
  return %dlogits : tensor<3x5xf32>
}

// 5L for each sample, with either reduction.
// COUNT: @sharp_sum: 75 operations: add 12, divide 3, exp 15, maximum 12, multiply 15, subtract 18
func.func @sharp_sum(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<3x5xf32> {
  %dlogits = nn.cross_entropy_grad %logits, %labels sum : tensor<3x5xf32>, tensor<3xindex>
  return %dlogits : tensor<3x5xf32>
}

// As PyTorch.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<3x5xf64>, tensor<3x5xf64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[-2.0, 2.0, 0.5, -2.5, -1.0], [-1.5, -0.5, 3.0, 3.0, 3.0], [1.5, -0.5, 1.5, 1.0, 0.0]]> : tensor<3x5xf64>
  %labels = nn.constant dense<[4, 0, 2]> : tensor<3xindex>
  %dlogits = nn.cross_entropy_grad %logits, %labels mean : tensor<3x5xf64>, tensor<3xindex>
  %expected = nn.constant dense<[[0.0046878727713058725, 0.25594918090404967, 0.05710998172498004, 0.0028433385646290422, -0.3205903739649646], [-0.33211576483366484, 0.003309694327552984, 0.1096020235020373, 0.1096020235020373, 0.1096020235020373], [0.11242285714476444, 0.015214779213955943, -0.22091047618856888, 0.06818790971079311, 0.02508493011905534]]> : tensor<3x5xf64>
  return %dlogits, %expected : tensor<3x5xf64>, tensor<3x5xf64>
}

// NUMBERS: @smoothed_values: values agree
func.func @smoothed_values() -> (tensor<3x5xf64>, tensor<3x5xf64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[-2.0, 2.0, 0.5, -2.5, -1.0], [-1.5, -0.5, 3.0, 3.0, 3.0], [1.5, -0.5, 1.5, 1.0, 0.0]]> : tensor<3x5xf64>
  %labels = nn.constant dense<[4, 0, 2]> : tensor<3xindex>
  %dlogits = nn.cross_entropy_grad %logits, %labels mean smoothing 0.2 : tensor<3x5xf64>, tensor<3xindex>
  %expected = nn.constant dense<[[-0.008645460562027463, 0.24261584757071625, 0.04377664839164669, -0.010489994768704294, -0.2672570406316313], [-0.2787824315003315, -0.010023639005780351, 0.09626869016870392, 0.09626869016870392, 0.09626869016870392], [0.09908952381143109, 0.0018814458806226057, -0.16757714285523556, 0.05485457637745977, 0.011751596785722001]]> : tensor<3x5xf64>
  return %dlogits, %expected : tensor<3x5xf64>, tensor<3x5xf64>
}

// NUMBERS: @sum_values: values agree
func.func @sum_values() -> (tensor<3x5xf64>, tensor<3x5xf64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[-2.0, 2.0, 0.5, -2.5, -1.0], [-1.5, -0.5, 3.0, 3.0, 3.0], [1.5, -0.5, 1.5, 1.0, 0.0]]> : tensor<3x5xf64>
  %labels = nn.constant dense<[4, 0, 2]> : tensor<3xindex>
  %dlogits = nn.cross_entropy_grad %logits, %labels sum smoothing 0.1 : tensor<3x5xf64>, tensor<3xindex>
  %expected = nn.constant dense<[[-0.005936381686082381, 0.747847542712149, 0.15132994517494014, -0.011469984306112874, -0.8817711218948939], [-0.9163472945009946, -0.010070917017341047, 0.30880607050611186, 0.30880607050611186, 0.30880607050611186], [0.3172685714342933, 0.02564433764186783, -0.5827314285657067, 0.18456372913237937, 0.05525479035716602]]> : tensor<3x5xf64>
  return %dlogits, %expected : tensor<3x5xf64>, tensor<3x5xf64>
}
