// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types and costs of the maps of Winograd's convolution.
#include "dialects/Nn/Winograd.h"
#include "dialects/Nn/Window.h"
#include "dialects/Nn/ScalarBuilder.h"

using namespace mlir;
using namespace tally;
using namespace tally::nn;

#define GET_OP_CLASSES
#include "dialects/Nn/Winograd.cpp.inc"

WinogradSizes nn::sizesOf(WinogradMap map) {
  // Input, filter, output, adjoint of filter and of output, of F(2x2, 3x3) and of F(4x4, 3x3).
  constexpr WinogradSizes sizes[] = {{4, 4}, {3, 4}, {4, 2}, {4, 3}, {2, 4}, {6, 6}, {3, 6}, {6, 4}, {6, 3}, {4, 6}};
  return sizes[static_cast<int>(map)];
}

/// The map of one line of a tile (a column or a row), with what its lines share computed once.
static SmallVector<Value> transformLine(ScalarBuilder &s, WinogradMap map, ArrayRef<Value> x) {
  auto scaled = [&](Value value, double factor) { return s.mul(value, s.constant(factor)); };
  switch (map) {
  case WinogradMap::Input2:
    return {s.sub(x[0], x[2]), s.add(x[1], x[2]), s.sub(x[2], x[1]), s.sub(x[3], x[1])};
  case WinogradMap::Filter2: {
    Value outer = s.add(x[0], x[2]);
    return {x[0], scaled(s.add(outer, x[1]), 0.5), scaled(s.sub(outer, x[1]), 0.5), x[2]};
  }
  case WinogradMap::Output2: {
    Value first = s.add(x[0], x[1]), second = s.sub(x[1], x[2]);
    return {s.add(first, x[2]), s.add(second, x[3])};
  }
  case WinogradMap::Filter2Adjoint: {
    Value even = scaled(s.add(x[1], x[2]), 0.5), odd = scaled(s.sub(x[1], x[2]), 0.5);
    return {s.add(x[0], even), odd, s.add(even, x[3])};
  }
  case WinogradMap::Output2Adjoint:
    return {x[0], s.add(x[0], x[1]), s.sub(x[0], x[1]), x[1]};
  case WinogradMap::Input4: {
    Value even = s.sub(x[4], scaled(x[2], 4)), odd = s.sub(x[3], scaled(x[1], 4));
    Value evenStep = s.sub(x[4], x[2]), oddStep = s.sub(x[3], x[1]), twice = scaled(oddStep, 2);
    Value first = s.add(scaled(s.sub(x[0], x[2]), 4), evenStep), last = s.sub(s.sub(x[5], x[3]), scaled(oddStep, 4));
    return {first, s.add(even, odd), s.sub(even, odd), s.add(evenStep, twice), s.sub(evenStep, twice), last};
  }
  case WinogradMap::Filter4: {
    Value even = scaled(s.add(x[0], x[2]), -1.0 / 6), odd = scaled(x[1], 1.0 / 6);
    Value farEven = s.add(scaled(x[0], 1.0 / 24), scaled(x[2], 1.0 / 6)), farOdd = scaled(x[1], 1.0 / 12);
    return {scaled(x[0], 0.25), s.sub(even, odd), s.add(even, odd), s.add(farEven, farOdd), s.sub(farEven, farOdd), x[2]};
  }
  case WinogradMap::Output4: {
    Value even = s.add(x[1], x[2]), odd = s.sub(x[1], x[2]), farEven = s.add(x[3], x[4]), farOdd = s.sub(x[3], x[4]);
    Value first = s.add(s.add(x[0], even), farEven), second = s.add(odd, scaled(farOdd, 2)), third = s.add(even, scaled(farEven, 4));
    return {first, second, third, s.add(s.add(odd, scaled(farOdd, 8)), x[5])};
  }
  case WinogradMap::Filter4Adjoint: {
    Value even = scaled(s.add(x[1], x[2]), 1.0 / 6), odd = scaled(s.sub(x[2], x[1]), 1.0 / 6);
    Value farEven = s.add(x[3], x[4]), farOdd = s.sub(x[3], x[4]);
    Value first = s.sub(s.add(scaled(x[0], 0.25), scaled(farEven, 1.0 / 24)), even), third = s.sub(scaled(farEven, 1.0 / 6), even);
    return {first, s.add(odd, scaled(farOdd, 1.0 / 12)), s.add(third, x[5])};
  }
  case WinogradMap::Output4Adjoint: {
    Value even = s.add(x[0], x[2]), odd = s.add(x[1], x[3]);
    Value farEven = s.add(x[0], scaled(x[2], 4)), farOdd = scaled(s.add(x[1], scaled(x[3], 4)), 2);
    return {x[0], s.add(even, odd), s.sub(even, odd), s.add(farEven, farOdd), s.sub(farEven, farOdd), x[3]};
  }
  }
  llvm_unreachable("all maps are handled");
}

