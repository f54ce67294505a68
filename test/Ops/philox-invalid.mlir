// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @kind_c1(%seed: i64, %at: index) {
  // expected-error@+1 {{requires an index result and a range for a position, a float and none otherwise, got 'f32'}}
  %p = nn.philox position %seed[%at, %at, %at, %at] below 5 : f32
  return
}

// -----

func.func @needless_range_c1(%seed: i64, %at: index) {
  // expected-error@+1 {{requires an index result and a range for a position, a float and none otherwise, got 'f64'}}
  %u = nn.philox uniform %seed[%at, %at, %at, %at] below 5 : f64
  return
}

// -----

func.func @range_c1(%seed: i64, %at: index) {
  // expected-error@+1 {{requires a range in [1, 2^32), got 4294967296}}
  %p = nn.philox position %seed[%at, %at, %at, %at] below 4294967296 : index
  return
}
