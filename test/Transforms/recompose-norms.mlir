// RUN: tally-opt %s --recompose-ops | FileCheck %s

// The scale and the bias are weights of a known kind then.
// CHECK-LABEL: func @layer_norm(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x5xf32>
// CHECK-DAG: %[[SCALE:.*]] = nn.weight "scale", "norm.scale"
// CHECK-DAG: %[[BIAS:.*]] = nn.weight "bias", "norm.bias"
// CHECK-DAG: %[[ROWS:.*]] = nn.reshape %[[X]] to [-1, 5]
// CHECK: %[[Y:y.*]], %{{.*}}, %{{.*}}, %{{.*}} = nn.group_norm %[[ROWS]] scale %[[SCALE]] bias %[[BIAS]] groups 1 epsilon 9.9{{.*}}E-6
// CHECK-NEXT: %[[BACK:.*]] = nn.reshape %[[Y]] to [-1, 3, 5]
// CHECK-NEXT: return %[[BACK]]
func.func @layer_norm(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %scale = nn.weight "scale", "other" = dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %bias = nn.weight "bias", "other" = dense<[5.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %epsilon = nn.constant dense<9.99999974E-6> : tensor<f32>
  %m = nn.reduce_mean %x over [2] : tensor<2x3x5xf32>
  %mean = nn.reshape %m to [-1, 3, 1] : tensor<2x3xf32>
  %c = nn.sub %x, %mean : tensor<2x3x5xf32>, tensor<2x3x1xf32>
  %c2 = nn.mul %c, %c : tensor<2x3x5xf32>, tensor<2x3x5xf32>
  %v = nn.reduce_mean %c2 over [2] : tensor<2x3x5xf32>
  %variance = nn.reshape %v to [-1, 3, 1] : tensor<2x3xf32>
  %sum = nn.add %variance, %epsilon : tensor<2x3x1xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x3x1xf32>
  %n = nn.div %c, %s : tensor<2x3x5xf32>, tensor<2x3x1xf32>
  %scaled = nn.mul %n, %scale : tensor<2x3x5xf32>, tensor<5xf32>
  %y = nn.add %bias, %scaled : tensor<5xf32>, tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// A product with the reciprocal, the difference written twice, over two dimensions; rows are what the batch leaves.
// CHECK-LABEL: func @layer_norm_reciprocal(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x5xf32>
// CHECK-DAG: %[[SCALE:.*]] = nn.reshape %{{.*}} to [15] : tensor<3x5xf32>
// CHECK-DAG: %[[ROWS:.*]] = nn.reshape %[[X]] to [-1, 15]
// CHECK: nn.group_norm %[[ROWS]] scale %[[SCALE]] groups 1
// CHECK-NEXT: nn.reshape %{{.*}} to [-1, 3, 5]
// CHECK-NEXT: return
func.func @layer_norm_reciprocal(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %scale = nn.weight "scale2", "other" = dense<0.25> : tensor<3x5xf32>
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce_mean %x over [1, 2] : tensor<2x3x5xf32>
  %mean = nn.reshape %m to [-1, 1, 1] : tensor<2xf32>
  %c = nn.sub %x, %mean : tensor<2x3x5xf32>, tensor<2x1x1xf32>
  %d = nn.sub %x, %mean : tensor<2x3x5xf32>, tensor<2x1x1xf32>
  %d2 = nn.mul %d, %d : tensor<2x3x5xf32>, tensor<2x3x5xf32>
  %v = nn.reduce_mean %d2 over [1, 2] : tensor<2x3x5xf32>
  %variance = nn.reshape %v to [-1, 1, 1] : tensor<2xf32>
  %sum = nn.add %epsilon, %variance : tensor<f32>, tensor<2x1x1xf32>
  %s = nn.sqrt %sum : tensor<2x1x1xf32>
  %r = nn.reciprocal %s : tensor<2x1x1xf32>
  %n = nn.mul %r, %c : tensor<2x1x1xf32>, tensor<2x3x5xf32>
  %y = nn.mul %n, %scale : tensor<2x3x5xf32>, tensor<3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// Without scale and bias; a sum with a value of the graph is none.
// CHECK-LABEL: func @layer_norm_alone(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x5xf32>
// CHECK-NEXT: nn.group_norm %[[X]] groups 1
// CHECK-NEXT: nn.add
// CHECK-NEXT: return
func.func @layer_norm_alone(%x: tensor<2x5xf32>, %z: tensor<5xf32>) -> tensor<2x5xf32> {
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce_mean %x over [1] : tensor<2x5xf32>
  %mean = nn.reshape %m to [-1, 1] : tensor<2xf32>
  %c = nn.sub %x, %mean : tensor<2x5xf32>, tensor<2x1xf32>
  %c2 = nn.mul %c, %c : tensor<2x5xf32>, tensor<2x5xf32>
  %v = nn.reduce_mean %c2 over [1] : tensor<2x5xf32>
  %variance = nn.reshape %v to [-1, 1] : tensor<2xf32>
  %sum = nn.add %variance, %epsilon : tensor<2x1xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x1xf32>
  %n = nn.div %c, %s : tensor<2x5xf32>, tensor<2x1xf32>
  %y = nn.add %n, %z : tensor<2x5xf32>, tensor<5xf32>
  return %y : tensor<2x5xf32>
}

// Over the channels of images: no opset has an op for it.
// CHECK-LABEL: func @other_axes(
// CHECK-NOT: nn.group_norm
// CHECK: return
func.func @other_axes(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce_mean %x over [1] : tensor<2x3x5xf32>
  %mean = nn.reshape %m to [-1, 1, 5] : tensor<2x5xf32>
  %c = nn.sub %x, %mean : tensor<2x3x5xf32>, tensor<2x1x5xf32>
  %c2 = nn.mul %c, %c : tensor<2x3x5xf32>, tensor<2x3x5xf32>
  %v = nn.reduce_mean %c2 over [1] : tensor<2x3x5xf32>
  %variance = nn.reshape %v to [-1, 1, 5] : tensor<2x5xf32>
  %sum = nn.add %variance, %epsilon : tensor<2x1x5xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x1x5xf32>
  %n = nn.div %c, %s : tensor<2x3x5xf32>, tensor<2x1x5xf32>
  return %n : tensor<2x3x5xf32>
}

// The mean and the variance are over different dimensions.
// CHECK-LABEL: func @unequal_axes(
// CHECK-NOT: nn.group_norm
// CHECK: return
func.func @unequal_axes(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce_mean %x over [1, 2] : tensor<2x3x5xf32>
  %mean = nn.reshape %m to [-1, 1, 1] : tensor<2xf32>
  %c = nn.sub %x, %mean : tensor<2x3x5xf32>, tensor<2x1x1xf32>
  %c2 = nn.mul %c, %c : tensor<2x3x5xf32>, tensor<2x3x5xf32>
  %v = nn.reduce_mean %c2 over [2] : tensor<2x3x5xf32>
  %variance = nn.reshape %v to [-1, 3, 1] : tensor<2x3xf32>
  %sum = nn.add %variance, %epsilon : tensor<2x3x1xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x3x1xf32>
  %n = nn.div %c, %s : tensor<2x3x5xf32>, tensor<2x3x1xf32>
  return %n : tensor<2x3x5xf32>
}

// The mean is used elsewhere, too.
// CHECK-LABEL: func @layer_norm_inner_use(
// CHECK-NOT: nn.group_norm
// CHECK: return
func.func @layer_norm_inner_use(%x: tensor<2x5xf32>) -> (tensor<2x5xf32>, tensor<2x1xf32>) {
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce_mean %x over [1] : tensor<2x5xf32>
  %mean = nn.reshape %m to [-1, 1] : tensor<2xf32>
  %c = nn.sub %x, %mean : tensor<2x5xf32>, tensor<2x1xf32>
  %c2 = nn.mul %c, %c : tensor<2x5xf32>, tensor<2x5xf32>
  %v = nn.reduce_mean %c2 over [1] : tensor<2x5xf32>
  %variance = nn.reshape %v to [-1, 1] : tensor<2xf32>
  %sum = nn.add %variance, %epsilon : tensor<2x1xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x1xf32>
  %n = nn.div %c, %s : tensor<2x5xf32>, tensor<2x1xf32>
  return %n, %mean : tensor<2x5xf32>, tensor<2x1xf32>
}

// The scale of the groups is debris.
// CHECK-LABEL: func @group_norm(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x6x3x5xf32>
// CHECK-NOT: "ones"
// CHECK-DAG: %[[SCALE:.*]] = nn.weight "channels.scale", "norm.scale"
// CHECK-DAG: %[[BIAS:.*]] = nn.weight "channels.bias", "norm.bias"
// CHECK-DAG: %[[COLUMN:.*]] = nn.reshape %[[BIAS]] to [6] : tensor<6x1x1xf32>
// CHECK: %[[Y:y.*]], %{{.*}}, %{{.*}}, %{{.*}} = nn.group_norm %[[X]] scale %[[SCALE]] bias %[[COLUMN]] groups 3
// CHECK-NEXT: return %[[Y]]
func.func @group_norm(%x: tensor<2x6x3x5xf32>) -> tensor<2x6x3x5xf32> {
  %ones = nn.weight "ones", "norm.scale" = dense<1.0> : tensor<3xf32>
  %scale = nn.weight "channels.scale", "other" = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
  %bias = nn.weight "channels.bias", "other" = dense<7.0> : tensor<6x1x1xf32>
  %groups = nn.reshape %x to [-1, 3, 30] : tensor<2x6x3x5xf32>
  %n, %mean, %rstd, %gain = nn.group_norm %groups scale %ones groups 3 : (tensor<2x3x30xf32>, tensor<3xf32>) -> (tensor<2x3x30xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
  %back = nn.reshape %n to [-1, 6, 3, 5] : tensor<2x3x30xf32>
  %column = nn.reshape %scale to [6, 1, 1] : tensor<6xf32>
  %scaled = nn.mul %back, %column : tensor<2x6x3x5xf32>, tensor<6x1x1xf32>
  %y = nn.add %scaled, %bias : tensor<2x6x3x5xf32>, tensor<6x1x1xf32>
  return %y : tensor<2x6x3x5xf32>
}

// A scale of the groups that is none of ones is one of the network's.
// CHECK-LABEL: func @group_norm_scaled(
// CHECK: nn.reshape
// CHECK: nn.group_norm {{.*}} scale
// CHECK: nn.reshape
func.func @group_norm_scaled(%x: tensor<2x6x3x5xf32>) -> tensor<2x6x3x5xf32> {
  %scale = nn.weight "groups.scale", "norm.scale" = dense<[1.0, 2.0, 1.0]> : tensor<3xf32>
  %groups = nn.reshape %x to [-1, 3, 30] : tensor<2x6x3x5xf32>
  %n, %mean, %rstd, %gain = nn.group_norm %groups scale %scale groups 3 : (tensor<2x3x30xf32>, tensor<3xf32>) -> (tensor<2x3x30xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
  %back = nn.reshape %n to [-1, 6, 3, 5] : tensor<2x3x30xf32>
  return %back : tensor<2x6x3x5xf32>
}

// A weight of positions, not of channels, is no scale.
// CHECK-LABEL: func @scale_of_positions(
// CHECK: "positions", "other"
// CHECK: nn.group_norm %{{[a-z0-9]+}} groups 3
// CHECK-NEXT: nn.mul
func.func @scale_of_positions(%x: tensor<2x6x3x5xf32>) -> tensor<2x6x3x5xf32> {
  %scale = nn.weight "positions", "other" = dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %n, %mean, %rstd, %gain = nn.group_norm %x groups 3 : (tensor<2x6x3x5xf32>) -> (tensor<2x6x3x5xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
  %y = nn.mul %n, %scale : tensor<2x6x3x5xf32>, tensor<5xf32>
  return %y : tensor<2x6x3x5xf32>
}

// CHECK-LABEL: func @rms_norm(
// CHECK: nn.weight "rms.scale", "norm.scale"
// CHECK: %[[S:.*]] = nn.sqrt
// CHECK: nn.div %{{.*}}, %[[S]]
// CHECK-NEXT: nn.mul
// CHECK-NEXT: return
func.func @rms_norm(%x: tensor<2x5xf32>) -> tensor<2x5xf32> {
  %scale = nn.weight "rms.scale", "other" = dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %x2 = nn.mul %x, %x : tensor<2x5xf32>, tensor<2x5xf32>
  %m = nn.reduce_mean %x2 over [1] : tensor<2x5xf32>
  %mean = nn.reshape %m to [-1, 1] : tensor<2xf32>
  %sum = nn.add %mean, %epsilon : tensor<2x1xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x1xf32>
  %r = nn.div %one, %s : tensor<f32>, tensor<2x1xf32>
  %n = nn.mul %x, %r : tensor<2x5xf32>, tensor<2x1xf32>
  %y = nn.mul %n, %scale : tensor<2x5xf32>, tensor<5xf32>
  return %y : tensor<2x5xf32>
}

// A reciprocal that is used twice stays one.
// CHECK-LABEL: func @rms_norm_inner_use(
// CHECK: nn.reciprocal
// CHECK-NOT: nn.div
func.func @rms_norm_inner_use(%x: tensor<2x5xf32>) -> (tensor<2x5xf32>, tensor<2x1xf32>) {
  %epsilon = nn.constant dense<1.0e-5> : tensor<f32>
  %x2 = nn.mul %x, %x : tensor<2x5xf32>, tensor<2x5xf32>
  %m = nn.reduce_mean %x2 over [1] : tensor<2x5xf32>
  %mean = nn.reshape %m to [-1, 1] : tensor<2xf32>
  %sum = nn.add %mean, %epsilon : tensor<2x1xf32>, tensor<f32>
  %s = nn.sqrt %sum : tensor<2x1xf32>
  %r = nn.reciprocal %s : tensor<2x1xf32>
  %n = nn.mul %x, %r : tensor<2x5xf32>, tensor<2x1xf32>
  return %n, %r : tensor<2x5xf32>, tensor<2x1xf32>
}
