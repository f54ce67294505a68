// RUN: tally-opt %s --convert-nn-to-linalg --form-kernels | FileCheck %s --check-prefix=KERNELS
// RUN: tally-opt %s --convert-nn-to-linalg --form-kernels --plan-memory --bufferize-kernels | FileCheck %s --check-prefix=BUFFER
// RUN: tally-opt %s --pipeline-cpu | FileCheck %s --check-prefix=LLVM
// RUN: tally-opt %s --pipeline-cpu --verify-counts -o /dev/null
// RUN: tally-opt %s --pipeline-cpu=opt=3 --verify-counts -o /dev/null

// One step: w += v + 0.5; v = relu(w) of the old w; a and b change places.

// KERNELS: train.step @main_step
// KERNELS: %[[V:.*]] = train.read @v
// KERNELS: %[[G:.*]] = func.call @tally.optimizer.decay.0(%[[V]], %{{.*}})
// KERNELS: func.func private @tally.optimizer.decay.0(%{{.*}}: tensor<4xf32> {bufferization.writable = false}, %{{.*}}: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> attributes {tally.kernel}

// BUFFER: tally.arena_bytes = 448
// BUFFER-SAME: tally.persistent_bytes = 256
// BUFFER: func.func @main_step(%[[ARENA:.*]]: memref<448xi8> {tally.space = 0 : i64}, %{{.*}}: memref<1xi8>)
// BUFFER-NOT: memref.alloc
// BUFFER: func.func private @tally.optimizer.decay.0(%[[IN:.*]]: memref<4xf32>, %[[OUT:.*]]: memref<4xf32>)
// BUFFER-NOT: memref.alloc
// BUFFER: linalg.generic {{.*}} ins(%[[IN]] {{.*}} outs(%[[OUT]]

// LLVM: train.program @run
// LLVM: llvm.func @main_step(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr)
// LLVM: llvm.call @tally.optimizer.decay.0(
// LLVM: llvm.func internal @tally.optimizer.decay.0
train.program @run steps 3 {
  train.parameter @w : tensor<4xf32> kind "linear.weight" trained true = dense<[1.0, 2.0, -3.0, 4.0]> : tensor<4xf32>
  train.state @v : tensor<4xf32> role optimizer
  train.state @a : tensor<2xf32> role optimizer = dense<[1.0, 2.0]> : tensor<2xf32>
  train.state @b : tensor<2xf32> role optimizer = dense<[3.0, 4.0]> : tensor<2xf32>
  train.step @main_step batch 1 {
    %w = train.read @w : tensor<4xf32>
    %v = train.read @v : tensor<4xf32>
    %a = train.read @a : tensor<2xf32>
    %b = train.read @b : tensor<2xf32>
    %half = nn.constant dense<0.5> : tensor<f32>
    %g = nn.add %v, %half : tensor<4xf32>, tensor<f32> loc(#decay)
    %n = nn.add %w, %g : tensor<4xf32>, tensor<4xf32> loc(#update)
    %r = nn.relu %w : tensor<4xf32> loc(#relu)
    train.write @w, %n : tensor<4xf32>
    train.write @v, %r : tensor<4xf32>
    train.write @a, %b : tensor<2xf32>
    train.write @b, %a : tensor<2xf32>
  }
  train.segment first 0 steps 3 @main_step
}
#decay = loc(fused<"optimizer">["decay"])
#update = loc(fused<"optimizer">["update"])
#relu = loc(fused<"forward">["relu"])
