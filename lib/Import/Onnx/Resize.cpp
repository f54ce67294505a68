// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports the resizing of images: along each axis every output is a sum of elements at places, with weights, that are known.
#include "Composition.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Sizes = SmallVector<int64_t>;

/// The largest size of a dimension, each element of which has its weights written down.
constexpr int64_t largestSize = 1 << 24;

namespace {

/// The attributes of Resize.
struct Method {
  StringRef mode = "nearest", nearest = "round_prefer_floor", coordinates = "half_pixel", aspect = "stretch";
  double cubic = -0.75, outsideValue = 0;
  bool excludesOutside = false, antialias = false;
};

/// How one axis is resized.
struct AxisPlan {
  int64_t axis, from, to;
  double scale;
  double start = 0, end = 1; ///< of the region of interest, as parts of the axis

  bool isIdentity(bool crops) const { return from == to && scale == 1 && (!crops || (start == 0 && end == 1)); }
};

/// What the outputs of an axis read: of each tap a place and a weight for each output.
struct Taps {
  std::vector<Sizes> places;
  std::vector<std::vector<double>> weights;
  SmallVector<bool> outside; ///< outputs that get extrapolation_value
};

} // namespace

/// The coordinate in the input of an output, as the ONNX standard has it.
static double coordinateOf(const Method &method, const AxisPlan &plan, int64_t output) {
  StringRef kind = method.coordinates;
  auto x = static_cast<double>(output), from = static_cast<double>(plan.from), to = plan.scale * from;
  if (kind == "align_corners")
    return to == 1 ? 0 : x * (from - 1) / (to - 1);
  if (kind == "asymmetric")
    return x / plan.scale;
  if (kind == "tf_half_pixel_for_nn")
    return (x + 0.5) / plan.scale;
  if (kind == "tf_crop_and_resize") {
    double inner = to == 1 ? (plan.end - plan.start) * (from - 1) / 2 : x * (plan.end - plan.start) * (from - 1) / (to - 1);
    return inner + plan.start * (from - 1);
  }
  if (kind == "pytorch_half_pixel" && plan.to == 1)
    return 0;
  double halfPixel = (x + 0.5) / plan.scale - 0.5;
  if (kind == "half_pixel_symmetric") // the middle of the output is that of the input, also where `to` is no integer
    return from / 2 * (1 - static_cast<double>(plan.to) / to) + halfPixel;
  return halfPixel;
}

