// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @not_exact_c1(%a: f32, %b: f32) -> f32 {
  // expected-error @+1 {{requires a result of at least twice the bits of 'f32', got 'f32'}}
  %y = nn.widening_mul %a, %b : f32 -> f32
  return %y : f32
}

// -----

func.func @of_too_wide_c1(%a: f32, %b: f32) -> f32 {
  // expected-error @+1 {{requires a result of at least twice the bits of 'f32', got 'f32'}}
  %y = nn.widening_mul %a, %b of f32 : f32 -> f32
  return %y : f32
}

// -----

func.func @held_elsewhere_c2(%a: f32, %b: f32) -> f64 {
  // expected-error @+1 {{requires factors that are held in 'f64', got 'f32'}}
  %y = nn.widening_mul %a, %b of bf16 : f32 -> f64
  return %y : f64
}
