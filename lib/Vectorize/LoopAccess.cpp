// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, stores and counters at a place inside of the loops of a schedule.
#include "LoopAccess.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "tally/Support/TypeSize.h"

using namespace mlir;
using namespace tally;

/// A cache behind the second one holds at most so many of it; only what is larger is surely gone before it is read again.
static constexpr int64_t cachesOfL2 = 32;
static constexpr int64_t lineBytes = 64;
/// Bytes of a vector from which on stores past the caches are whole lines, or halves that meet in the buffer of a line.
static constexpr int64_t leastStream = 32;

SmallVector<Piece> tally::piecesOf(ArrayRef<int64_t> widths) {
  SmallVector<Piece> pieces;
  int64_t distance = 0;
  for (int64_t width : widths) {
    pieces.push_back({distance, width});
    distance += width;
  }
  return pieces;
}

/// Whether the results are more than caches hold, and each element is stored once.
static bool exceedsCaches(const LoopNest &nest) {
  int64_t written = 0;
  for (const Access &output : nest.outputs)
    written += sizeInBytes(output.operand.getType());
  return llvm::all_of(nest.parallel, [](bool parallel) { return parallel; }) && written > cachesOfL2 * targetOf(nest.op).getL2Bytes();
}

/// Whether the vectors that are stored make up whole lines of the caches, which so need not be read first.
static bool storesLines(const LoopNest &nest, const Schedule &schedule, const Access &output) {
  int64_t element = elementBytes(output.elementType);
  auto isLine = [&](int64_t elements) { return elements * element % lineBytes == 0; };
  if (!isLine(output.offset))
    return false;
  for (int loop = 0; loop < nest.loops(); ++loop)
    if (loop != schedule.vectorLoop && !isLine(output.stride(loop)))
      return false;
  return llvm::all_of(schedule.vectorSegments, [&](const Segment &segment) {
    return isLine(segment.start) && isLine(segment.step) &&
           llvm::all_of(segment.pieces, [&](int64_t width) { return width * element % leastStream == 0 && segment.step % width == 0; });
  });
}

LoopAccess::LoopAccess(OpBuilder &builder, const LoopNest &nest, const Schedule &schedule)
    : builder(builder), loc(nest.op->getLoc()), nest(nest), schedule(schedule), base(nest.loops(), 0) {
  llvm::append_range(accesses, nest.inputs);
  llvm::append_range(accesses, nest.outputs);
  for (auto [number, access] : llvm::enumerate(accesses))
    flat.push_back(number >= nest.readsInput.size() || nest.readsInput[number] ? flatten(access) : Value());
  for (const Access &output : nest.outputs)
    pastCaches.push_back(exceedsCaches(nest) && storesLines(nest, schedule, output));
}

Values LoopAccess::emitFor(int loop, int64_t count, int64_t step, Values carried, llvm::function_ref<Values(Values)> inside) {
  loaded.clear();
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0), one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value end = arith::ConstantIndexOp::create(builder, loc, count);
  auto op = scf::ForOp::create(builder, loc, zero, end, one, carried);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(op.getBody());
  counters.push_back({loop, op.getInductionVar(), step});
  Count before = executions;
  executions *= count;
  Values results = inside(llvm::to_vector_of<Value>(op.getRegionIterArgs()));
  executions = before;
  counters.pop_back();
  loaded.clear();
  if (!results.empty()) {
    builder.setInsertionPointToEnd(op.getBody());
    scf::YieldOp::create(builder, loc, results);
  }
  return llvm::to_vector_of<Value>(op.getResults());
}

int64_t LoopAccess::rows() const {
  int64_t rows = 1;
  for (int64_t extent : extents)
    rows *= extent;
  return rows;
}

/// The steps of an unrolled loop at a row; the last one counts fastest.
int64_t LoopAccess::stepsInRow(int loop, int64_t row) const {
  for (auto [unrolled, extent] : llvm::reverse(llvm::zip_equal(schedule.unrolled, extents))) {
    if (unrolled.loop == loop)
      return row % extent;
    row /= extent;
  }
  return 0;
}

int64_t LoopAccess::vectorStride(const Access &access) const {
  return schedule.vectorLoop < 0 ? 0 : access.stride(schedule.vectorLoop);
}

