// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @reduce_min(
// SYNTAX: nn.reduce_min %{{.*}} over [0, 2] : tensor<7x3x5xf32>
// COUNT: @reduce_min: 102 operations: minimum 102
// LOWER-LABEL: func @reduce_min(
// LOWER: linalg.generic {{.*}} ["reduction", "parallel", "reduction"]
// LOWER: arith.minimumf
func.func @reduce_min(%x: tensor<7x3x5xf32>) -> tensor<3xf32> {
  %y = nn.reduce_min %x over [0, 2] : tensor<7x3x5xf32>
  return %y : tensor<3xf32>
}

// Whole numbers are values.
// COUNT: @whole: 102 operations: minimum 102
// LOWER-LABEL: func @whole(
// LOWER: arith.minsi {{.*}} : i64
func.func @whole(%x: tensor<7x3x5xi64>) -> tensor<3xi64> {
  %y = nn.reduce_min %x over [0, 2] : tensor<7x3x5xi64>
  return %y : tensor<3xi64>
}

// Arithmetic on positions is free.
// COUNT: @positions: 0 operations
// LOWER-LABEL: func @positions(
// LOWER: arith.minsi {{.*}} : index
func.func @positions(%x: tensor<7x3x5xindex>) -> tensor<3xindex> {
  %y = nn.reduce_min %x over [0, 2] : tensor<7x3x5xindex>
  return %y : tensor<3xindex>
}

// GRADIENT-LABEL: func @reduce_min_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<7x3x5xf32>, %[[W:[a-z0-9]+]]: tensor<3xf32>
// GRADIENT: %[[Y:.*]] = nn.reduce_min %[[X]]
// GRADIENT: nn.reduce_sum
// GRADIENT: %[[DY:.*]] = nn.mul %{{.*}}, %[[W]]
// GRADIENT: %[[DX:.*]] = nn.reduce_max_grad %[[X]], %[[Y]], %[[DY]] over [0, 2]
// GRADIENT: return %[[DX]]
// COUNT: @reduce_min_gradient: 530 operations: add 104, compare 105, divide 3, minimum 102, multiply 111, select 105
func.func @reduce_min_gradient(%x: tensor<7x3x5xf32>, %w: tensor<3xf32>) -> tensor<7x3x5xf32> {
  %y = nn.reduce_min %x over [0, 2] : tensor<7x3x5xf32>
  %weighted = nn.mul %y, %w : tensor<3xf32>, tensor<3xf32>
  %loss = nn.reduce_sum %weighted over [0] : tensor<3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<7x3x5xf32>
  return %dx : tensor<7x3x5xf32>
}

// The gradient op of reduce_max serves the minimum: values that share it share its gradient evenly, as in torch.amin.
// NUMBERS: @ties: values agree
func.func @ties() -> (tensor<2x3xf64>, tensor<2x3xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[5.0, 2.0, 2.0], [-1.0, -1.0, -1.0]]> : tensor<2x3xf64>
  %minimum = nn.reduce_min %x over [1] : tensor<2x3xf64>
  %dy = nn.constant dense<[3.0, 6.0]> : tensor<2xf64>
  %y = nn.reduce_max_grad %x, %minimum, %dy over [1] : tensor<2x3xf64>, tensor<2xf64>
  %expected = nn.constant dense<[[0.0, 1.5, 1.5], [2.0, 2.0, 2.0]]> : tensor<2x3xf64>
  return %y, %expected : tensor<2x3xf64>, tensor<2x3xf64>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_min %x over [0, 1] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[0.5, -2.0]> : tensor<2xf64>
  return %y, %expected : tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @nothing: values agree
func.func @nothing() -> (tensor<1x3x2xf64>, tensor<1x3x2xf64>) attributes {check_values = 1.0e-14} {
  %x = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  %y = nn.reduce_min %x over [] : tensor<1x3x2xf64>
  %expected = nn.constant dense<[[[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]]]> : tensor<1x3x2xf64>
  return %y, %expected : tensor<1x3x2xf64>, tensor<1x3x2xf64>
}

// Longer than the lanes of a vector, with all of one sign, at which a neutral element of another type would show.
// NUMBERS: @whole_values: values agree
func.func @whole_values() -> (tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>, tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>) attributes {check_values = 0.0} {
  %below = nn.constant dense<[-50654896151, -544341852066, -126744901018, -202807565922, -673934298355, -392949496208, -545862657796, -795795161266, -508875484994, -328624456244, -753108918012, -374725384990, -585482315595, -318435184928, -65137831182, -581241728675, -823697810883, -322792800256, -929537247481, -628811958137, -241534716161, -446695273904, -432181176262, -680360986348, -404093826378, -761077127928, -263440750288, -541132440258, -240093056017, -708157837378, -974097533193, -90377425310, -630174837566, -182089813440, -870509977233, -72953926886, -689496142787]> : tensor<37xi64>
  %a = nn.reduce_min %below over [0] : tensor<37xi64>
  %above = nn.constant dense<[50654896151, 544341852066, 126744901018, 202807565922, 673934298355, 392949496208, 545862657796, 795795161266, 508875484994, 328624456244, 753108918012, 374725384990, 585482315595, 318435184928, 65137831182, 581241728675, 823697810883, 322792800256, 929537247481, 628811958137, 241534716161, 446695273904, 432181176262, 680360986348, 404093826378, 761077127928, 263440750288, 541132440258, 240093056017, 708157837378, 974097533193, 90377425310, 630174837566, 182089813440, 870509977233, 72953926886, 689496142787]> : tensor<37xi64>
  %b = nn.reduce_min %above over [0] : tensor<37xi64>
  %x = nn.constant dense<[[-7, 3, -2], [5, 9, -4]]> : tensor<2x3xi32>
  %c = nn.reduce_min %x over [0] : tensor<2x3xi32>
  %p = nn.constant dense<[3, 1, 4, 1, 5]> : tensor<5xindex>
  %d = nn.reduce_min %p over [0] : tensor<5xindex>
  %expected_a = nn.constant dense<-974097533193> : tensor<i64>
  %expected_b = nn.constant dense<50654896151> : tensor<i64>
  %expected_c = nn.constant dense<[-7, 3, -4]> : tensor<3xi32>
  %expected_d = nn.constant dense<1> : tensor<index>
  return %a, %b, %c, %d, %expected_a, %expected_b, %expected_c, %expected_d : tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>, tensor<i64>, tensor<i64>, tensor<3xi32>, tensor<index>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<7x3x5xf64>) -> tensor<3xf64> attributes {check_gradient} {
  %y = nn.reduce_min %x over [0, 2] : tensor<7x3x5xf64>
  return %y : tensor<3xf64>
}

// NUMBERS: @complete_differences: gradient agrees
func.func @complete_differences(%x: tensor<3x5xf64>) -> tensor<f64> attributes {check_gradient} {
  %y = nn.reduce_min %x over [0, 1] : tensor<3x5xf64>
  return %y : tensor<f64>
}
