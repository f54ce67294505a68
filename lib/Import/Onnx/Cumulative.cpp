// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports sums and products of all elements up to each one.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// x[0], x[0] op x[1], ... along dimension `axis`: those of pairs give every second element, and one op each the others. That is fewer
/// than two for each element of x, in twice as many steps as x can be halved (Blelloch, Prefix Sums and Their Applications, 1990).
static Value accumulate(Composition &c, StringRef op, Value x, int64_t axis) {
  if (!x || c.shapeOf(x).here[axis] < 2)
    return x;
  int64_t size = c.shapeOf(x).here[axis], half = size / 2, rest = size - half;
  Value even = c.slice(x, axis, 0, rest, 2), odd = c.slice(x, axis, 1, half, 2);
  Value first = c.slice(even, axis, 0, 1);
  Value pairs = c.op(op, {c.slice(even, axis, 0, half), odd});
  Value atOdd = accumulate(c, op, pairs, axis), atEven = first;
  if (rest > 1) {
    Value before = c.slice(atOdd, axis, 0, rest - 1), own = c.slice(even, axis, 1, rest - 1);
    Value others = c.op(op, {before, own});
    atEven = others ? c.concat({first, others}, axis) : Value();
  }
  if (!atOdd || !atEven)
    return {};
  // One of either in turn.
  Shape unit = c.shapeOf(atOdd), merged = unit;
  unit.insert(axis + 1, 1);
  merged.set(axis, 2 * half);
  Value left = c.reshape(c.slice(atEven, axis, 0, half), unit), right = c.reshape(atOdd, unit);
  if (!left || !right)
    return {};
  Value joined = c.reshape(c.concat({left, right}, axis + 1), merged);
  return rest == half || !joined ? joined : c.concat({joined, c.slice(atEven, axis, half, 1)}, axis);
}

static Value reversed(Composition &c, Value x, int64_t axis) {
  return x ? c.take(x, axis, llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, c.shapeOf(x).here[axis])))) : x;
}

/// CumSum and CumProd; exclusive: without the element itself.
static LogicalResult importCumulative(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<std::optional<SmallVector<int64_t>>> given = node.axesInput(1);
  if (!x || failed(given))
    return failure();
  if ((*given)->size() != 1)
    return node.wrong("expects one axis, got " + Twine((*given)->size()));
  std::optional<int64_t> axis = c.axis((*given)->front(), c.rankOf(x));
  if (!axis)
    return failure();
  Shape shape = c.shapeOf(x);
  int64_t size = shape.here[*axis];
  if (shape.isBatch(*axis))
    return node.unsupported("sums and products along the batch are not supported");
  StringRef op = node.getRow().target;
  bool isReversed = node.integer("reverse", 0) != 0, isExclusive = node.integer("exclusive", 0) != 0;
  if (size == 0)
    return c.result(x);
  if (isReversed)
    x = reversed(c, x, *axis);
  if (isExclusive) {
    shape.set(*axis, 1);
    Value neutral = c.broadcast(c.number(op == "add" ? 0 : 1, x), shape);
    Value others = size > 1 ? accumulate(c, op, c.slice(x, *axis, 0, size - 1), *axis) : Value();
    if (!neutral || (size > 1 && !others))
      return failure();
    x = size > 1 ? c.concat({neutral, others}, *axis) : neutral;
  } else {
    x = accumulate(c, op, x, *axis);
  }
  return c.result(isReversed ? reversed(c, x, *axis) : x);
}

ArrayRef<OpRow> tally::onnx::getCumulativeRows() {
  static const OpRow rows[] = {
      {"CumSum", {11}, importCumulative, "add", 2},
      {"CumProd", {26}, importCumulative, "mul", 2},
  };
  return rows;
}
