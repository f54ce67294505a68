// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @batch_places
// SYNTAX: train.position #{{map[0-9]*}}(%{{.*}}) : (tensor<index>) -> tensor<4xindex>
// COUNT: @batch_places: 0 operations
// LOWER-LABEL: func @batch_places
// LOWER: linalg.generic {{.*}}["parallel"]
// LOWER: linalg.index 0
// LOWER: arith.remui {{.*}} : index
// LOWER: arith.addi {{.*}} : index
// NUMBERS: @batch_places: values agree
func.func @batch_places() -> (tensor<4xindex>, tensor<index>, tensor<4xindex>, tensor<index>) attributes {check_values} {
  %step = nn.constant dense<8> : tensor<index>
  %places = train.position affine_map<(i, t) -> (t mod 3 * 4 + i)>(%step) : (tensor<index>) -> tensor<4xindex>
  %epoch = train.position affine_map<(t) -> (t floordiv 3)>(%step) : (tensor<index>) -> tensor<index>
  %expected = nn.constant dense<[8, 9, 10, 11]> : tensor<4xindex>
  %second = nn.constant dense<2> : tensor<index>
  return %places, %epoch, %expected, %second : tensor<4xindex>, tensor<index>, tensor<4xindex>, tensor<index>
}

// Rounding up is no operation either.
// COUNT: @number_of_batches: 0 operations
// LOWER-LABEL: func @number_of_batches
// LOWER: arith.divui {{.*}} : index
// NUMBERS: @number_of_batches: values agree
func.func @number_of_batches() -> (tensor<index>, tensor<index>) attributes {check_values} {
  %images = nn.constant dense<8> : tensor<index>
  %batches = train.position affine_map<(n) -> (n ceildiv 3)>(%images) : (tensor<index>) -> tensor<index>
  %expected = nn.constant dense<3> : tensor<index>
  return %batches, %expected : tensor<index>, tensor<index>
}

// NUMBERS: @alternating_flip: values agree
func.func @alternating_flip() -> (tensor<3xindex>, tensor<3xindex>) attributes {check_values} {
  %first = nn.constant dense<[0, 1, 1]> : tensor<3xindex>
  %epoch = nn.constant dense<5> : tensor<index>
  %flips = train.position affine_map<(i, first, e) -> ((first + e) mod 2)>(%first, %epoch) : (tensor<3xindex>, tensor<index>) -> tensor<3xindex>
  %expected = nn.constant dense<[1, 0, 0]> : tensor<3xindex>
  return %flips, %expected : tensor<3xindex>, tensor<3xindex>
}