/// The weight of an element at a distance, in elements, from the coordinate (Keys' cubic convolution, or a triangle).
static double kernelAt(const Method &method, double distance) {
  double x = std::abs(distance), a = method.cubic;
  if (method.mode == "linear")
    return std::max(1 - x, 0.0);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static int64_t nearestTo(StringRef mode, double x) {
  double below = std::floor(x), fraction = x - below;
  bool up = mode == "ceil"                 ? fraction > 0
            : mode == "round_prefer_floor" ? fraction > 0.5
            : mode == "round_prefer_ceil"  ? fraction >= 0.5
                                           : false;
  return static_cast<int64_t>(below) + up;
}

static Taps tapsOf(const Method &method, const AxisPlan &plan) {
  // Where the image becomes smaller, antialiasing stretches the kernel over all elements that an output stands for.
  double stretch = method.antialias ? std::min<double>(plan.scale, 1) : 1;
  int64_t reach = method.mode == "nearest" ? 0 : static_cast<int64_t>(std::ceil((method.mode == "linear" ? 1 : 2) / stretch));
  size_t number = reach ? 2 * reach : 1;
  Taps taps = {std::vector<Sizes>(number), std::vector<std::vector<double>>(number), {}};
  for (int64_t output = 0; output < plan.to; ++output) {
    double x = std::clamp(coordinateOf(method, plan, output), -1e9, 1e9);
    taps.outside.push_back(method.coordinates == "tf_crop_and_resize" && (x < 0 || x > static_cast<double>(plan.from - 1)));
    int64_t first = reach ? static_cast<int64_t>(std::floor(x)) - reach + 1 : nearestTo(method.nearest, x);
    double sum = 0;
    for (size_t tap = 0; tap < number; ++tap) {
      int64_t place = first + static_cast<int64_t>(tap);
      bool isInside = place >= 0 && place < plan.from;
      double weight = reach ? kernelAt(method, (static_cast<double>(place) - x) * stretch) : 1;
      weight = method.excludesOutside && !isInside ? 0 : weight;
      sum += weight;
      taps.places[tap].push_back(std::clamp<int64_t>(place, 0, plan.from - 1));
      taps.weights[tap].push_back(weight);
    }
    bool normalizes = reach && (method.antialias || method.excludesOutside) && sum != 0;
    for (size_t tap = 0; tap < number && normalizes; ++tap)
      taps.weights[tap].back() /= sum;
  }
  return taps;
}

/// Values of each output of an axis as a tensor that broadcasts with x.
static Shape alongAxis(int64_t size, int64_t rank, int64_t axis) {
  Shape shape;
  shape.insert(0, size);
  while (shape.rank() < rank - axis)
    shape.insert(shape.rank(), 1);
  return shape;
}

static Value resizeAxis(Composition &c, Value x, const AxisPlan &plan, const Taps &taps) {
  Value sum;
  for (auto [places, weights] : llvm::zip_equal(taps.places, taps.weights)) {
    if (llvm::all_of(weights, [](double weight) { return weight == 0; }))
      continue;
    Value taken = c.take(x, plan.axis, places);
    if (!taken)
      return {};
    if (!llvm::all_of(weights, [](double weight) { return weight == 1; }))
      taken = llvm::all_equal(weights) ? c.mul(taken, weights.front())
                                       : c.mul(taken, c.reals(weights, alongAxis(plan.to, c.rankOf(x), plan.axis).here, x));
    sum = sum ? c.add(sum, taken) : taken;
  }
  return sum;
}

/// Outputs that lie outside along any axis get extrapolation_value.
static Value replaceOutside(Composition &c, Value y, const Method &method, const AxisPlan &plan, ArrayRef<bool> outside) {
  if (!y || !llvm::is_contained(outside, true))
    return y;
  HostTensor mask;
  mask.type = ElementType::Bool;
  mask.shape = alongAxis(plan.to, c.rankOf(y), plan.axis).here;
  mask.integers.assign(outside.begin(), outside.end());
  Value isOutside = c.node.emitConstant(mask), value = c.number(method.outsideValue, y);
  return c.select(isOutside, value, y);
}

static LogicalResult resize(Composition &c, Value x, const Method &method, ArrayRef<AxisPlan> plans) {
  if (!x)
    return failure();
  Type element = c.elementOf(x);
  bool rounds = !isa<FloatType>(element) && method.mode != "nearest";
  Value y = rounds ? c.convert(x, ElementType::Double) : x;
  bool crops = method.coordinates == "tf_crop_and_resize";
  SmallVector<Taps> all;
  for (const AxisPlan &plan : plans) {
    all.push_back(plan.isIdentity(crops) ? Taps() : tapsOf(method, plan));
    if (!plan.isIdentity(crops))
      y = resizeAxis(c, y, plan, all.back());
  }
  for (auto [plan, taps] : llvm::zip_equal(plans, all))
    y = replaceOutside(c, y, method, plan, taps.outside);
  return c.result(rounds ? c.convert(y, c.node.elementType(0)) : y, 0, c.node.elementType(0));
}

/// A plan for each axis, which is one that depends on the batch size only where it stays as it is.
static FailureOr<SmallVector<AxisPlan>> planScales(NodeReader &node, const Shape &shape, ArrayRef<int64_t> axes, ArrayRef<double> scales) {
  using Plans = SmallVector<AxisPlan>;
  if (scales.size() != axes.size())
    return FailureOr<Plans>(node.wrong("expects a scale for each of " + Twine(axes.size()) + " axes, got " + Twine(scales.size())));
  Plans plans;
  for (auto [axis, scale] : llvm::zip_equal(axes, scales)) {
    int64_t from = shape.here[axis];
    float to = static_cast<float>(scale) * static_cast<float>(from); // as shape inference of ONNX has it
    if (!(to >= 1) || to > largestSize)
      return FailureOr<Plans>(node.wrong("expects scales that give sizes from 1 to " + Twine(largestSize)));
    if (shape.isBatch(axis) && scale != 1)
      return FailureOr<Plans>(node.unsupported("resizing of the batch is not supported"));
    plans.push_back({axis, from, scale == 1 ? from : static_cast<int64_t>(std::floor(to)), scale});
  }
  return plans;
}

static FailureOr<SmallVector<AxisPlan>> planSizes(NodeReader &node, const Shape &shape, ArrayRef<int64_t> axes,
                                                  const std::pair<HostTensor, HostTensor> &sizes, StringRef aspect) {
  using Plans = SmallVector<AxisPlan>;
  ArrayRef<int64_t> here = sizes.first.integers, there = sizes.second.integers;
  if (sizes.first.isFloat() || here.size() != axes.size() || there.size() != axes.size())
    return FailureOr<Plans>(node.wrong("expects a size for each of " + Twine(axes.size()) + " axes"));
  Plans plans;
  for (auto [index, axis] : llvm::enumerate(axes)) {
    int64_t from = shape.here[axis], to = here[index];
    if (to < 1 || to > largestSize)
      return FailureOr<Plans>(node.wrong("expects sizes from 1 to " + Twine(largestSize) + ", got " + Twine(to)));
    if (shape.isBatch(axis) ? to != from : to != there[index])
      return FailureOr<Plans>(node.unsupported("resizing of the batch, or as the batch size says, is not supported"));
    plans.push_back({axis, from, to, static_cast<double>(to) / static_cast<double>(from)});
  }
  if (aspect == "stretch" || plans.empty())
    return plans;
  auto byScale = [](const AxisPlan &a, const AxisPlan &b) { return a.scale < b.scale; };
  double scale = (aspect == "not_larger" ? llvm::min_element(plans, byScale) : llvm::max_element(plans, byScale))->scale;
  for (AxisPlan &plan : plans) {
    if (shape.isBatch(plan.axis) && scale != 1)
      return FailureOr<Plans>(node.unsupported("resizing of the batch is not supported"));
    plan.to = static_cast<int64_t>(std::floor(scale * static_cast<double>(plan.from) + 0.5));
    plan.scale = scale;
  }
  return plans;
}

/// The numbers of an input that is known; empty where it is absent or has none.
static FailureOr<std::vector<double>> numbers(NodeReader &node, size_t input) {
  if (!node.has(input))
    return std::vector<double>();
  FailureOr<HostTensor> tensor = node.constant(input);
  if (failed(tensor))
    return failure();
  if (!tensor->isFloat())
    return FailureOr<std::vector<double>>(node.wrong("expects floats as input " + Twine(input)));
  return tensor->reals;
}

static LogicalResult checkMethod(NodeReader &node, const Method &method) {
  auto check = [&](StringRef name, StringRef value, std::initializer_list<StringRef> known) {
    return llvm::is_contained(known, value) ? success() : node.wrong(name + " '" + value + "' does not exist");
  };
  if (failed(check("mode", method.mode, {"nearest", "linear", "cubic"})) ||
      failed(check("nearest_mode", method.nearest, {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})) ||
      failed(check("keep_aspect_ratio_policy", method.aspect, {"stretch", "not_larger", "not_smaller"})))
    return failure();
  return check("coordinate_transformation_mode", method.coordinates,
               {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn",
                "tf_crop_and_resize"});
}

/// Resize from opset 11.
static LogicalResult importResize(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  Method method;
  method.mode = node.string("mode", method.mode);
  method.nearest = node.string("nearest_mode", method.nearest);
  method.coordinates = node.string("coordinate_transformation_mode", method.coordinates);
  method.aspect = node.string("keep_aspect_ratio_policy", method.aspect);
  method.cubic = node.real("cubic_coeff_a", method.cubic);
  method.outsideValue = node.real("extrapolation_value", method.outsideValue);
  method.excludesOutside = node.integer("exclude_outside", 0) != 0;
  method.antialias = node.integer("antialias", 0) != 0;
  FailureOr<std::optional<Sizes>> given = node.axesAttribute();
  if (!x || failed(checkMethod(node, method)) || failed(given))
    return failure();
  if (method.antialias && method.mode == "nearest")
    return node.wrong("expects antialias with mode 'linear' or 'cubic'");
  Shape shape = c.shapeOf(x);
  Sizes axes = *given ? **given : llvm::to_vector(llvm::seq<int64_t>(0, shape.rank()));
  for (int64_t &axis : axes) {
    std::optional<int64_t> normalized = c.axis(axis, shape.rank());
    if (!normalized)
      return failure();
    axis = *normalized;
  }
  bool crops = method.coordinates == "tf_crop_and_resize";
  bool hasRegion = node.has(1); // it is read where it says something
  FailureOr<std::vector<double>> region = crops && hasRegion ? numbers(node, 1) : std::vector<double>(), scales = numbers(node, 2);
  if (failed(region) || failed(scales))
    return failure();
  auto sizes = node.constants(3);
  if (node.has(3) && !sizes)
    return node.unsupported("sizes must be known at import time");
  bool hasSizes = sizes && sizes->first.size() > 0;
  if (hasSizes == !scales->empty())
    return node.wrong("expects either scales or sizes");
  FailureOr<SmallVector<AxisPlan>> plans =
      hasSizes ? planSizes(node, shape, axes, *sizes, method.aspect) : planScales(node, shape, axes, *scales);
  if (failed(plans))
    return failure();
  if (crops) {
    if (region->size() != 2 * axes.size())
      return node.wrong("expects a start and an end in roi for each of " + Twine(axes.size()) + " axes");
    for (auto [index, plan] : llvm::enumerate(*plans)) {
      plan.start = (*region)[index];
      plan.end = (*region)[axes.size() + index];
      if (shape.isBatch(plan.axis) && !plan.isIdentity(true))
        return node.unsupported("resizing of the batch is not supported");
    }
  }
  return resize(c, x, method, *plans);
}

/// Upsample, and Resize of opset 10: coordinates are output / scale. The nearest element is that below, or where the image becomes smaller
/// that above (what ONNX Runtime has made of a standard that does not say it).
static LogicalResult upsample(NodeReader &node, ArrayRef<double> scales) {
  Composition c(node);
  Value x = c.input(0);
  Method method;
  method.mode = node.string("mode", "nearest");
  method.coordinates = "asymmetric";
  if (!x || failed(checkMethod(node, method)))
    return failure();
  Shape shape = c.shapeOf(x);
  FailureOr<SmallVector<AxisPlan>> plans = planScales(node, shape, llvm::to_vector(llvm::seq<int64_t>(0, shape.rank())), scales);
  if (failed(plans))
    return failure();
  method.nearest = llvm::any_of(*plans, [](const AxisPlan &plan) { return plan.scale < 1; }) ? "ceil" : "floor";
  return resize(c, x, method, *plans);
}

static LogicalResult importUpsample(NodeReader &node) {
  FailureOr<std::vector<double>> scales = numbers(node, 1);
  return failed(scales) ? failure() : upsample(node, *scales);
}

static LogicalResult importUpsampleByAttribute(NodeReader &node) {
  std::vector<double> scales;
  if (const NodeAttribute *given = node.attribute("scales"))
    scales.assign(given->floats.begin(), given->floats.end());
  return upsample(node, scales);
}

ArrayRef<OpRow> tally::onnx::getResizeRows() {
  static const OpRow rows[] = {{"Upsample", {7, 9}, importUpsampleByAttribute},
                               {"Upsample", {9, 10}, importUpsample, "", 2},
                               {"Resize", {10, 11}, importUpsample, "", 2},
                               {"Resize", {11}, importResize}};
  return rows;
}
