// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Fourier transforms as products with known matrices, and the windows and filters that go with them.
#include "Composition.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

static constexpr int64_t largestMatrix = int64_t(1) << 22; // elements

namespace {
/// A discrete Fourier transform of `rows` numbers of `parts` parts (real, imaginary), as if zeros followed up to `length`.
struct Transform {
  int64_t rows, parts, length;
  bool inverse, onesided;

  /// The inverse of a onesided transform is real.
  int64_t outputParts() const { return inverse && onesided ? 1 : 2; }
  int64_t outputs() const { return onesided && !inverse ? length / 2 + 1 : length; }
};
} // namespace

/// The matrix [rows * parts, outputs * outputParts] of a transform, each row times its weight where there are any.
static Value matrixOf(Composition &c, const Transform &transform, ArrayRef<double> weights, Value like) {
  int64_t inputs = transform.rows * transform.parts, parts = transform.outputParts(), outputs = transform.outputs() * parts;
  if (inputs * outputs > largestMatrix) {
    (void)c.node.unsupported("a transform of " + Twine(transform.length) + " elements is not supported");
    return {};
  }
  double length = static_cast<double>(transform.length);
  std::vector<double> elements;
  for (int64_t row = 0; row < transform.rows; ++row)
    for (int64_t part = 0; part < transform.parts; ++part)
      for (int64_t output = 0; output < outputs; ++output) {
        // e^(-+ 2 pi i row frequency / length), times i for an imaginary part.
        double angle = 2 * M_PI * static_cast<double>(row * (output / parts) % transform.length) / length;
        double real = std::cos(angle), imaginary = transform.inverse ? std::sin(angle) : -std::sin(angle);
        if (part == 1)
          std::tie(real, imaginary) = std::pair(-imaginary, real);
        double element = output % parts == 0 ? real : imaginary;
        if (transform.inverse)
          element /= length;
        // What is not in a onesided spectrum is the conjugate of what is.
        bool hasTwin = row > 0 && 2 * row != transform.length;
        if (transform.inverse && transform.onesided && hasTwin)
          element *= 2;
        elements.push_back(weights.empty() ? element : element * weights[row]);
      }
  return c.reals(elements, {inputs, outputs}, like);
}

/// The transform of x, [..., rows, parts], as [..., outputs, outputParts].
static Value transformRows(Composition &c, Value x, const Transform &transform, ArrayRef<double> weights = {}) {
  if (!x)
    return {};
  Shape shape = c.shapeOf(x), result = shape;
  result.set(shape.rank() - 2, transform.outputs());
  result.set(shape.rank() - 1, transform.outputParts());
  Value flat = c.reshape(x, shape.merged(shape.rank() - 2, shape.rank()));
  if (shape.rank() == 2)
    flat = c.reshape(flat, {{1, transform.rows * transform.parts}, {1, transform.rows * transform.parts}});
  Value matrix = matrixOf(c, transform, weights, x);
  return c.reshape(c.op("matmul", {flat, matrix}), result);
}

/// One integer of an input that is known; `otherwise` where it is absent, nullopt after an error.
static std::optional<int64_t> integerInput(NodeReader &node, size_t input, int64_t otherwise) {
  if (!node.has(input))
    return otherwise;
  FailureOr<HostTensor> given = node.constant(input);
  if (failed(given))
    return std::nullopt;
  if (given->isFloat() || given->size() != 1) {
    (void)node.wrong("expects one integer as input " + Twine(input));
    return std::nullopt;
  }
  return given->integers.front();
}

