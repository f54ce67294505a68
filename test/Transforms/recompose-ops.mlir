// RUN: tally-opt %s --recompose-ops | FileCheck %s

// The exporters place 0.5 differently, and divide by sqrt(2) or multiply by its reciprocal.
// CHECK-LABEL: func @gelu_half_last(
// CHECK-NEXT: %[[Y:.*]] = nn.gelu %{{.*}} approximate none : tensor<3x5xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_half_last(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %root = nn.constant dense<1.41421354> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %t = nn.div %x, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %p = nn.add %e, %one : tensor<3x5xf32>, tensor<f32>
  %q = nn.mul %x, %p : tensor<3x5xf32>, tensor<3x5xf32>
  %y = nn.mul %q, %half : tensor<3x5xf32>, tensor<f32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @gelu_half_first(
// CHECK-NEXT: nn.gelu %{{.*}} approximate none
// CHECK-NEXT: return
func.func @gelu_half_first(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %root = nn.constant dense<0.707106769> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %h = nn.mul %half, %x : tensor<f32>, tensor<3x5xf32>
  %t = nn.mul %x, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %p = nn.add %one, %e : tensor<f32>, tensor<3x5xf32>
  %y = nn.mul %h, %p : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @gelu_half_inside(
// CHECK-NEXT: nn.gelu %{{.*}} approximate none
// CHECK-NEXT: return
func.func @gelu_half_inside(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %root = nn.constant dense<0.707106769> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %t = nn.mul %x, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %s = nn.mul %e, %half : tensor<3x5xf32>, tensor<f32>
  %p = nn.add %s, %half : tensor<3x5xf32>, tensor<f32>
  %y = nn.mul %p, %x : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @gelu_other_constant(
// CHECK: nn.erf
// CHECK-NOT: nn.gelu
func.func @gelu_other_constant(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %root = nn.constant dense<1.41> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %t = nn.div %x, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %p = nn.add %e, %one : tensor<3x5xf32>, tensor<f32>
  %q = nn.mul %x, %p : tensor<3x5xf32>, tensor<3x5xf32>
  %y = nn.mul %q, %half : tensor<3x5xf32>, tensor<f32>
  return %y : tensor<3x5xf32>
}

// The distribution function has another use, and would be computed twice.
// CHECK-LABEL: func @gelu_inner_use(
// CHECK: nn.erf
// CHECK-NOT: nn.gelu
func.func @gelu_inner_use(%x: tensor<3x5xf32>) -> (tensor<3x5xf32>, tensor<3x5xf32>) {
  %root = nn.constant dense<0.707106769> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %t = nn.mul %x, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %s = nn.mul %e, %half : tensor<3x5xf32>, tensor<f32>
  %p = nn.add %s, %half : tensor<3x5xf32>, tensor<f32>
  %y = nn.mul %p, %x : tensor<3x5xf32>, tensor<3x5xf32>
  return %y, %p : tensor<3x5xf32>, tensor<3x5xf32>
}

// CHECK-LABEL: func @gelu_of_another_value(
// CHECK-NOT: nn.gelu
// CHECK: return
func.func @gelu_of_another_value(%x: tensor<3x5xf32>, %z: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %root = nn.constant dense<0.707106769> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %t = nn.mul %z, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %s = nn.mul %e, %half : tensor<3x5xf32>, tensor<f32>
  %p = nn.add %s, %half : tensor<3x5xf32>, tensor<f32>
  %y = nn.mul %p, %x : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// A product that the activation is a factor of does not hide it.
// CHECK-LABEL: func @gelu_gates(
// CHECK-NEXT: %[[Y:.*]] = nn.gelu
// CHECK-NEXT: nn.mul %[[Y]]
// CHECK-NEXT: return
func.func @gelu_gates(%x: tensor<3x5xf32>, %z: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %root = nn.constant dense<1.41421354> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %t = nn.div %x, %root : tensor<3x5xf32>, tensor<f32>
  %e = nn.erf %t : tensor<3x5xf32>
  %p = nn.add %e, %one : tensor<3x5xf32>, tensor<f32>
  %q = nn.mul %x, %p : tensor<3x5xf32>, tensor<3x5xf32>
  %y = nn.mul %q, %half : tensor<3x5xf32>, tensor<f32>
  %g = nn.mul %y, %z : tensor<3x5xf32>, tensor<3x5xf32>
  return %g : tensor<3x5xf32>
}

// CHECK-LABEL: func @gelu_tanh_cube(
// CHECK-NEXT: nn.gelu %{{.*}} approximate tanh
// CHECK-NEXT: return
func.func @gelu_tanh_cube(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %a = nn.constant dense<4.471500e-02> : tensor<f32>
  %k = nn.constant dense<0.797884583> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %x2 = nn.mul %x, %x : tensor<3x5xf32>, tensor<3x5xf32>
  %x3 = nn.mul %x, %x2 : tensor<3x5xf32>, tensor<3x5xf32>
  %ax3 = nn.mul %a, %x3 : tensor<f32>, tensor<3x5xf32>
  %s = nn.add %x, %ax3 : tensor<3x5xf32>, tensor<3x5xf32>
  %t = nn.mul %k, %s : tensor<f32>, tensor<3x5xf32>
  %h = nn.tanh %t : tensor<3x5xf32>
  %p = nn.add %one, %h : tensor<f32>, tensor<3x5xf32>
  %q = nn.mul %x, %p : tensor<3x5xf32>, tensor<3x5xf32>
  %y = nn.mul %half, %q : tensor<f32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// The same polynomial, factored out.
// CHECK-LABEL: func @gelu_tanh_factored(
// CHECK-NEXT: nn.gelu %{{.*}} approximate tanh
// CHECK-NEXT: return
func.func @gelu_tanh_factored(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %a = nn.constant dense<4.471500e-02> : tensor<f32>
  %k = nn.constant dense<0.797884583> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %ax = nn.mul %x, %a : tensor<3x5xf32>, tensor<f32>
  %ax2 = nn.mul %ax, %x : tensor<3x5xf32>, tensor<3x5xf32>
  %s = nn.add %ax2, %one : tensor<3x5xf32>, tensor<f32>
  %kx = nn.mul %x, %k : tensor<3x5xf32>, tensor<f32>
  %t = nn.mul %kx, %s : tensor<3x5xf32>, tensor<3x5xf32>
  %h = nn.tanh %t : tensor<3x5xf32>
  %p = nn.add %h, %one : tensor<3x5xf32>, tensor<f32>
  %q = nn.mul %p, %half : tensor<3x5xf32>, tensor<f32>
  %y = nn.mul %x, %q : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @gelu_tanh_square(
// CHECK: nn.tanh
// CHECK-NOT: nn.gelu
func.func @gelu_tanh_square(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %a = nn.constant dense<4.471500e-02> : tensor<f32>
  %k = nn.constant dense<0.797884583> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %x2 = nn.mul %x, %x : tensor<3x5xf32>, tensor<3x5xf32>
  %ax2 = nn.mul %a, %x2 : tensor<f32>, tensor<3x5xf32>
  %s = nn.add %x, %ax2 : tensor<3x5xf32>, tensor<3x5xf32>
  %t = nn.mul %k, %s : tensor<f32>, tensor<3x5xf32>
  %h = nn.tanh %t : tensor<3x5xf32>
  %m = nn.mul %half, %h : tensor<f32>, tensor<3x5xf32>
  %p = nn.add %m, %half : tensor<3x5xf32>, tensor<f32>
  %y = nn.mul %x, %p : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @hard_swish_sigmoid(
// CHECK-NEXT: nn.hard_swish
// CHECK-NEXT: return
func.func @hard_swish_sigmoid(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %s = nn.hard_sigmoid %x alpha 0.1666666716337204 beta 0.5 : tensor<3x5xf32>
  %y = nn.mul %s, %x : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @hard_swish_clip(
// CHECK-NEXT: nn.hard_swish
// CHECK-NEXT: return
func.func @hard_swish_clip(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %three = nn.constant dense<3.0> : tensor<f32>
  %six = nn.constant dense<6.0> : tensor<f32>
  %s = nn.add %x, %three : tensor<3x5xf32>, tensor<f32>
  %c = nn.clip %s from 0.0 to 6.0 : tensor<3x5xf32>
  %d = nn.div %c, %six : tensor<3x5xf32>, tensor<f32>
  %y = nn.mul %x, %d : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @hard_swish_six_last(
// CHECK-NEXT: nn.hard_swish
// CHECK-NEXT: return
func.func @hard_swish_six_last(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %three = nn.constant dense<3.0> : tensor<f32>
  %sixth = nn.constant dense<0.166666672> : tensor<f32>
  %s = nn.add %three, %x : tensor<f32>, tensor<3x5xf32>
  %c = nn.clip %s from 0.0 to 6.0 : tensor<3x5xf32>
  %p = nn.mul %x, %c : tensor<3x5xf32>, tensor<3x5xf32>
  %y = nn.mul %p, %sixth : tensor<3x5xf32>, tensor<f32>
  return %y : tensor<3x5xf32>
}

// The default of ONNX, 0.2, is another function.
// CHECK-LABEL: func @hard_swish_other_slope(
// CHECK-NEXT: nn.hard_sigmoid
// CHECK-NEXT: nn.mul
func.func @hard_swish_other_slope(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %s = nn.hard_sigmoid %x alpha 0.2 beta 0.5 : tensor<3x5xf32>
  %y = nn.mul %s, %x : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @hard_swish_other_limit(
// CHECK: nn.clip
// CHECK-NOT: nn.hard_swish
func.func @hard_swish_other_limit(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %three = nn.constant dense<3.0> : tensor<f32>
  %sixth = nn.constant dense<0.166666672> : tensor<f32>
  %s = nn.add %three, %x : tensor<f32>, tensor<3x5xf32>
  %c = nn.clip %s from 0.0 to 5.0 : tensor<3x5xf32>
  %p = nn.mul %x, %c : tensor<3x5xf32>, tensor<3x5xf32>
  %y = nn.mul %p, %sixth : tensor<3x5xf32>, tensor<f32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @mish(
// CHECK-NEXT: nn.mish
// CHECK-NEXT: return
func.func @mish(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %s = nn.softplus %x : tensor<3x5xf32>
  %t = nn.tanh %s : tensor<3x5xf32>
  %y = nn.mul %x, %t : tensor<3x5xf32>, tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// CHECK-LABEL: func @mish_inner_use(
// CHECK-NOT: nn.mish
// CHECK: return
func.func @mish_inner_use(%x: tensor<3x5xf32>) -> (tensor<3x5xf32>, tensor<3x5xf32>) {
  %s = nn.softplus %x : tensor<3x5xf32>
  %t = nn.tanh %s : tensor<3x5xf32>
  %y = nn.mul %x, %t : tensor<3x5xf32>, tensor<3x5xf32>
  return %y, %s : tensor<3x5xf32>, tensor<3x5xf32>
}
