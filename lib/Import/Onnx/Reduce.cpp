// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports reductions over dimensions.
#include "Composition.h"
#include "WindowReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// The product over one dimension, half by half: its gradient holds also where a factor is 0.
static Value multiplyHalves(Composition &c, Value x, int64_t axis) {
  while (x && c.shapeOf(x).here[axis] > 1) {
    int64_t size = c.shapeOf(x).here[axis], half = size / 2;
    Value front = c.slice(x, axis, 0, half), back = c.slice(x, axis, half, half);
    Value product = c.mul(front, back);
    x = size % 2 && product ? c.concat({product, c.slice(x, axis, size - 1, 1)}, axis) : product;
  }
  return x;
}

/// The reduction `kind` of x over sorted axes, which stay with size 1. Integers and truth values are combined as they are, but for means
/// and roots.
static Value reduceAxes(Composition &c, StringRef kind, Value x, ArrayRef<int64_t> axes) {
  if (!x)
    return {};
  if (kind == "reduce_l1")
    return c.sum(isa<FloatType>(c.elementOf(x)) ? c.op("abs", x) : c.max(x, c.negate(x)), axes);
  if (kind == "reduce_sum_square")
    return c.sum(c.mul(x, x), axes);
  if (kind == "reduce_prod") {
    for (int64_t axis : axes) {
      if (c.shapeOf(x).isBatch(axis)) {
        (void)c.node.unsupported("a product over the batch is not supported");
        return {};
      }
      if (c.shapeOf(x).here[axis] == 0) {
        Shape shape = c.shapeOf(x);
        shape.set(axis, 1);
        x = c.broadcast(c.number(1, x), shape);
      }
      x = multiplyHalves(c, x, axis);
    }
    return x;
  }
  if (isa<FloatType>(c.elementOf(x))) {
    if (kind == "reduce_l2")
      return c.op("sqrt", reduceAxes(c, "reduce_sum_square", x, axes));
    if (kind == "reduce_log_sum")
      return c.op("log", c.sum(x, axes));
    if (kind == "reduce_log_sum_exp") {
      Value largest = c.reduce("reduce_max", x, axes, true);
      return c.add(c.op("log", c.sum(c.op("exp", c.sub(x, largest)), axes)), largest);
    }
    return c.reduce(kind, x, axes, true);
  }
  Type element = c.elementOf(x);
  if (kind == "reduce_sum" || ((kind == "reduce_max" || kind == "reduce_min") && !element.isInteger(1)))
    return c.reduce(kind, x, axes, true);
  if (element.isInteger(1)) { // as integers; of none the smallest one, which is false, or the largest
    Value reduced = reduceAxes(c, kind, c.convert(x, IntegerType::get(element.getContext(), 64)), axes);
    return c.compare(nn::Relation::Greater, reduced, c.number(0, reduced));
  }
  return c.convert(reduceAxes(c, kind, c.convert(x, Float64Type::get(element.getContext())), axes), element);
}

/// Sorted axes, all where none are given; nullopt after an error.
static std::optional<Sizes> sortedAxes(Composition &c, const std::optional<Sizes> &given, int64_t rank) {
  if (!given || given->empty())
    return llvm::to_vector(llvm::seq<int64_t>(0, rank));
  Sizes axes;
  for (int64_t axis : *given) {
    std::optional<int64_t> normalized = c.axis(axis, rank);
    if (!normalized)
      return std::nullopt;
    axes.push_back(*normalized);
  }
  llvm::sort(axes);
  axes.erase(llvm::unique(axes), axes.end());
  return axes;
}

