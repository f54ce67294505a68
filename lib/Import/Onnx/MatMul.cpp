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

static LogicalResult importMatMul(NodeReader &node) {
  FailureOr<Value> a = node.weight(0, "linear.weight", "a"), b = node.weight(1, "linear.weight", "weight");
  if (failed(a) || failed(b))
    return failure();
  return node.result(node.emit("matmul", {*a, *b}));
}

ArrayRef<OpRow> tally::onnx::getMatMulRows() {
  static const OpRow rows[] = {{"Gemm", 13, importGemm}, {"MatMul", 13, importMatMul}};
  return rows;
}
