// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @reduce_max(
// SYNTAX: nn.reduce_max %{{.*}} over [0, 2] : tensor<7x3x5xf32>
// COUNT: @reduce_max: 102 operations: maximum 102
// LOWER-LABEL: func @reduce_max(
// LOWER: linalg.generic {{.*}} ["reduction", "parallel", "reduction"]
// LOWER: arith.maximumf
func.func @reduce_max(%x: tensor<7x3x5xf32>) -> tensor<3xf32> {
  %y = nn.reduce_max %x over [0, 2] : tensor<7x3x5xf32>
  return %y : tensor<3xf32>
}

// Whole numbers are values.
// COUNT: @whole: 102 operations: maximum 102
// LOWER-LABEL: func @whole(
// LOWER: arith.maxsi {{.*}} : i64
func.func @whole(%x: tensor<7x3x5xi64>) -> tensor<3xi64> {
  %y = nn.reduce_max %x over [0, 2] : tensor<7x3x5xi64>
  return %y : tensor<3xi64>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
// LOWER-LABEL: func @positions(
// LOWER: arith.maxsi {{.*}} : index
func.func @positions(%x: tensor<7x3x5xindex>) -> tensor<3xindex> {
  %y = nn.reduce_max %x over [0, 2] : tensor<7x3x5xindex>
  return %y : tensor<3xindex>
}

// GRADIENT-LABEL: func @reduce_max_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<7x3x5xf32>, %[[W:[a-z0-9]+]]: tensor<3xf32>
// GRADIENT: %[[Y:.*]] = nn.reduce_max %[[X]]
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul %{{.*}}, %[[W]]
// GRADIENT: %[[DX:.*]] = nn.reduce_max_grad %[[X]], %[[Y]], %[[DY]] over [0, 2]
// GRADIENT: return %[[DX]]
// COUNT: @reduce_max_gradient: 530 operations: add 104, compare 105, divide 3, maximum 102, multiply 111, select 105
func.func @reduce_max_gradient(%x: tensor<7x3x5xf32>, %w: tensor<3xf32>) -> tensor<7x3x5xf32> {
  %y = nn.reduce_max %x over [0, 2] : tensor<7x3x5xf32>
  %weighted = nn.mul %y, %w : tensor<3xf32>, tensor<3xf32>
  %loss = nn.reduce_sum %weighted over [0] : tensor<3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<7x3x5xf32>
  return %dx : tensor<7x3x5xf32>
}

// 4E with E = 105.
// SYNTAX-LABEL: func @reduce_max_grad(
// SYNTAX: nn.reduce_max_grad %{{.*}}, %{{.*}}, %{{.*}} over [0, 2] : tensor<7x3x5xf32>, tensor<3xf32>
// COUNT: @reduce_max_grad: 420 operations: add 102, compare 105, divide 3, multiply 105, select 105
func.func @reduce_max_grad(%x: tensor<7x3x5xf32>, %y: tensor<3xf32>, %dy: tensor<3xf32>) -> tensor<7x3x5xf32> {
  %dx = nn.reduce_max_grad %x, %y, %dy over [0, 2] : tensor<7x3x5xf32>, tensor<3xf32>
  return %dx : tensor<7x3x5xf32>
}

// Values that share the maximum share its gradient evenly, as in torch.amax.
// NUMBERS: @ties: values agree
func.func @ties() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[2.0, 5.0, 5.0], [-1.0, -1.0, -1.0]]> : tensor<2x3xf64>
  %maximum = nn.constant dense<[5.0, -1.0]> : tensor<2xf64>
  %dy = nn.constant dense<[3.0, 6.0]> : tensor<2xf64>
  %y = nn.reduce_max_grad %x, %maximum, %dy over [1] : tensor<2x3xf64>, tensor<2xf64>
  %expected = nn.constant dense<[[0.0, 1.5, 1.5], [2.0, 2.0, 2.0]]> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_max %x over [0, 1] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[3.0, 4.0]> : tensor<2xf64>
  return %y, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @nothing: values agree
func.func @nothing() -> (tensor<1x3x2xf64>, tensor<1x3x2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_max %x over [] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  return %y, %expected : tensor<1x3x2xf64>, tensor<1x3x2xf64>
}

// Longer than the lanes of a vector, with all of one sign, at which a neutral element of another type would show.
// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>, tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>) attributes {check_values = 0.0} {
  %below = nn.constant dense<[-951472071184, -87915634294, -419553630108, -273870754048, -796590657203, -291080526511, -309979555661, -557689866570, -856814823239, -221279660249, -326469593446, -531073142213, -594916753089, -37153935583, -610426412462, -437114467085, -210800639743, -111608001222, -206963409640, -77493688410, -173793528823, -849320656717, -7823563243, -554978852599, -370871610702, -741457908095, -459883224813, -803584136214, -17658329286, -126760540184, -964323879474, -447990608944, -16943471453, -293249239636, -716906296256, -189122085839, -347767579305]> : tensor<37xi64>
  %a = nn.reduce_max %below over [0] : tensor<37xi64>
  %above = nn.constant dense<[951472071184, 87915634294, 419553630108, 273870754048, 796590657203, 291080526511, 309979555661, 557689866570, 856814823239, 221279660249, 326469593446, 531073142213, 594916753089, 37153935583, 610426412462, 437114467085, 210800639743, 111608001222, 206963409640, 77493688410, 173793528823, 849320656717, 7823563243, 554978852599, 370871610702, 741457908095, 459883224813, 803584136214, 17658329286, 126760540184, 964323879474, 447990608944, 16943471453, 293249239636, 716906296256, 189122085839, 347767579305]> : tensor<37xi64>
  %b = nn.reduce_max %above over [0] : tensor<37xi64>
  %x = nn.constant dense<[[-7, 3, -2], [5, 9, -4]]> : tensor<2x3xi32>
  %c = nn.reduce_max %x over [0] : tensor<2x3xi32>
  %p = nn.constant dense<[3, 1, 4, 1, 5]> : tensor<5xindex>
  %d = nn.reduce_max %p over [0] : tensor<5xindex>
  %expected_a = nn.constant dense<-7823563243> : tensor<i64>
  %expected_b = nn.constant dense<964323879474> : tensor<i64>
  %expected_c = nn.constant dense<[5, 9, -2]> : tensor<3xi32>
  %expected_d = nn.constant dense<5> : tensor<index>
  return %a, %b, %c, %d, %expected_a, %expected_b, %expected_c, %expected_d : tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>, tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<7x3x5xf64>) -> tensor<3xf64> attributes {check_gradient} {
  %y = nn.reduce_max %x over [0, 2] : tensor<7x3x5xf64>
  return %y : tensor<3xf64>
}

// NUMBERS: @complete_differences: gradient agrees
func.func @complete_differences(%x: tensor<3x5xf64>) -> tensor<f64> attributes {check_gradient} {
  %y = nn.reduce_max %x over [0, 1] : tensor<3x5xf64>
  return %y : tensor<f64>
}
