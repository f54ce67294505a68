// A training run written by hand at the training level: one weight learns the mean of the first pixels of the records.
// Step t: d = w - x[t mod 4] / 255; loss = d * d; g = 2 d, v = 0.5 v + g, w -= lr[t] v.
#scalar = affine_map<() -> ()>
train.program @mean_pixel steps 5 attributes {info = {
  precision = "f32", model_sha256 = "model", recipe_sha256 = "recipe", operations = {total = "40"},
  steps_per_epoch = 4, epochs = 1.25, batch_size = 1, seeds = [1, 1], log_every = 1, log = {loss = "log.loss", lr = "log.lr"},
  data = {name = "cifar10", classes = 10, train_images = 4, test_images = 2, record_bytes = 3073, label_offset = 0, pixel_offset = 1}}} {
  train.state @step : tensor<index> role counter
  train.state @seed : tensor<i64> role counter
  train.parameter @w : tensor<f32> kind "other" trained true = dense<0.25> : tensor<f32>
  train.state @v : tensor<f32> role optimizer
  train.state @log.loss : tensor<f32> role metric
  train.state @log.lr : tensor<f32> role metric
  train.table @lr = dense<[0.5, 0.25, 0.125, 0.0625, 0.5]> : tensor<5xf32>
  train.step @step.0 batch 1 {
    %step = train.read @step : tensor<index>
    %w = train.read @w : tensor<f32>
    %v = train.read @v : tensor<f32>
    %lrs = train.read @lr : tensor<5xf32>
    %records = train.dataset : tensor<6x3073xi8>
    %e0 = tensor.empty() : tensor<index>
    %next = linalg.generic {indexing_maps = [#scalar, #scalar], iterator_types = []} ins(%step : tensor<index>) outs(%e0 : tensor<index>) {
    ^bb0(%t: index, %old: index):
      %c1 = arith.constant 1 : index
      %n = arith.addi %t, %c1 : index
      linalg.yield %n : index
    } -> tensor<index>
    %e1 = tensor.empty() : tensor<f32>
    %lr = linalg.generic {indexing_maps = [#scalar, #scalar], iterator_types = []} ins(%step : tensor<index>) outs(%e1 : tensor<f32>) {
    ^bb0(%t: index, %old: f32):
      %rate = tensor.extract %lrs[%t] : tensor<5xf32>
      linalg.yield %rate : f32
    } -> tensor<f32>
    %d = linalg.generic {indexing_maps = [#scalar, #scalar, #scalar], iterator_types = []} ins(%w, %step : tensor<f32>, tensor<index>) outs(%e1 : tensor<f32>) {
    ^bb0(%x: f32, %t: index, %old: f32):
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %record = arith.remui %t, %c4 : index
      %byte = tensor.extract %records[%record, %c1] : tensor<6x3073xi8>
      %pixel = arith.uitofp %byte : i8 to f32
      %scale = arith.constant 255.0 : f32
      %value = arith.divf %pixel, %scale : f32
      %y = arith.subf %x, %value : f32
      linalg.yield %y : f32
    } -> tensor<f32>
    %loss = linalg.generic {indexing_maps = [#scalar, #scalar], iterator_types = []} ins(%d : tensor<f32>) outs(%e1 : tensor<f32>) {
    ^bb0(%x: f32, %old: f32):
      %y = arith.mulf %x, %x : f32
      linalg.yield %y : f32
    } -> tensor<f32>
    %velocity = linalg.generic {indexing_maps = [#scalar, #scalar, #scalar], iterator_types = []} ins(%v, %d : tensor<f32>, tensor<f32>) outs(%e1 : tensor<f32>) {
    ^bb0(%x: f32, %y: f32, %old: f32):
      %half = arith.constant 0.5 : f32
      %two = arith.constant 2.0 : f32
      %g = arith.mulf %y, %two : f32
      %kept = arith.mulf %x, %half : f32
      %z = arith.addf %kept, %g : f32
      linalg.yield %z : f32
    } -> tensor<f32>
    %new = linalg.generic {indexing_maps = [#scalar, #scalar, #scalar, #scalar], iterator_types = []} ins(%w, %velocity, %lr : tensor<f32>, tensor<f32>, tensor<f32>) outs(%e1 : tensor<f32>) {
    ^bb0(%x: f32, %y: f32, %z: f32, %old: f32):
      %change = arith.mulf %y, %z : f32
      %r = arith.subf %x, %change : f32
      linalg.yield %r : f32
    } -> tensor<f32>
    train.write @step, %next : tensor<index>
    train.write @w, %new : tensor<f32>
    train.write @v, %velocity : tensor<f32>
    train.write @log.loss, %loss : tensor<f32>
    train.write @log.lr, %lr : tensor<f32>
  }
  train.segment first 0 steps 5 @step.0
}
