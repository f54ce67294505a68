// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --count-cost | FileCheck %s --check-prefix=COST
// RUN: tally-opt %s --check-counts
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER

// SYNTAX-LABEL: func @shuffle
// SYNTAX: train.shuffle %{{.*}}, %{{.*}}, %{{.*}} use 0 : tensor<50xindex>, tensor<i64>, tensor<index>
// COST: @shuffle: 49 operations: random 49
// LOWER-LABEL: func @shuffle
// LOWER: scf.for [[I:%.*]] = %{{.*}} iter_args([[X:%.*]] =
// LOWER: [[WORD:%.*]] = nn.philox position %{{.*}}[%{{.*}}, %{{.*}}, [[I]], %{{.*}}] below 4294967295
// LOWER: arith.shrui
// LOWER-COUNT-2: tensor.insert
func.func @shuffle(%x: tensor<50xindex>, %seed: tensor<i64>, %epoch: tensor<index>) -> tensor<50xindex> {
  %y = train.shuffle %x, %seed, %epoch use 0 : tensor<50xindex>, tensor<i64>, tensor<index>
  return %y : tensor<50xindex>
}
