// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @target_c1(%x: tensor<3xf32>) {
  // expected-error@+1 {{requires number types with a conversion, got 'f32' to 'ui8'}}
  %y = nn.convert %x to ui8 : tensor<3xf32>
  return
}

// -----

// There is no operation between the two 16-bit floats.
func.func @halves_c1(%x: tensor<3xf16>) {
  // expected-error@+1 {{requires number types with a conversion, got 'f16' to 'bf16'}}
  %y = nn.convert %x to bf16 : tensor<3xf16>
  return
}

// -----

// A value does not become a position, which would make its arithmetic free.
func.func @to_position_c1(%x: tensor<3xi64>) {
  // expected-error@+1 {{requires number types with a conversion, got 'i64' to 'index'}}
  %y = nn.convert %x to index : tensor<3xi64>
  return
}

// -----

func.func @from_position_c1(%x: tensor<3xindex>) {
  // expected-error@+1 {{requires number types with a conversion, got 'index' to 'i64'}}
  %y = nn.convert %x to i64 : tensor<3xindex>
  return
}
