// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops that keep some of their elements: which ones must be known at import time, because shapes are static.
#include "Composition.h"
#include <map>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// The elements, or the parts of a dimension, where a known condition holds.
static LogicalResult importCompress(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<HostTensor> condition = node.constant(1);
  if (!x || failed(condition))
    return failure();
  std::optional<int64_t> axis = 0;
  if (node.hasAttribute("axis"))
    axis = c.axis(node.integer("axis", 0), c.rankOf(x));
  else
    x = c.reshape(x, c.shapeOf(x).merged(0, c.rankOf(x)));
  if (!axis || !x)
    return failure();
  if (c.shapeOf(x).isBatch(*axis))
    return node.unsupported("a part of the batch is not supported");
  Sizes places;
  for (auto [place, holds] : llvm::enumerate(condition->integers))
    if (holds)
      places.push_back(place);
  if (static_cast<int64_t>(condition->integers.size()) > c.shapeOf(x).here[*axis])
    return node.wrong("expects at most " + Twine(c.shapeOf(x).here[*axis]) + " conditions, got " + Twine(condition->integers.size()));
  return c.result(places.empty() ? c.slice(x, *axis, 0, 0) : c.take(x, *axis, places));
}

/// The indices of the elements of a known tensor that are not 0, one in each column.
static LogicalResult importNonZero(NodeReader &node) {
  return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
    const HostTensor &x = inputs[0];
    auto rank = static_cast<int64_t>(x.shape.size());
    std::vector<int64_t> found;
    for (int64_t index = 0; index < x.size(); ++index)
      if (x.isFloat() ? x.reals[index] != 0 : x.integers[index] != 0)
        found.push_back(index);
    HostTensor places = HostTensor::vector({});
    places.shape = {rank, static_cast<int64_t>(found.size())};
    for (int64_t dimension = 0; dimension < rank; ++dimension) {
      int64_t inner = *checkedProduct(ArrayRef(x.shape).drop_front(dimension + 1));
      for (int64_t index : found)
        places.integers.push_back(index / inner % x.shape[dimension]);
    }
    return places;
  });
}

/// The different elements of a known tensor, or its different parts along an axis, in order or as they first come; where each comes first,
/// which one each is, and how often it is there.
static LogicalResult importUnique(NodeReader &node) {
  Composition c(node);
  FailureOr<HostTensor> x = node.constant(0);
  if (failed(x))
    return failure();
  bool hasAxis = node.hasAttribute("axis"), sorted = node.integer("sorted", 1) != 0;
  std::optional<int64_t> axis = hasAxis ? c.axis(node.integer("axis", 0), x->shape.size()) : 0;
  if (!axis)
    return failure();
  Sizes shape = hasAxis ? x->shape : Sizes{x->size()};
  int64_t number = shape[*axis], inner = *checkedProduct(ArrayRef(shape).drop_front(*axis + 1)), outer = *checkedProduct(ArrayRef(shape).take_front(*axis));
  auto place = [&](int64_t part, int64_t element) { return (element / inner * number + part) * inner + element % inner; };
  // Parts in order, with their indices.
  using Part = std::pair<std::vector<double>, std::vector<int64_t>>;
  std::map<Part, Sizes> parts;
  for (int64_t index = 0; index < number; ++index) {
    Part part;
    for (int64_t element = 0; element < outer * inner; ++element) {
      if (x->isFloat())
        part.first.push_back(x->reals[place(index, element)]);
      else
        part.second.push_back(x->integers[place(index, element)]);
    }
    parts[part].push_back(index);
  }
  SmallVector<Sizes> found = llvm::to_vector(llvm::make_second_range(parts));
  if (!sorted)
    llvm::sort(found, [](const Sizes &a, const Sizes &b) { return a.front() < b.front(); });
  Sizes first, counts, inverse(number);
  for (auto [index, indices] : llvm::enumerate(found)) {
    first.push_back(indices.front());
    counts.push_back(indices.size());
    for (int64_t place : indices)
      inverse[place] = index;
  }
  shape[*axis] = first.size();
  HostTensor y = x->gather(shape, [&](int64_t index) {
    int64_t block = inner * static_cast<int64_t>(first.size());
    return place(first[index % block / inner], index / block * inner + index % inner);
  });
  if (failed(c.result(node.emitConstant(y), 0, x->type)))
    return failure();
  for (auto [output, list] : {std::pair(size_t(1), &first), {2, &inverse}, {3, &counts}})
    if (failed(c.result(node.emitConstant(HostTensor::vector(*list)), output, ElementType::Int64)))
      return failure();
  return success();
}

