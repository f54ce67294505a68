// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports matrix products; the bias of Gemm is an op of its own.
#include "NodeReader.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// `factor * x`; x itself for 1.
static FailureOr<Value> scaled(NodeReader &node, FailureOr<Value> x, double factor) {
  if (failed(x) || factor == 1)
    return x;
  bool isDouble = cast<RankedTensorType>(x->getType()).getElementType().isF64();
  Value constant = node.emitConstant(HostTensor::scalar(factor, isDouble ? ElementType::Double : ElementType::Float));
  return node.emit("mul", {*x, constant});
}

static LogicalResult importGemm(NodeReader &node) {
  double alpha = node.real("alpha", 1), beta = node.real("beta", 1);
  FailureOr<Value> a = node.weight(0, "linear.weight", "a"), b = node.weight(1, "linear.weight", "weight");
  if (failed(a) || failed(b))
    return failure();
  for (Value operand : {*a, *b})
    if (cast<RankedTensorType>(operand.getType()).getRank() != 2)
      return node.wrong("expects 2-d inputs");
  Attributes transposes;
  for (auto [attribute, name] : {std::pair<StringRef, StringRef>("transA", "transpose_x"), {"transB", "transpose_y"}})
    if (node.integer(attribute, 0) != 0)
      transposes.push_back(node.attr(name, node.getBuilder().getUnitAttr()));
  FailureOr<Value> product = scaled(node, node.emit("matmul", {*a, *b}, transposes), alpha);
  if (failed(product) || !node.has(2) || node.isConstantEqual(2, 0) || beta == 0)
    return node.result(product);
  FailureOr<Value> bias = scaled(node, node.weight(2, "bias", "bias"), beta);
  if (failed(bias))
    return failure();
  FailureOr<Value> sum = node.emit("add", {*product, *bias});
  if (succeeded(sum) && sum->getType() != product->getType())
    return node.wrong("expects a bias that broadcasts to the product");
  return node.result(sum);
}

/// A vector becomes a matrix of one row or column; the product loses that dimension again.
static LogicalResult importMatMul(NodeReader &node) {
  FailureOr<Value> a = node.weight(0, "linear.weight", "a"), b = node.weight(1, "linear.weight", "weight");
  if (failed(a) || failed(b))
    return failure();
  auto isVector = [](Value value) { return cast<RankedTensorType>(value.getType()).getRank() == 1; };
  auto reshape = [&](FailureOr<Value> value, llvm::function_ref<void(SmallVector<int64_t> &)> change) -> FailureOr<Value> {
    if (failed(value))
      return failure();
    SmallVector<int64_t> shape(cast<RankedTensorType>(value->getType()).getShape()), other(node.shapeAtOtherBatch(*value));
    change(shape);
    change(other);
    return node.emitReshape(*value, shape, other);
  };
  bool row = isVector(*a), column = isVector(*b);
  if (row)
    a = reshape(a, [](SmallVector<int64_t> &shape) { shape.insert(shape.begin(), 1); });
  if (column)
    b = reshape(b, [](SmallVector<int64_t> &shape) { shape.push_back(1); });
  if (failed(a) || failed(b))
    return failure();
  FailureOr<Value> product = node.emit("matmul", {*a, *b});
  if (row)
    product = reshape(product, [&](SmallVector<int64_t> &shape) { shape.erase(shape.end() - 2); });
  if (column)
    product = reshape(product, [](SmallVector<int64_t> &shape) { shape.pop_back(); });
  return node.result(product);
}

ArrayRef<OpRow> tally::onnx::getMatMulRows() {
  static const OpRow rows[] = {{"Gemm", {7}, importGemm, "", 2}, {"MatMul", {7}, importMatMul, "", 2}};
  return rows;
}