static LogicalResult dft(NodeReader &node, std::optional<int64_t> asked) {
  Composition c(node);
  Value x = c.input(0);
  if (!x || !asked)
    return failure();
  int64_t rank = c.rankOf(x), last = rank - 1;
  std::optional<int64_t> axis = c.axis(*asked, rank);
  if (!axis)
    return failure();
  Shape shape = c.shapeOf(x);
  if (*axis == last || shape.here[last] < 1 || shape.here[last] > 2)
    return node.wrong("expects an axis before the last dimension, which holds one or two parts");
  if (shape.isBatch(*axis) || shape.isBatch(last))
    return node.unsupported("a transform along the batch is not supported");
  bool inverse = node.integer("inverse", 0) != 0, onesided = node.integer("onesided", 0) != 0;
  int64_t size = shape.here[*axis];
  std::optional<int64_t> length = integerInput(node, 1, inverse && onesided ? 2 * (size - 1) : size);
  if (!length)
    return failure();
  if (*length < 1)
    return node.wrong("expects a length of at least 1, got " + Twine(*length));
  int64_t most = inverse && onesided ? *length / 2 + 1 : *length;
  if (size > most)
    x = c.slice(x, *axis, 0, most);
  // The axis in front of the parts.
  SmallVector<int64_t> forth = llvm::to_vector(llvm::seq<int64_t>(0, rank)), back = forth;
  forth.erase(forth.begin() + *axis);
  forth.insert(forth.begin() + last - 1, *axis);
  for (auto [to, from] : llvm::enumerate(forth))
    back[from] = to;
  Value moved = c.transpose(x, forth);
  Value y = transformRows(c, moved, {std::min(size, most), shape.here[last], *length, inverse, onesided});
  return y ? c.result(c.transpose(y, back)) : failure();
}

static LogicalResult importDft(NodeReader &node) { return dft(node, integerInput(node, 2, -2)); }
static LogicalResult importDftByAttribute(NodeReader &node) { return dft(node, node.integer("axis", 1)); }

/// Transforms of parts of a signal that begin in equal steps, times a window.
static LogicalResult importStft(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  std::optional<int64_t> step = integerInput(node, 1, 0);
  if (!x || !step)
    return failure();
  if (c.rankOf(x) == 2) {
    Shape shape = c.shapeOf(x);
    shape.insert(2, 1);
    x = c.reshape(x, shape);
  }
  Shape shape = c.shapeOf(x);
  if (shape.rank() != 3 || shape.here[2] < 1 || shape.here[2] > 2)
    return node.wrong("expects a signal of 3 dimensions, the last of which holds one or two parts");
  if (shape.isBatch(1) || shape.isBatch(2))
    return node.unsupported("a transform along the batch is not supported");
  int64_t size = shape.here[1];
  std::optional<int64_t> length = integerInput(node, 3, node.has(2) ? checkedProduct(node.shapes(2).first).value_or(0) : size);
  if (!length)
    return failure();
  if (*step < 1 || *length < 1 || *length > size)
    return node.wrong("expects a step of at least 1 and frames within " + Twine(size) + " elements");
  std::vector<double> weights;
  Value window;
  if (node.has(2)) {
    if (node.shapes(2).first != SmallVector<int64_t>{*length})
      return node.wrong("expects a window of " + Twine(*length) + " elements");
    auto known = node.constants(2);
    if (known)
      weights = known->first.reals;
    else if (!(window = c.input(2)))
      return failure();
  }
  int64_t frames = (size - *length) / *step + 1;
  SmallVector<int64_t> places;
  for (int64_t frame = 0; frame < frames; ++frame)
    for (int64_t index = 0; index < *length; ++index)
      places.push_back(frame * *step + index);
  Value taken = c.take(x, 1, places);
  shape.set(1, *length);
  shape.insert(1, frames);
  taken = c.reshape(taken, shape);
  if (window)
    taken = c.mul(taken, c.reshape(window, {{*length, 1}, {*length, 1}}));
  bool onesided = node.integer("onesided", 1) != 0;
  return c.result(transformRows(c, taken, {*length, shape.here[3], *length, false, onesided}, weights));
}

/// Numbers that are computed here, in the type that attribute output_datatype asks for.
static LogicalResult resultOf(NodeReader &node, std::vector<double> elements, ArrayRef<int64_t> shape) {
  HostTensor host;
  host.type = static_cast<ElementType>(node.integer("output_datatype", 1));
  host.shape = SmallVector<int64_t>(shape);
  if (host.isFloat())
    host.reals = std::move(elements);
  else if (integerBits(host.type))
    host.integers.assign(elements.begin(), elements.end());
  else
    return node.unsupported("output_datatype " + Twine(static_cast<int>(host.type)) + " is not supported");
  return node.result(host, host);
}