static LogicalResult reduce(NodeReader &node, FailureOr<std::optional<Sizes>> given, bool noop) {
  Composition c(node);
  Value x = c.input(0);
  if (failed(given) || !x)
    return failure();
  bool keep = node.integer("keepdims", 1) != 0;
  StringRef kind = node.getRow().target;
  Shape shape = c.shapeOf(x);
  std::optional<Sizes> axes = sortedAxes(c, *given, shape.rank());
  if (!axes)
    return failure();
  if (noop && (!*given || (*given)->empty()))
    axes->clear();
  Value y;
  // What exporters write as a maximum over height and width is a pool, whose gradient goes to one position.
  if (kind == "reduce_max" && isa<FloatType>(c.elementOf(x)) && shape.rank() == 4 && *axes == Sizes{2, 3}) {
    FailureOr<Value> pooled = emitGlobalMaxPool(node, x);
    y = succeeded(pooled) ? *pooled : Value();
  } else {
    y = reduceAxes(c, kind, x, *axes);
  }
  if (keep || !y)
    return c.result(y);
  for (int64_t axis : llvm::reverse(*axes))
    shape.erase(axis);
  return c.result(c.reshape(y, shape));
}

static LogicalResult importReduce(NodeReader &node) {
  return reduce(node, node.axesInput(1), node.integer("noop_with_empty_axes", 0) != 0);
}

static LogicalResult importReduceByAttribute(NodeReader &node) { return reduce(node, node.axesAttribute(), /*noop=*/false); }

/// The first (or last) position of the largest (or smallest) element along an axis.
static LogicalResult importArg(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  Shape shape = c.shapeOf(x);
  std::optional<int64_t> axis = c.axis(node.integer("axis", 0), shape.rank());
  if (!axis)
    return failure();
  if (shape.isBatch(*axis))
    return node.unsupported("a position along the batch is not supported");
  bool last = node.integer("select_last_index", 0) != 0, keep = node.integer("keepdims", 1) != 0;
  int64_t size = shape.here[*axis];
  Sizes list(shape.rank(), 1);
  list[*axis] = size;
  Value positions = c.integers(llvm::to_vector(llvm::seq<int64_t>(0, size)), list);
  Value extremum = c.reduce(node.getRow().target, x, *axis, true);
  Value candidates = c.select(c.compare(nn::Relation::Equal, x, extremum), positions, c.number(last ? -1 : static_cast<double>(size), positions));
  return c.result(c.reduce(last ? "reduce_max" : "reduce_min", candidates, *axis, keep), 0, ElementType::Int64);
}

ArrayRef<OpRow> tally::onnx::getReduceRows() {
  static const OpRow rows[] = {
      {"ReduceMean", {7, 18}, importReduceByAttribute, "reduce_mean"},
      {"ReduceMean", {18}, importReduce, "reduce_mean"},
      {"ReduceMax", {7, 18}, importReduceByAttribute, "reduce_max"},
      {"ReduceMax", {18}, importReduce, "reduce_max"},
      {"ReduceMin", {7, 18}, importReduceByAttribute, "reduce_min"},
      {"ReduceMin", {18}, importReduce, "reduce_min"},
      {"ReduceSum", {7, 13}, importReduceByAttribute, "reduce_sum"},
      {"ReduceSum", {13}, importReduce, "reduce_sum"},
      {"ReduceProd", {7, 18}, importReduceByAttribute, "reduce_prod"},
      {"ReduceProd", {18}, importReduce, "reduce_prod"},
      {"ReduceL1", {7, 18}, importReduceByAttribute, "reduce_l1"},
      {"ReduceL1", {18}, importReduce, "reduce_l1"},
      {"ReduceL2", {7, 18}, importReduceByAttribute, "reduce_l2"},
      {"ReduceL2", {18}, importReduce, "reduce_l2"},
      {"ReduceLogSum", {7, 18}, importReduceByAttribute, "reduce_log_sum"},
      {"ReduceLogSum", {18}, importReduce, "reduce_log_sum"},
      {"ReduceLogSumExp", {7, 18}, importReduceByAttribute, "reduce_log_sum_exp"},
      {"ReduceLogSumExp", {18}, importReduce, "reduce_log_sum_exp"},
      {"ReduceSumSquare", {7, 18}, importReduceByAttribute, "reduce_sum_square"},
      {"ReduceSumSquare", {18}, importReduce, "reduce_sum_square"},
      {"ArgMax", {7}, importArg, "reduce_max"},
      {"ArgMin", {7}, importArg, "reduce_min"},
  };
  return rows;
}
