// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, stores and counters of the loop emitter.
#include "LoopEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tally;

int64_t LoopEmitter::vectorStride(const Access &access) const {
  return schedule.vectorLoop < 0 ? 0 : access.stride(schedule.vectorLoop);
}

int64_t LoopEmitter::rowStride(const Access &access) const {
  return schedule.rowLoop < 0 ? 0 : access.stride(schedule.rowLoop);
}

/// The operand as a memref of rank 1 that starts at its first element.
Value LoopEmitter::flatten(const Access &access) {
  auto type = dyn_cast<MemRefType>(access.operand.getType());
  if (!type)
    return access.operand;
  SmallVector<int64_t> strides;
  int64_t offset, extent = 1;
  (void)type.getStridesAndOffset(strides, offset); // analyzeLoopNest has refused others
  for (auto [size, stride] : llvm::zip_equal(type.getShape(), strides))
    extent += (size - 1) * stride;
  auto layout = offset ? StridedLayoutAttr::get(builder.getContext(), offset, {1}) : MemRefLayoutAttrInterface();
  auto flatType = MemRefType::get({extent}, type.getElementType(), layout, type.getMemorySpace());
  if (flatType == type)
    return access.operand;
  return memref::ReinterpretCastOp::create(builder, loc, flatType, access.operand, offset, ArrayRef<int64_t>{extent},
                                           ArrayRef<int64_t>{1});
}

int64_t LoopEmitter::constantOf(const Access &access, int64_t row, int64_t distance) const {
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  (void)cast<MemRefType>(access.operand.getType()).getStridesAndOffset(strides, offset);
  int64_t constant = access.offset - offset + row * rowStride(access) + distance * vectorStride(access);
  for (int loop = 0; loop < nest.loops(); ++loop)
    constant += base[loop] * access.stride(loop);
  return constant;
}

/// Outer counters are added first, so that their sums can be hoisted; the constant last, so that it becomes part of the address.
Value LoopEmitter::indexOf(const Access &access, int64_t row, int64_t distance) {
  auto flags = arith::IntegerOverflowFlags::nsw;
  Value sum;
  for (const Counter &counter : counters) {
    int64_t stride = counter.step * access.stride(counter.loop);
    if (!stride)
      continue;
    Value term = counter.value;
    if (stride != 1)
      term = arith::MulIOp::create(builder, loc, term, arith::ConstantIndexOp::create(builder, loc, stride), flags);
    sum = sum ? arith::AddIOp::create(builder, loc, sum, term, flags).getResult() : term;
  }
  int64_t constant = constantOf(access, row, distance);
  if (!sum || constant) {
    Value value = arith::ConstantIndexOp::create(builder, loc, constant);
    sum = sum ? arith::AddIOp::create(builder, loc, sum, value, flags).getResult() : value;
  }
  return sum;
}

Value LoopEmitter::load(int position, int64_t row, Piece piece) {
  const Access &access = accesses[position];
  if (access.isScalar())
    return broadcastTo(builder, loc, access.operand, piece.width);
  int64_t stride = vectorStride(access);
  int64_t constant = constantOf(access, row, piece.distance);
  Value &known = loaded[{position, {constant, piece.width}}];
  if (known)
    return known;
  Value result;
  if (piece.width > 1 && stride == 1) {
    result = vector::LoadOp::create(builder, loc, VectorType::get({piece.width}, access.elementType), flat[position],
                                    indexOf(access, row, piece.distance));
  } else if (piece.width > 1 && stride != 0) {
    SmallVector<Value> lanes;
    for (int64_t lane = 0; lane < piece.width; ++lane)
      lanes.push_back(memref::LoadOp::create(builder, loc, flat[position], indexOf(access, row, piece.distance + lane)));
    result = vector::FromElementsOp::create(builder, loc, VectorType::get({piece.width}, access.elementType), lanes);
  } else {
    result = memref::LoadOp::create(builder, loc, flat[position], indexOf(access, row, piece.distance));
    result = broadcastTo(builder, loc, result, piece.width);
  }
  return loaded[{position, {constant, piece.width}}] = result;
}

void LoopEmitter::store(int output, int64_t row, Piece piece, Value value) {
  int position = nest.inputs.size() + output;
  const Access &access = accesses[position];
  if (piece.width == 1) {
    memref::StoreOp::create(builder, loc, value, flat[position], indexOf(access, row, piece.distance));
  } else if (vectorStride(access) == 1) {
    vector::StoreOp::create(builder, loc, value, flat[position], indexOf(access, row, piece.distance));
  } else {
    for (int64_t lane = 0; lane < piece.width; ++lane) {
      Value element = vector::ExtractOp::create(builder, loc, value, lane);
      memref::StoreOp::create(builder, loc, element, flat[position], indexOf(access, row, piece.distance + lane));
    }
  }
}

/// The count of a loop of the op at a point: what linalg.index means.
Value LoopEmitter::countOf(int origin, int64_t row, Piece piece) {
  int loop = nest.originLoop[origin];
  int64_t constant = 0;
  Value sum;
  if (loop >= 0) {
    constant = base[loop] + (loop == schedule.rowLoop ? row : 0) + (loop == schedule.vectorLoop ? piece.distance : 0);
    for (const Counter &counter : counters) {
      if (counter.loop != loop)
        continue;
      Value term = arith::MulIOp::create(builder, loc, counter.value,
                                         arith::ConstantIndexOp::create(builder, loc, counter.step));
      sum = sum ? arith::AddIOp::create(builder, loc, sum, term).getResult() : term;
    }
  }
  Value first = arith::ConstantIndexOp::create(builder, loc, constant);
  first = sum ? arith::AddIOp::create(builder, loc, sum, first).getResult() : first;
  first = broadcastTo(builder, loc, first, piece.width);
  if (piece.width == 1 || loop != schedule.vectorLoop)
    return first;
  SmallVector<int64_t> lanes = llvm::to_vector(llvm::seq<int64_t>(0, piece.width));
  auto type = VectorType::get({piece.width}, builder.getIndexType());
  Value steps = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, ArrayRef<int64_t>(lanes)));
  return arith::AddIOp::create(builder, loc, first, steps);
}
