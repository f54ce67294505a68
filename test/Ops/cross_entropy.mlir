// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @cross_entropy(
// SYNTAX: nn.cross_entropy %{{.*}}, %{{.*}} mean : tensor<3x5xf32>, tensor<3xindex>
// 4L for each of N samples, their sum and its product by 1/N: N = 3, L = 5.
// COUNT: @cross_entropy: 63 operations: add 14, exp 15, log 3, maximum 12, multiply 1, subtract 18
// LOWER-LABEL: func @cross_entropy(
// LOWER: arith.maximumf
// LOWER: math.exp
// LOWER: math.log
func.func @cross_entropy(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<f32> {
  %loss = nn.cross_entropy %logits, %labels mean : tensor<3x5xf32>, tensor<3xindex>
  return %loss : tensor<f32>
}

// COUNT: @smoothed_sum: 83 operations: add 26, exp 15, log 3, maximum 12, multiply 6, subtract 21
func.func @smoothed_sum(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<f32> {
  %loss = nn.cross_entropy %logits, %labels sum smoothing 2.0e-1 : tensor<3x5xf32>, tensor<3xindex>
  return %loss : tensor<f32>
}

// The seed 1 vanishes: 6L for each sample.
// GRADIENT-LABEL: func @cross_entropy_gradient(
// GRADIENT-SAME: %[[Z:[a-z0-9]+]]: tensor<3x5xf32>, %[[L:[a-z0-9]+]]: tensor<3xindex>
// GRADIENT: %[[DZ:.*]] = nn.cross_entropy_grad %[[Z]], %[[L]] mean smoothing 2.0
// GRADIENT-NEXT: return %[[DZ]]
// COUNT: @cross_entropy_gradient: 174 operations: add 38, divide 3, exp 30, log 3, maximum 24, multiply 22, subtract 54
func.func @cross_entropy_gradient(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<3x5xf32> {
  %loss = nn.cross_entropy %logits, %labels mean smoothing 2.0e-1 : tensor<3x5xf32>, tensor<3xindex>
  %dlogits = train.gradient %loss wrt %logits : tensor<f32> wrt tensor<3x5xf32>
  return %dlogits : tensor<3x5xf32>
}

// Another seed is a product.
// GRADIENT-LABEL: func @scaled_gradient(
// GRADIENT: %[[DZ:.*]] = nn.cross_entropy_grad
// GRADIENT: nn.mul %[[DZ]]
func.func @scaled_gradient(%logits: tensor<3x5xf32>, %labels: tensor<3xindex>) -> tensor<3x5xf32> {
  %loss = nn.cross_entropy %logits, %labels mean : tensor<3x5xf32>, tensor<3xindex>
  %half = nn.constant dense<0.5> : tensor<f32>
  %scaled = nn.mul %loss, %half : tensor<f32>, tensor<f32>
  %dlogits = train.gradient %scaled wrt %logits : tensor<f32> wrt tensor<3x5xf32>
  return %dlogits : tensor<3x5xf32>
}

// As torch.nn.functional.cross_entropy.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<f64>, tensor<f64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[-2.0, 2.0, 0.5, -2.5, -1.0], [-1.5, -0.5, 3.0, 3.0, 3.0], [1.5, -0.5, 1.5, 1.0, 0.0]]> : tensor<3x5xf64>
  %labels = nn.constant dense<[4, 0, 2]> : tensor<3xindex>
  %loss = nn.cross_entropy %logits, %labels mean : tensor<3x5xf64>, tensor<3xindex>
  %expected = nn.constant dense<3.3211089830475804> : tensor<f64>
  return %loss, %expected : tensor<f64>, tensor<f64>
}

// NUMBERS: @smoothed_values: values agree
func.func @smoothed_values() -> (tensor<f64>, tensor<f64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[-2.0, 2.0, 0.5, -2.5, -1.0], [-1.5, -0.5, 3.0, 3.0, 3.0], [1.5, -0.5, 1.5, 1.0, 0.0]]> : tensor<3x5xf64>
  %labels = nn.constant dense<[4, 0, 2]> : tensor<3xindex>
  %loss = nn.cross_entropy %logits, %labels mean smoothing 0.2 : tensor<3x5xf64>, tensor<3xindex>
  %expected = nn.constant dense<3.154442316380914> : tensor<f64>
  return %loss, %expected : tensor<f64>, tensor<f64>
}

// NUMBERS: @sum_values: values agree
func.func @sum_values() -> (tensor<f64>, tensor<f64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[-2.0, 2.0, 0.5, -2.5, -1.0], [-1.5, -0.5, 3.0, 3.0, 3.0], [1.5, -0.5, 1.5, 1.0, 0.0]]> : tensor<3x5xf64>
  %labels = nn.constant dense<[4, 0, 2]> : tensor<3xindex>
  %loss = nn.cross_entropy %logits, %labels sum smoothing 0.1 : tensor<3x5xf64>, tensor<3xindex>
  %expected = nn.constant dense<9.713326949142742> : tensor<f64>
  return %loss, %expected : tensor<f64>, tensor<f64>
}

// No overflow.
// NUMBERS: @large_values: values agree
func.func @large_values() -> (tensor<f64>, tensor<f64>) attributes {check_values = 1.0e-12} {
  %logits = nn.constant dense<[[1000.0, -1000.0, 0.0]]> : tensor<1x3xf64>
  %labels = nn.constant dense<[1]> : tensor<1xindex>
  %loss = nn.cross_entropy %logits, %labels mean : tensor<1x3xf64>, tensor<1xindex>
  %expected = nn.constant dense<2000.0> : tensor<f64>
  return %loss, %expected : tensor<f64>, tensor<f64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%logits: tensor<3x5xf64>, %labels: tensor<3xindex>) -> tensor<f64> attributes {check_gradient = {positions = 5}} {
  %loss = nn.cross_entropy %logits, %labels mean : tensor<3x5xf64>, tensor<3xindex>
  return %loss : tensor<f64>
}

// NUMBERS: @smoothed_differences: gradient agrees
func.func @smoothed_differences(%logits: tensor<3x5xf64>, %labels: tensor<3xindex>) -> tensor<f64> attributes {check_gradient = {positions = 5}} {
  %loss = nn.cross_entropy %logits, %labels mean smoothing 0.2 : tensor<3x5xf64>, tensor<3xindex>
  return %loss : tensor<f64>
}

// NUMBERS: @sum_differences: gradient agrees
func.func @sum_differences(%logits: tensor<3x5xf64>, %labels: tensor<3xindex>) -> tensor<f64> attributes {check_gradient = {positions = 5}} {
  %loss = nn.cross_entropy %logits, %labels sum smoothing 0.1 : tensor<3x5xf64>, tensor<3xindex>
  return %loss : tensor<f64>
}