namespace {
/// An area of a plane: [top, bottom) x [left, right).
struct Box {
  double top, left, bottom, right;

  double area() const { return std::max(bottom - top, 0.0) * std::max(right - left, 0.0); }
};
} // namespace

/// The common part of two areas over both together.
static double overlap(const Box &a, const Box &b) {
  Box common = {std::max(a.top, b.top), std::max(a.left, b.left), std::min(a.bottom, b.bottom), std::min(a.right, b.right)};
  double both = a.area() + b.area() - common.area();
  return both > 0 ? common.area() / both : 0;
}

/// [batch, class, box] of known boxes in the order of their scores, but for those that overlap one before them too much.
static LogicalResult importNonMaxSuppression(NodeReader &node) {
  bool isCentered = node.integer("center_point_box", 0) != 0;
  return node.fold([&](ArrayRef<HostTensor> inputs) -> FailureOr<HostTensor> {
    const HostTensor &boxes = inputs[0], &scores = inputs[1];
    if (!boxes.isFloat() || !scores.isFloat() || boxes.shape.size() != 3 || boxes.shape[2] != 4 || scores.shape.size() != 3 || scores.shape[0] != boxes.shape[0] || scores.shape[2] != boxes.shape[1])
      return FailureOr<HostTensor>(node.wrong("expects boxes of [batches, boxes, 4] and scores of [batches, classes, boxes]"));
    auto number = [&](size_t input, double otherwise) {
      if (input >= inputs.size() || inputs[input].size() != 1)
        return otherwise;
      return inputs[input].isFloat() ? inputs[input].reals.front() : static_cast<double>(inputs[input].integers.front());
    };
    double most = number(2, 0), threshold = number(3, 0), leastScore = number(4, -std::numeric_limits<double>::infinity());
    int64_t boxesOfOne = boxes.shape[1], classes = scores.shape[1];
    auto boxAt = [&](int64_t index) -> Box {
      ArrayRef<double> at = ArrayRef(boxes.reals).slice(index * 4, 4);
      if (isCentered) // x, y, width, height
        return {at[1] - at[3] / 2, at[0] - at[2] / 2, at[1] + at[3] / 2, at[0] + at[2] / 2};
      return {std::min(at[0], at[2]), std::min(at[1], at[3]), std::max(at[0], at[2]), std::max(at[1], at[3])};
    };
    HostTensor chosen = HostTensor::vector({});
    for (int64_t row = 0; row < scores.shape[0] * classes; ++row) {
      ArrayRef<double> own = ArrayRef(scores.reals).slice(row * boxesOfOne, boxesOfOne);
      Sizes order = llvm::to_vector(llvm::make_filter_range(llvm::seq<int64_t>(0, boxesOfOne), [&](int64_t box) { return own[box] > leastScore; }));
      llvm::stable_sort(order, [&](int64_t a, int64_t b) { return own[a] > own[b]; });
      Sizes kept;
      for (int64_t box : order) {
        Box area = boxAt(row / classes * boxesOfOne + box);
        auto covers = [&](int64_t other) { return overlap(boxAt(row / classes * boxesOfOne + other), area) > threshold; };
        if (static_cast<double>(kept.size()) < most && llvm::none_of(kept, covers))
          kept.push_back(box);
      }
      for (int64_t box : kept)
        for (int64_t element : {row / classes, row % classes, box})
          chosen.integers.push_back(element);
    }
    chosen.shape = {static_cast<int64_t>(chosen.integers.size()) / 3, 3};
    return chosen;
  });
}

ArrayRef<OpRow> tally::onnx::getFilterRows() {
  static const OpRow rows[] = {
      {"Compress", {9}, importCompress, "", 2},
      {"NonZero", {9}, importNonZero},
      {"Unique", {11}, importUnique, "", 1, 4},
      {"NonMaxSuppression", {10}, importNonMaxSuppression, "", 2},
  };
  return rows;
}
