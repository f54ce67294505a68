// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes an ONNX op as a composition of nn ops.
#ifndef TALLY_IMPORT_ONNX_COMPOSITION_H
#define TALLY_IMPORT_ONNX_COMPOSITION_H

#include "NodeReader.h"

namespace tally::onnx {

/// The sizes of a tensor at the batch size of the graph and at the other one.
struct Shape {
  llvm::SmallVector<int64_t> here, there;

  int64_t rank() const { return static_cast<int64_t>(here.size()); }
  bool operator==(const Shape &) const = default;
  void set(int64_t axis, int64_t size) { here[axis] = there[axis] = size; }
  void erase(int64_t axis) {
    here.erase(here.begin() + axis);
    there.erase(there.begin() + axis);
  }
  void insert(int64_t axis, int64_t size) {
    here.insert(here.begin() + axis, size);
    there.insert(there.begin() + axis, size);
  }
  /// Dimensions [first, end) as one.
  Shape merged(int64_t first, int64_t end) const;
  /// True where the size follows from the batch size.
  bool isBatch(int64_t axis) const { return here[axis] != there[axis]; }
};

/// Builds nn ops for one node. A step that fails reports the node's error and gives null; every step with a null operand gives null
/// without another word, so a formula is written down without checks, and result() says whether all went well.
class Composition {
public:
  using Value = mlir::Value;
  using Axes = llvm::ArrayRef<int64_t>;
  explicit Composition(NodeReader &node) : node(node) {}

  /// An input of the node; null without an error where it is absent and `optional`.
  Value input(size_t index, bool optional = false);
  /// The same where what the file knows (HostTensor::maximalElements at most) is no weight: a scale of quantization, a table, weights of classes.
  Value fixedInput(size_t index, bool optional = false);
  /// A tensor that is no input of the node.
  Value value(const Binding &bound);
  /// nn.<name>.
  Value op(llvm::StringRef name, mlir::ValueRange operands, const Attributes &attributes = {});

  // Numbers, and arithmetic by element with broadcasting.
  /// A constant of rank 0 of the element type of `like`.
  Value number(double value, Value like);
  Value integers(llvm::ArrayRef<int64_t> values, llvm::ArrayRef<int64_t> shape);
  Value reals(llvm::ArrayRef<double> values, llvm::ArrayRef<int64_t> shape, Value like);
  Value add(Value a, Value b) { return op("add", {a, b}); }
  Value add(Value a, double b) { return a ? op("add", {a, number(b, a)}) : a; }
  Value sub(Value a, Value b) { return op("sub", {a, b}); }
  Value sub(double a, Value b) { return b ? op("sub", {number(a, b), b}) : b; }
  Value mul(Value a, Value b) { return op("mul", {a, b}); }
  Value mul(Value a, double b) { return a ? op("mul", {a, number(b, a)}) : a; }
  Value div(Value a, Value b) { return op("div", {a, b}); }
  Value max(Value a, Value b) { return op("maximum", {a, b}); }
  Value min(Value a, Value b) { return op("minimum", {a, b}); }
  /// Of floats and integers.
  Value negate(Value a);
  Value compare(nn::Relation relation, Value a, Value b);
  Value bitwise(nn::BitwiseKind kind, Value a, Value b);
  Value select(Value condition, Value a, Value b) { return op("select", {condition, a, b}); }
  /// In the graph's element type for an ONNX type, cut to its range; a truth value where it is Bool.
  Value convert(Value a, ElementType type);
  Value convert(Value a, mlir::Type element);

  // Shapes.
  Shape shapeOf(Value value);
  int64_t rankOf(Value value) { return mlir::cast<mlir::RankedTensorType>(value.getType()).getRank(); }
  mlir::Type elementOf(Value value) { return mlir::cast<mlir::RankedTensorType>(value.getType()).getElementType(); }
  /// The axis counted from the front; nullopt after an error.
  std::optional<int64_t> axis(int64_t axis, int64_t rank);
  Value reshape(Value value, const Shape &shape);
  Value transpose(Value value, Axes permutation);
  /// Dimension `axis` at the end, the others in their order; and back.
  Value moveToEnd(Value value, int64_t axis);
  Value moveFromEnd(Value value, int64_t axis);
  /// Repeated to `shape`, along the batch too where that is dimension 0.
  Value broadcast(Value value, const Shape &shape);
  /// Elements start, start + step, ... of dimension `axis`, `size` of them (-1: the rest).
  Value slice(Value value, int64_t axis, int64_t start, int64_t size, int64_t step = 1);
  Value concat(llvm::ArrayRef<Value> values, int64_t axis);
  /// Along a new dimension `axis`.
  Value stack(llvm::ArrayRef<Value> values, int64_t axis);
  /// Elements of dimension `axis` at places that are known.
  Value take(Value value, int64_t axis, llvm::ArrayRef<int64_t> places);
  /// `before` and `after` zeros around dimension `axis`.
  Value padWithZeros(Value value, int64_t axis, int64_t before, int64_t after);
  /// The same with a value of rank 0.
  Value padWith(Value value, int64_t axis, int64_t before, int64_t after, Value padding);

  // Reductions over sorted axes, which stay with size 1 where `keep`.
  Value reduce(llvm::StringRef name, Value value, Axes axes, bool keep);
  Value sum(Value value, Axes axes, bool keep = true) { return reduce("reduce_sum", value, axes, keep); }
  Value mean(Value value, Axes axes, bool keep = true) { return reduce("reduce_mean", value, axes, keep); }

  /// Binds output `output`.
  llvm::LogicalResult result(Value value, size_t output = 0, ElementType type = ElementType::Undefined);

  NodeReader &node;
};

/// x * sigmoid(alpha * x), in the ops that exporters write before opset 24: their gradient takes the sigmoid from the forward pass.
mlir::Value swish(NodeReader &node, mlir::Value x, double alpha);

} // namespace tally::onnx

#endif