/// The operand as a memref of rank 1 that starts at its first element.
Value LoopAccess::flatten(const Access &access) {
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

int64_t LoopAccess::constantOf(const Access &access, int64_t row, int64_t distance) const {
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  (void)cast<MemRefType>(access.operand.getType()).getStridesAndOffset(strides, offset);
  int64_t constant = distance * vectorStride(access);
  for (const UnrolledLoop &unrolled : schedule.unrolled)
    constant += stepsInRow(unrolled.loop, row) * access.stride(unrolled.loop);
  for (int loop = 0; loop < nest.loops(); ++loop)
    constant += base[loop] * access.stride(loop);
  return access.offset - offset + access.group * constant;
}

/// What the counters add to the position of an element; null where they do not move it. Outer counters are added first, so that their
/// sums can be hoisted.
Value LoopAccess::variablePartOf(int position) {
  auto [known, isNew] = variableParts.try_emplace({builder.getInsertionBlock(), position});
  if (!isNew)
    return known->second;
  auto flags = arith::IntegerOverflowFlags::nsw;
  Value sum;
  for (const Counter &counter : counters) {
    int64_t stride = counter.step * accesses[position].stride(counter.loop) * accesses[position].group;
    if (!stride)
      continue;
    Value term = counter.value;
    if (stride != 1)
      term = arith::MulIOp::create(builder, loc, term, arith::ConstantIndexOp::create(builder, loc, stride), flags);
    sum = sum ? arith::AddIOp::create(builder, loc, sum, term, flags).getResult() : term;
  }
  return known->second = sum;
}

/// The constant comes last, so that it becomes part of the address.
Value LoopAccess::indexOf(int position, int64_t row, int64_t distance) {
  Value sum = variablePartOf(position);
  int64_t constant = constantOf(accesses[position], row, distance);
  if (sum && !constant)
    return sum;
  Value value = arith::ConstantIndexOp::create(builder, loc, constant);
  return sum ? arith::AddIOp::create(builder, loc, sum, value, arith::IntegerOverflowFlags::nsw).getResult() : value;
}

/// Adjacent elements; groups of them as lanes.
Value LoopAccess::loadVector(int position, int64_t row, Piece piece) {
  const Access &access = accesses[position];
  Type stored = cast<MemRefType>(access.operand.getType()).getElementType();
  Value loaded = vector::LoadOp::create(builder, loc, VectorType::get({access.group * piece.width}, stored), flat[position],
                                        indexOf(position, row, piece.distance));
  return access.group == 1 ? loaded : vector::BitCastOp::create(builder, loc, VectorType::get({piece.width}, access.elementType), loaded);
}

Value LoopAccess::loadElement(int position, int64_t row, int64_t distance) {
  if (accesses[position].group == 1)
    return memref::LoadOp::create(builder, loc, flat[position], indexOf(position, row, distance));
  return vector::ExtractOp::create(builder, loc, loadVector(position, row, {distance, 1}), 0);
}

Value LoopAccess::load(int position, int64_t row, Piece piece) {
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
    result = loadVector(position, row, piece);
  } else if (piece.width > 1 && stride != 0) {
    SmallVector<Value> lanes;
    for (int64_t lane = 0; lane < piece.width; ++lane)
      lanes.push_back(loadElement(position, row, piece.distance + lane));
    result = vector::FromElementsOp::create(builder, loc, VectorType::get({piece.width}, access.elementType), lanes);
  } else {
    result = broadcastTo(builder, loc, loadElement(position, row, piece.distance), piece.width);
  }
  return loaded[{position, {constant, piece.width}}] = result;
}

void LoopAccess::store(int output, int64_t row, Piece piece, Value value) {
  int position = nest.inputs.size() + output;
  const Access &access = accesses[position];
  if (piece.width == 1) {
    memref::StoreOp::create(builder, loc, value, flat[position], indexOf(position, row, piece.distance));
  } else if (vectorStride(access) == 1) {
    llvm::MaybeAlign alignment;
    if (pastCaches[output])
      alignment = llvm::Align(std::min(piece.width * elementBytes(access.elementType), lineBytes));
    vector::StoreOp::create(builder, loc, value, flat[position], indexOf(position, row, piece.distance), pastCaches[output], alignment);
  } else {
    for (int64_t lane = 0; lane < piece.width; ++lane) {
      Value element = vector::ExtractOp::create(builder, loc, value, lane);
      memref::StoreOp::create(builder, loc, element, flat[position], indexOf(position, row, piece.distance + lane));
    }
  }
}

/// The count of a loop of the op at a point: what linalg.index means.
Value LoopAccess::countOf(int origin, int64_t row, Piece piece) {
  int loop = nest.originLoop[origin];
  int64_t constant = 0;
  Value sum;
  if (loop >= 0) {
    constant = base[loop] + stepsInRow(loop, row) + (loop == schedule.vectorLoop ? piece.distance : 0);
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
