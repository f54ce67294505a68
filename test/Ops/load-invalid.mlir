// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @load_images_c1(%records: tensor<3x5xi8>, %at: tensor<2xindex>) -> tensor<2x1x2x2xi8> {
  // expected-error @+1 {{expects 5 bytes in a record, got offset 2 and 4 pixels}}
  %y = train.load_images %records at %at offset 2 : tensor<3x5xi8> at tensor<2xindex> -> tensor<2x1x2x2xi8>
  return %y : tensor<2x1x2x2xi8>
}

// -----

func.func @load_images_c1_batch(%records: tensor<3x5xi8>, %at: tensor<2xindex>) -> tensor<3x1x2x2xi8> {
  // expected-error @+1 {{requires a 2-d data set, N records and a result [N, C, H, W]}}
  %y = train.load_images %records at %at offset 1 : tensor<3x5xi8> at tensor<2xindex> -> tensor<3x1x2x2xi8>
  return %y : tensor<3x1x2x2xi8>
}

// -----

func.func @load_labels_c1(%records: tensor<3x5xi8>, %at: tensor<2xindex>) -> tensor<2xindex> {
  // expected-error @+1 {{expects 5 bytes in a record, got offset 5}}
  %y = train.load_labels %records at %at offset 5 : tensor<3x5xi8> at tensor<2xindex> -> tensor<2xindex>
  return %y : tensor<2xindex>
}