SmallVector<Value> nn::transformTile(OpBuilder &builder, Location loc, WinogradMap map, ValueRange tile) {
  ScalarBuilder scalars(builder, loc, tile.front().getType());
  auto [from, to] = sizesOf(map);
  SmallVector<SmallVector<Value>> columns; // by column, `to` elements each
  for (int64_t column = 0; column < from; ++column) {
    SmallVector<Value> elements;
    for (int64_t row = 0; row < from; ++row)
      elements.push_back(tile[row * from + column]);
    columns.push_back(transformLine(scalars, map, elements));
  }
  SmallVector<Value> result;
  for (int64_t row = 0; row < to; ++row) {
    SmallVector<Value> elements;
    for (ArrayRef<Value> column : columns)
      elements.push_back(column[row]);
    llvm::append_range(result, transformLine(scalars, map, elements));
  }
  return result;
}

/// The operations of transformTile for each of `tiles` tiles.
static SmallVector<CostTerm> costOfTiles(Location loc, WinogradMap map, Type element, int64_t tiles) {
  Block block;
  int64_t from = sizesOf(map).from;
  for (int64_t i = 0; i < from * from; ++i)
    block.addArgument(element, loc);
  OpBuilder builder(loc.getContext());
  builder.setInsertionPointToEnd(&block);
  transformTile(builder, loc, map, block.getArguments());
  return costOfScalars(block, tiles);
}

// winograd_split

LogicalResult WinogradSplitOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto x = floatTensorOfRank(loc, adaptor.getX(), "x", 4); // C1
  if (failed(x))
    return failure();
  ArrayRef<int64_t> tiles = adaptor.getTiles(), pads = adaptor.getPads();
  if (tiles.size() != 2 || tiles[0] < 1 || tiles[1] < 1 || adaptor.getStride() < 2) // C2
    return emitOptionalError(loc, "requires positive numbers of tiles and a stride of at least 2, got [", tiles, "] and ", adaptor.getStride());
  if (pads.size() != 2 || pads[0] < 0 || pads[1] < 0)
    return emitOptionalError(loc, "requires two pads of at least 0, got [", pads, "]");
  int64_t to = sizesOf(adaptor.getMap()).to;
  int64_t batch = x->getDimSize(0), channels = x->getDimSize(1);
  SmallVector<int64_t> shape{batch, channels, tiles[0], tiles[1]};
  if (adaptor.getBatchLast())
    shape = {tiles[0], channels, tiles[1], batch};
  types.append(to * to, x->clone(shape));
  return success();
}

SmallVector<CostTerm> WinogradSplitOp::getCost() {
  auto plane = cast<RankedTensorType>(getResult(0).getType());
  return costOfTiles(getLoc(), getMap(), plane.getElementType(), plane.getNumElements());
}

// winograd_join

LogicalResult WinogradJoinOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto [from, to] = sizesOf(adaptor.getMap());
  size_t expected = from * from;
  if (adaptor.getPlanes().size() != expected) // C1
    return emitOptionalError(loc, "expects ", expected, " planes for ", stringifyWinogradMap(adaptor.getMap()), " (got ", adaptor.getPlanes().size(), ")");
  auto plane = floatTensorOfRank(loc, adaptor.getPlanes().front(), "a plane", 4);
  if (failed(plane))
    return failure();
  ArrayRef<int64_t> size = adaptor.getSize(), shape = plane->getShape();
  int64_t batch = shape[0], height = shape[2], width = shape[3];
  if (adaptor.getBatchLast())
    std::tie(height, width, batch) = std::tuple(shape[0], shape[2], shape[3]);
  auto covers = [to = to](int64_t tiles, int64_t extent) { return (tiles - 1) * to < extent && extent <= tiles * to; };
  if (size.size() != 2 || !covers(height, size[0]) || !covers(width, size[1])) // C2
    return emitOptionalError(loc, "requires a size that ", height, "x", width, " tiles of ", to, "x", to, " cover, got [", size, "]");
  types.push_back(plane->clone({batch, shape[1], size[0], size[1]}));
  return success();
}

SmallVector<CostTerm> WinogradJoinOp::getCost() {
  auto plane = cast<RankedTensorType>(getPlanes().front().getType());
  return costOfTiles(getLoc(), getMap(), plane.getElementType(), plane.getNumElements());
}
