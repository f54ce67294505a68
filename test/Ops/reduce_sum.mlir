// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @reduce_sum(
// SYNTAX: nn.reduce_sum %{{.*}} over [0, 2] : tensor<7x3x5xf32>
// COUNT: @reduce_sum: 102 operations: add 102
// LOWER-LABEL: func @reduce_sum(
// LOWER: linalg.generic {{.*}} ["reduction", "parallel", "reduction"]
// LOWER: arith.addf
func.func @reduce_sum(%x: tensor<7x3x5xf32>) -> tensor<3xf32> {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xf32>
  return %y : tensor<3xf32>
}

// Whole numbers are values.
// COUNT: @whole: 102 operations: add 102
// LOWER-LABEL: func @whole(
// LOWER: arith.addi {{.*}} : i64
func.func @whole(%x: tensor<7x3x5xi64>) -> tensor<3xi64> {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xi64>
  return %y : tensor<3xi64>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
// LOWER-LABEL: func @positions(
// LOWER: arith.addi {{.*}} : index
func.func @positions(%x: tensor<7x3x5xindex>) -> tensor<3xindex> {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xindex>
  return %y : tensor<3xindex>
}

// GRADIENT-LABEL: func @reduce_sum_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<7x3x5xf32>, %[[W:[a-z0-9]+]]: tensor<3xf32>
// GRADIENT: %[[Y:.*]] = nn.reduce_sum %[[X]]
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul %{{.*}}, %[[W]]
// GRADIENT: %[[KEPT:.*]] = nn.reshape %[[DY]] to [1, 3, 1]
// GRADIENT: %[[DX:.*]] = nn.broadcast %[[KEPT]] to [7, 3, 5]
// GRADIENT: return %[[DX]]
// COUNT: @reduce_sum_gradient: 110 operations: add 104, multiply 6
func.func @reduce_sum_gradient(%x: tensor<7x3x5xf32>, %w: tensor<3xf32>) -> tensor<7x3x5xf32> {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xf32>
  %weighted = nn.mul %y, %w : tensor<3xf32>, tensor<3xf32>
  %loss = nn.reduce_sum %weighted over [0] : tensor<3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<7x3x5xf32>
  return %dx : tensor<7x3x5xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_sum %x over [0, 1] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[4.5, 2.25]> : tensor<2xf64>
  return %y, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @nothing: values agree
func.func @nothing() -> (tensor<1x3x2xf64>, tensor<1x3x2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_sum %x over [] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  return %y, %expected : tensor<1x3x2xf64>, tensor<1x3x2xf64>
}

// Longer than the lanes of a vector, with all of one sign, at which a neutral element of another type would show.
// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>, tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>) attributes {check_values = 0.0} {
  %below = nn.constant dense<[-438978909115, -210835033959, -519538785847, -850883730410, -433401949737, -167897492896, -846960513775, -707101850587, -450487467148, -885543525803, -652533278149, -183469997834, -908980115618, -165717322328, -774326265496, -452074094779, -606374093721, -105715955038, -599367673827, -910901152801, -142012742331, -675722740318, -841957457065, -357805667050, -22390485429, -711693022106, -987667410518, -701706657531, -635003280585, -631180817024, -311562676387, -562078786574, -926461295766, -377300794436, -599688520149, -567536985833, -154347818702]> : tensor<37xi64>
  %a = nn.reduce_sum %below over [0] : tensor<37xi64>
  %above = nn.constant dense<[438978909115, 210835033959, 519538785847, 850883730410, 433401949737, 167897492896, 846960513775, 707101850587, 450487467148, 885543525803, 652533278149, 183469997834, 908980115618, 165717322328, 774326265496, 452074094779, 606374093721, 105715955038, 599367673827, 910901152801, 142012742331, 675722740318, 841957457065, 357805667050, 22390485429, 711693022106, 987667410518, 701706657531, 635003280585, 631180817024, 311562676387, 562078786574, 926461295766, 377300794436, 599688520149, 567536985833, 154347818702]> : tensor<37xi64>
  %b = nn.reduce_sum %above over [0] : tensor<37xi64>
  %x = nn.constant dense<[[-7, 3, -2], [5, 9, -4]]> : tensor<2x3xi32>
  %c = nn.reduce_sum %x over [0] : tensor<2x3xi32>
  %p = nn.constant dense<[3, 1, 4, 1, 5]> : tensor<5xindex>
  %d = nn.reduce_sum %p over [0] : tensor<5xindex>
  %expected_a = nn.constant dense<-20077206366672> : tensor<i64>
  %expected_b = nn.constant dense<20077206366672> : tensor<i64>
  %expected_c = nn.constant dense<[-2, 12, -6]> : tensor<3xi32>
  %expected_d = nn.constant dense<14> : tensor<index>
  return %a, %b, %c, %d, %expected_a, %expected_b, %expected_c, %expected_d : tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>, tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>
}

// Along a dimension without elements.
// NUMBERS: @empty: values agree
func.func @empty() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 0.0} {
  %x = nn.constant dense<> : tensor<2x0x3xf64>
  %y = nn.reduce_sum %x over [1] : tensor<2x0x3xf64>
  %expected = nn.constant dense<0.0> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<7x3x5xf64>) -> tensor<3xf64> attributes {check_gradient} {
  %y = nn.reduce_sum %x over [0, 2] : tensor<7x3x5xf64>
  return %y : tensor<3xf64>
}

// NUMBERS: @complete_differences: gradient agrees
func.func @complete_differences(%x: tensor<3x5xf64>) -> tensor<f64> attributes {check_gradient} {
  %y = nn.reduce_sum %x over [0, 1] : tensor<3x5xf64>
  return %y : tensor<f64>
}