/// a - b cos(2 pi n / N) + d cos(4 pi n / N) with N one less than the size where the window is symmetric.
static LogicalResult window(NodeReader &node, double a, double b, double d) {
  std::optional<int64_t> size = integerInput(node, 0, 0);
  if (!size)
    return failure();
  if (*size < 1 || *size > HostTensor::maximalElements)
    return node.wrong("expects a size of 1 to " + Twine(HostTensor::maximalElements) + ", got " + Twine(*size));
  int64_t period = std::max<int64_t>(*size - (node.integer("periodic", 1) == 0), 1);
  std::vector<double> elements;
  for (int64_t index = 0; index < *size; ++index) {
    double angle = 2 * M_PI * static_cast<double>(index) / static_cast<double>(period);
    elements.push_back(a - b * std::cos(angle) + d * std::cos(2 * angle));
  }
  return resultOf(node, std::move(elements), *size);
}

static LogicalResult importHann(NodeReader &node) { return window(node, 0.5, 0.5, 0); }
static LogicalResult importHamming(NodeReader &node) { return window(node, 25.0 / 46, 21.0 / 46, 0); }
static LogicalResult importBlackman(NodeReader &node) { return window(node, 0.42, 0.5, 0.08); }

/// One number of an input that is known; nullopt after an error.
static std::optional<double> numberInput(NodeReader &node, size_t input) {
  FailureOr<HostTensor> given = node.constant(input);
  if (failed(given))
    return std::nullopt;
  if (given->size() != 1) {
    (void)node.wrong("expects one number as input " + Twine(input));
    return std::nullopt;
  }
  return given->isFloat() ? given->reals.front() : static_cast<double>(given->integers.front());
}

/// Triangles over the bins of a spectrum whose corners are evenly spaced in mel, 2595 log10(1 + hertz / 700).
static LogicalResult importMelWeightMatrix(NodeReader &node) {
  std::optional<double> number = numberInput(node, 0), length = numberInput(node, 1), rate = numberInput(node, 2), lower = numberInput(node, 3),
                        upper = numberInput(node, 4);
  if (!number || !length || !rate || !lower || !upper)
    return failure();
  auto filters = static_cast<int64_t>(*number), bins = static_cast<int64_t>(*length) / 2 + 1;
  if (filters < 1 || *length < 1 || *rate <= 0 || *lower < 0 || *upper < *lower || filters > HostTensor::maximalElements / bins)
    return node.wrong("expects positive sizes and a rising range of frequencies");
  auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  double step = (mel(*upper) - mel(*lower)) / static_cast<double>(filters + 2);
  SmallVector<int64_t> corners;
  for (int64_t corner = 0; corner < filters + 2; ++corner) {
    double hertz = 700 * (std::pow(10.0, (mel(*lower) + static_cast<double>(corner) * step) / 2595) - 1);
    corners.push_back(static_cast<int64_t>(std::floor((*length + 1) * hertz / *rate)));
  }
  if (corners.back() > bins)
    return node.wrong("expects frequencies below half the sample rate");
  std::vector<double> elements(bins * filters, 0);
  for (int64_t filter = 0; filter < filters; ++filter) {
    int64_t left = corners[filter], center = corners[filter + 1], right = corners[filter + 2];
    auto set = [&](int64_t bin, int64_t part, int64_t whole) {
      if (bin < bins)
        elements[bin * filters + filter] = whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
    };
    for (int64_t bin = left; bin <= center; ++bin)
      set(bin, bin - left, center - left);
    for (int64_t bin = center; bin < right; ++bin)
      set(bin, right - bin, right - center);
  }
  return resultOf(node, std::move(elements), {bins, filters});
}

ArrayRef<OpRow> tally::onnx::getSignalRows() {
  static const OpRow rows[] = {
      {"DFT", {17, 20}, importDftByAttribute},
      {"DFT", {20}, importDft},
      {"STFT", {17}, importStft, "", 2},
      {"HannWindow", {17}, importHann},
      {"HammingWindow", {17}, importHamming},
      {"BlackmanWindow", {17}, importBlackman},
      {"MelWeightMatrix", {17}, importMelWeightMatrix, "", 5},
  };
  return rows;
}
