// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @load
// SYNTAX: train.load_images %{{.*}} at %{{.*}} offset 1 : tensor<3x5xi8> at tensor<2xindex> -> tensor<2x1x2x2xi8>
// SYNTAX: train.load_labels %{{.*}} at %{{.*}} offset 0 : tensor<3x5xi8> at tensor<2xindex> -> tensor<2xindex>
// COUNT: @load: 0 operations
// LOWER-LABEL: func @load
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel"]
// LOWER: tensor.extract %{{.*}} : tensor<3x5xi8>
// LOWER: linalg.generic {{.*}}["parallel"]
// LOWER: arith.index_castui %{{.*}} : i8 to index
// NUMBERS: @load: values agree
func.func @load() -> (tensor<2x1x2x2xi8>, tensor<2xindex>, tensor<2x1x2x2xi8>, tensor<2xindex>) attributes {check_values} {
  // The label of record 1 is 200: bytes are unsigned.
  %records = nn.constant dense<[[7, 1, 2, 3, 4], [-56, 11, 12, 13, 14], [9, 21, 22, 23, 24]]> : tensor<3x5xi8>
  %at = nn.constant dense<[2, 1]> : tensor<2xindex>
  %images = train.load_images %records at %at offset 1 : tensor<3x5xi8> at tensor<2xindex> -> tensor<2x1x2x2xi8>
  %labels = train.load_labels %records at %at offset 0 : tensor<3x5xi8> at tensor<2xindex> -> tensor<2xindex>
  %expected = nn.constant dense<[[[[21, 22], [23, 24]]], [[[11, 12], [13, 14]]]]> : tensor<2x1x2x2xi8>
  %expected_labels = nn.constant dense<[9, 200]> : tensor<2xindex>
  return %images, %labels, %expected, %expected_labels : tensor<2x1x2x2xi8>, tensor<2xindex>, tensor<2x1x2x2xi8>, tensor<2xindex>
}
