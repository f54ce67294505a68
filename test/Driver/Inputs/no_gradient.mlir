func.func @main(%x: tensor<2x3x32x32xf32>) -> tensor<2x10xf32> {
  %w = nn.weight "head.weight", "linear.weight" = dense<1.0> : tensor<3x10xf32>
  %v = nn.weight "v", "other" = dense<1.0> : tensor<3xf32>
  %p = nn.reduce_mean %x over [2, 3] : tensor<2x3x32x32xf32>
  %q = nn.mul %p, %v : tensor<2x3xf32>, tensor<3xf32>
  %g = nn.relu_grad %q, %q : tensor<2x3xf32>, tensor<2x3xf32>
  %y = nn.matmul %g, %w : tensor<2x3xf32>, tensor<3x10xf32>
  return %y : tensor<2x10xf32>
}
