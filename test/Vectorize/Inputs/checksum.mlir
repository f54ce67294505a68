// Small integers that do not repeat along any loop.
func.func private @fill(%m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %c7 = arith.constant 7 : index
  %c11 = arith.constant 11 : index
  %three = arith.constant 3.0 : f32
  %n = memref.dim %m, %c0 : memref<?xf32>
  scf.for %k = %c0 to %n step %c1 {
    %p = arith.muli %k, %c5 : index
    %q = arith.divui %k, %c11 : index
    %r = arith.addi %p, %q : index
    %s = arith.remui %r, %c7 : index
    %i = arith.index_cast %s : index to i64
    %f = arith.sitofp %i : i64 to f32
    %d = arith.subf %f, %three : f32
    memref.store %d, %m[%k] : memref<?xf32>
  }
  return
}

// A checksum of all elements in their order.
func.func private @check_f32(%m: memref<?xf32>, %sum: memref<i64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %prime = arith.constant 1000003 : i64
  %n = memref.dim %m, %c0 : memref<?xf32>
  scf.for %k = %c0 to %n step %c1 {
    %e = memref.load %m[%k] : memref<?xf32>
    %i = arith.fptosi %e : f32 to i64
    %old = memref.load %sum[] : memref<i64>
    %p = arith.muli %old, %prime : i64
    %s = arith.addi %p, %i : i64
    memref.store %s, %sum[] : memref<i64>
  }
  return
}

func.func private @check_index(%m: memref<?xindex>, %sum: memref<i64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %prime = arith.constant 1000003 : i64
  %n = memref.dim %m, %c0 : memref<?xindex>
  scf.for %k = %c0 to %n step %c1 {
    %e = memref.load %m[%k] : memref<?xindex>
    %i = arith.index_cast %e : index to i64
    %old = memref.load %sum[] : memref<i64>
    %p = arith.muli %old, %prime : i64
    %s = arith.addi %p, %i : i64
    memref.store %s, %sum[] : memref<i64>
  }
  return
}
