// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @random(
// SYNTAX: nn.random position %{{.*}}, %{{.*}}, %{{.*}} use 4 below 5 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3xindex>
// COUNT: @random: 3 operations: random 3
// LOWER-LABEL: func @random(
// LOWER: linalg.generic
// LOWER: nn.philox position %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}] below 5 : index
func.func @random(%seed: tensor<i64>, %epoch: tensor<index>, %samples: tensor<3xindex>) -> tensor<3xindex> {
  %y = nn.random position %seed, %epoch, %samples use 4 below 5 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3xindex>
  return %y : tensor<3xindex>
}

// COUNT: @uniform: 45 operations: random 45
func.func @uniform(%seed: tensor<i64>, %epoch: tensor<index>, %samples: tensor<3xindex>) -> tensor<3x5x3xf32> {
  %y = nn.random uniform %seed, %epoch, %samples use 4 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3x5x3xf32>
  return %y : tensor<3x5x3xf32>
}

// Philox4x32-10 with key = seed and counter = (use, epoch, sample, draw).
// NUMBERS: @uniform_values: values agree
func.func @uniform_values() -> (tensor<3x2x2xf64>, tensor<3x2x2xf64>) attributes {check_values = 1.0e-12} {
  %seed = nn.constant dense<81985529216486895> : tensor<i64>
  %epoch = nn.constant dense<2> : tensor<index>
  %samples = nn.constant dense<[7, 0, 5]> : tensor<3xindex>
  %y = nn.random uniform %seed, %epoch, %samples use 3 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3x2x2xf64>
  %expected = nn.constant dense<[[[0.3455526342294343, 0.13746575498961267], [0.7767232321825297, 0.6642712370614013]], [[0.9951040892979433, 0.5740743827519533], [0.24348441309427593, 0.799987551171955]], [[0.21811855471819142, 0.6775267380824358], [0.32532710435701573, 0.321592301408135]]]> : tensor<3x2x2xf64>
  return %y, %expected : tensor<3x2x2xf64>, tensor<3x2x2xf64>
}

// NUMBERS: @position_values: values agree
func.func @position_values() -> (tensor<3xindex>, tensor<3xindex>) attributes {check_values = 1.0e-12} {
  %seed = nn.constant dense<81985529216486895> : tensor<i64>
  %epoch = nn.constant dense<2> : tensor<index>
  %samples = nn.constant dense<[7, 0, 5]> : tensor<3xindex>
  %y = nn.random position %seed, %epoch, %samples use 3 below 1000 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3xindex>
  %expected = nn.constant dense<[345, 995, 218]> : tensor<3xindex>
  return %y, %expected : tensor<3xindex>, tensor<3xindex>
}
