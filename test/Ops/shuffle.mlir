// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @shuffle
// SYNTAX: train.shuffle %{{.*}}, %{{.*}}, %{{.*}} use 0 : tensor<50xindex>, tensor<i64>, tensor<index>
// COUNT: @shuffle: 49 operations: random 49
// LOWER-LABEL: func @shuffle
// LOWER: scf.for [[I:%.*]] = %{{.*}} iter_args([[X:%.*]] =
// LOWER: [[WORD:%.*]] = nn.philox position %{{.*}}[%{{.*}}, %{{.*}}, [[I]], %{{.*}}] below 4294967295
// LOWER: arith.shrui
// LOWER-COUNT-2: tensor.insert
func.func @shuffle(%x: tensor<50xindex>, %seed: tensor<i64>, %epoch: tensor<index>) -> tensor<50xindex> {
  %y = train.shuffle %x, %seed, %epoch use 0 : tensor<50xindex>, tensor<i64>, tensor<index>
  return %y : tensor<50xindex>
}

// Fisher-Yates with multiply-shift, by a program of its own from the definition of Philox4x32-10.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<7xindex>, tensor<7xindex>, tensor<7xindex>, tensor<7xindex>) attributes {check_values} {
  %x = nn.constant dense<[10, 11, 12, 13, 14, 15, 16]> : tensor<7xindex>
  %z = nn.constant dense<[0, 1, 2, 3, 4, 5, 6]> : tensor<7xindex>
  %seed = nn.constant dense<81985529216486895> : tensor<i64>
  %second = nn.constant dense<2> : tensor<index>
  %third = nn.constant dense<3> : tensor<index>
  %y = train.shuffle %x, %seed, %second use 5 : tensor<7xindex>, tensor<i64>, tensor<index>
  %w = train.shuffle %z, %seed, %third use 5 : tensor<7xindex>, tensor<i64>, tensor<index>
  %expected0 = nn.constant dense<[16, 10, 12, 14, 15, 13, 11]> : tensor<7xindex>
  %expected1 = nn.constant dense<[4, 1, 3, 6, 2, 0, 5]> : tensor<7xindex>
  return %y, %w, %expected0, %expected1 : tensor<7xindex>, tensor<7xindex>, tensor<7xindex>, tensor<7xindex>
}
