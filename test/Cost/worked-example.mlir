// RUN: tally cost %s --verify | FileCheck %s
// RUN: tally cost %s --format json | FileCheck %s --check-prefix=JSON

// The worked example: N = 2 images 3x32x32, Conv 3x3 pad 1 to 4 channels without bias, BatchNormalization, ReLU, GlobalAveragePool, Gemm
// to 10 with bias, cross entropy with smoothing 0.2, SGD with momentum, Nesterov and l2 decay. 166 parameters, 1,044,290 operations.

// CHECK: complexity 1,044,456
// CHECK: parameters 166
// CHECK: operations 1,044,290
// Normalization: convert, subtract, multiply.
// CHECK: data 18,432
// Convolution 434,176, batch normalization 49,172 + 24, ReLU 8,192, pool 8,192, Gemm 160.
// CHECK: forward 499,916
// CHECK: loss 120
// Convolution's weight 442,260, batch normalization 65,560, ReLU 16,384, pool 8, Gemm 282. No input gradient: nothing needs it.
// CHECK: backward 524,494
// CHECK: optimizer 1,328

// JSON-DAG: "complexity": "1044456"
// JSON-DAG: "total": "1044290"
// JSON-DAG: "statistics": "8"
train.program @main steps 1 {
  train.parameter @conv.weight : tensor<4x3x3x3xf32> kind "conv.weight" trained true = dense<1.0> : tensor<4x3x3x3xf32>
  train.state @conv.weight.momentum : tensor<4x3x3x3xf32> role optimizer
  train.parameter @norm.scale : tensor<4xf32> kind "norm.scale" trained true = dense<1.0> : tensor<4xf32>
  train.state @norm.scale.momentum : tensor<4xf32> role optimizer
  train.parameter @norm.bias : tensor<4xf32> kind "norm.bias" trained true = dense<1.0> : tensor<4xf32>
  train.state @norm.bias.momentum : tensor<4xf32> role optimizer
  train.parameter @head.weight : tensor<10x4xf32> kind "linear.weight" trained true = dense<1.0> : tensor<10x4xf32>
  train.state @head.weight.momentum : tensor<10x4xf32> role optimizer
  train.parameter @head.bias : tensor<10xf32> kind "bias" trained true = dense<1.0> : tensor<10xf32>
  train.state @head.bias.momentum : tensor<10xf32> role optimizer
  train.state @norm.mean : tensor<4xf32> role statistics
  train.state @norm.variance : tensor<4xf32> role statistics
  train.state @labels : tensor<2xindex> role counter
  train.state @log.loss : tensor<f32> role metric
  train.segment first 0 steps 1 @step
  train.step @step batch 2 image 32 {
    %conv_weight = train.read @conv.weight : tensor<4x3x3x3xf32>
    %norm_scale = train.read @norm.scale : tensor<4xf32>
    %norm_bias = train.read @norm.bias : tensor<4xf32>
    %head_weight = train.read @head.weight : tensor<10x4xf32>
    %head_bias = train.read @head.bias : tensor<10xf32>
    %mean = train.read @norm.mean : tensor<4xf32>
    %variance = train.read @norm.variance : tensor<4xf32>
    %labels = train.read @labels : tensor<2xindex>

    %records = train.dataset : tensor<2x3073xi8>
    %bytes = nn.slice %records from [0, 1] sizes [2, 3072] steps [1, 1] : tensor<2x3073xi8> loc(#data)
    %image = nn.reshape %bytes to [2, 3, 32, 32] : tensor<2x3072xi8> loc(#data)
    %colour = nn.constant dense<[[[123.0]], [[120.0]], [[111.0]]]> : tensor<3x1x1xf32>
    %spread = nn.constant dense<[[[0.016]], [[0.017]], [[0.015]]]> : tensor<3x1x1xf32>
    %float = nn.convert %image to f32 : tensor<2x3x32x32xi8> loc(#data)
    %centred = nn.sub %float, %colour : tensor<2x3x32x32xf32>, tensor<3x1x1xf32> loc(#data)
    %x = nn.mul %centred, %spread : tensor<2x3x32x32xf32>, tensor<3x1x1xf32> loc(#data)

    %conv = nn.conv %x, %conv_weight pads [1, 1, 1, 1] : tensor<2x3x32x32xf32>, tensor<4x3x3x3xf32> loc("conv")
    %norm:5 = nn.batch_norm_training %conv scale %norm_scale bias %norm_bias : (tensor<2x4x32x32xf32>, tensor<4xf32>, tensor<4xf32>)
        -> (tensor<2x4x32x32xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) loc("norm")
    %keep = nn.constant dense<0.9> : tensor<f32>
    %fresh = nn.constant dense<0.1> : tensor<f32>
    %mean_old = nn.mul %mean, %keep : tensor<4xf32>, tensor<f32> loc("norm")
    %mean_now = nn.mul %norm#1, %fresh : tensor<4xf32>, tensor<f32> loc("norm")
    %mean_new = nn.add %mean_old, %mean_now : tensor<4xf32>, tensor<4xf32> loc("norm")
    train.write @norm.mean, %mean_new : tensor<4xf32>
    %variance_old = nn.mul %variance, %keep : tensor<4xf32>, tensor<f32> loc("norm")
    %variance_now = nn.mul %norm#2, %fresh : tensor<4xf32>, tensor<f32> loc("norm")
    %variance_new = nn.add %variance_old, %variance_now : tensor<4xf32>, tensor<4xf32> loc("norm")
    train.write @norm.variance, %variance_new : tensor<4xf32>
    %relu = nn.relu %norm#0 : tensor<2x4x32x32xf32> loc("relu")
    %pool = nn.reduce_mean %relu over [2, 3] : tensor<2x4x32x32xf32> loc("pool")
    %product = nn.matmul %pool, %head_weight transposed : tensor<2x4xf32>, tensor<10x4xf32> loc("head")
    %logits = nn.add %product, %head_bias : tensor<2x10xf32>, tensor<10xf32> loc("head")
    %loss = nn.cross_entropy %logits, %labels mean smoothing 2.0e-1 : tensor<2x10xf32>, tensor<2xindex> loc(#loss)
    train.write @log.loss, %loss : tensor<f32>
    %d_conv_weight, %d_norm_scale, %d_norm_bias, %d_head_weight, %d_head_bias = train.gradient %loss wrt %conv_weight, %norm_scale, %norm_bias, %head_weight, %head_bias
        : tensor<f32> wrt tensor<4x3x3x3xf32>, tensor<4xf32>, tensor<4xf32>, tensor<10x4xf32>, tensor<10xf32>

    %decay = nn.constant dense<5.0e-4> : tensor<f32>
    %momentum = nn.constant dense<0.85> : tensor<f32>
    %rate = nn.constant dense<0.5> : tensor<f32>
    %conv_weight_g = train.update @conv.weight, %d_conv_weight : tensor<4x3x3x3xf32>
    %conv_weight_wd = nn.mul %conv_weight, %decay : tensor<4x3x3x3xf32>, tensor<f32> loc(#sgd)
    %conv_weight_g1 = nn.add %conv_weight_g, %conv_weight_wd : tensor<4x3x3x3xf32>, tensor<4x3x3x3xf32> loc(#sgd)
    %conv_weight_v = train.read @conv.weight.momentum : tensor<4x3x3x3xf32>
    %conv_weight_mv = nn.mul %conv_weight_v, %momentum : tensor<4x3x3x3xf32>, tensor<f32> loc(#sgd)
    %conv_weight_v1 = nn.add %conv_weight_mv, %conv_weight_g1 : tensor<4x3x3x3xf32>, tensor<4x3x3x3xf32> loc(#sgd)
    %conv_weight_nesterov = nn.mul %conv_weight_v1, %momentum : tensor<4x3x3x3xf32>, tensor<f32> loc(#sgd)
    %conv_weight_g2 = nn.add %conv_weight_g1, %conv_weight_nesterov : tensor<4x3x3x3xf32>, tensor<4x3x3x3xf32> loc(#sgd)
    %conv_weight_step = nn.mul %conv_weight_g2, %rate : tensor<4x3x3x3xf32>, tensor<f32> loc(#sgd)
    %conv_weight_new = nn.sub %conv_weight, %conv_weight_step : tensor<4x3x3x3xf32>, tensor<4x3x3x3xf32> loc(#sgd)
    train.write @conv.weight, %conv_weight_new : tensor<4x3x3x3xf32>
    train.write @conv.weight.momentum, %conv_weight_v1 : tensor<4x3x3x3xf32>
    %norm_scale_g = train.update @norm.scale, %d_norm_scale : tensor<4xf32>
    %norm_scale_wd = nn.mul %norm_scale, %decay : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_scale_g1 = nn.add %norm_scale_g, %norm_scale_wd : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    %norm_scale_v = train.read @norm.scale.momentum : tensor<4xf32>
    %norm_scale_mv = nn.mul %norm_scale_v, %momentum : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_scale_v1 = nn.add %norm_scale_mv, %norm_scale_g1 : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    %norm_scale_nesterov = nn.mul %norm_scale_v1, %momentum : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_scale_g2 = nn.add %norm_scale_g1, %norm_scale_nesterov : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    %norm_scale_step = nn.mul %norm_scale_g2, %rate : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_scale_new = nn.sub %norm_scale, %norm_scale_step : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    train.write @norm.scale, %norm_scale_new : tensor<4xf32>
    train.write @norm.scale.momentum, %norm_scale_v1 : tensor<4xf32>
    %norm_bias_g = train.update @norm.bias, %d_norm_bias : tensor<4xf32>
    %norm_bias_wd = nn.mul %norm_bias, %decay : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_bias_g1 = nn.add %norm_bias_g, %norm_bias_wd : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    %norm_bias_v = train.read @norm.bias.momentum : tensor<4xf32>
    %norm_bias_mv = nn.mul %norm_bias_v, %momentum : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_bias_v1 = nn.add %norm_bias_mv, %norm_bias_g1 : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    %norm_bias_nesterov = nn.mul %norm_bias_v1, %momentum : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_bias_g2 = nn.add %norm_bias_g1, %norm_bias_nesterov : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    %norm_bias_step = nn.mul %norm_bias_g2, %rate : tensor<4xf32>, tensor<f32> loc(#sgd)
    %norm_bias_new = nn.sub %norm_bias, %norm_bias_step : tensor<4xf32>, tensor<4xf32> loc(#sgd)
    train.write @norm.bias, %norm_bias_new : tensor<4xf32>
    train.write @norm.bias.momentum, %norm_bias_v1 : tensor<4xf32>
    %head_weight_g = train.update @head.weight, %d_head_weight : tensor<10x4xf32>
    %head_weight_wd = nn.mul %head_weight, %decay : tensor<10x4xf32>, tensor<f32> loc(#sgd)
    %head_weight_g1 = nn.add %head_weight_g, %head_weight_wd : tensor<10x4xf32>, tensor<10x4xf32> loc(#sgd)
    %head_weight_v = train.read @head.weight.momentum : tensor<10x4xf32>
    %head_weight_mv = nn.mul %head_weight_v, %momentum : tensor<10x4xf32>, tensor<f32> loc(#sgd)
    %head_weight_v1 = nn.add %head_weight_mv, %head_weight_g1 : tensor<10x4xf32>, tensor<10x4xf32> loc(#sgd)
    %head_weight_nesterov = nn.mul %head_weight_v1, %momentum : tensor<10x4xf32>, tensor<f32> loc(#sgd)
    %head_weight_g2 = nn.add %head_weight_g1, %head_weight_nesterov : tensor<10x4xf32>, tensor<10x4xf32> loc(#sgd)
    %head_weight_step = nn.mul %head_weight_g2, %rate : tensor<10x4xf32>, tensor<f32> loc(#sgd)
    %head_weight_new = nn.sub %head_weight, %head_weight_step : tensor<10x4xf32>, tensor<10x4xf32> loc(#sgd)
    train.write @head.weight, %head_weight_new : tensor<10x4xf32>
    train.write @head.weight.momentum, %head_weight_v1 : tensor<10x4xf32>
    %head_bias_g = train.update @head.bias, %d_head_bias : tensor<10xf32>
    %head_bias_wd = nn.mul %head_bias, %decay : tensor<10xf32>, tensor<f32> loc(#sgd)
    %head_bias_g1 = nn.add %head_bias_g, %head_bias_wd : tensor<10xf32>, tensor<10xf32> loc(#sgd)
    %head_bias_v = train.read @head.bias.momentum : tensor<10xf32>
    %head_bias_mv = nn.mul %head_bias_v, %momentum : tensor<10xf32>, tensor<f32> loc(#sgd)
    %head_bias_v1 = nn.add %head_bias_mv, %head_bias_g1 : tensor<10xf32>, tensor<10xf32> loc(#sgd)
    %head_bias_nesterov = nn.mul %head_bias_v1, %momentum : tensor<10xf32>, tensor<f32> loc(#sgd)
    %head_bias_g2 = nn.add %head_bias_g1, %head_bias_nesterov : tensor<10xf32>, tensor<10xf32> loc(#sgd)
    %head_bias_step = nn.mul %head_bias_g2, %rate : tensor<10xf32>, tensor<f32> loc(#sgd)
    %head_bias_new = nn.sub %head_bias, %head_bias_step : tensor<10xf32>, tensor<10xf32> loc(#sgd)
    train.write @head.bias, %head_bias_new : tensor<10xf32>
    train.write @head.bias.momentum, %head_bias_v1 : tensor<10xf32>
  } loc(fused<"forward">["step"])
}
#data = loc(fused<"data">["image"])
#loss = loc(fused<"loss">["loss"])
#sgd = loc(fused<"optimizer">["sgd"])
