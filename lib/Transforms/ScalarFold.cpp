// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folds elementwise ops by their scalar bodies.
#include "ScalarFold.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "tally/Interfaces/ScalarBodyOpInterface.h"

using namespace mlir;
using namespace tally;

static constexpr int64_t largestConstant = 1024; // bytes

namespace {
/// The operands of an op as its scalar body sees them: attributes where the element is known, arguments elsewhere.
class ScalarBody {
public:
  explicit ScalarBody(Operation *op) {
    OpBuilder builder(op->getContext());
    builder.setInsertionPointToEnd(&block);
    SmallVector<Value> scalars;
    for (Value operand : op->getOperands())
      scalars.push_back(block.addArgument(getElementTypeOrSelf(operand.getType()), op->getLoc()));
    result = cast<ScalarBodyOpInterface>(op).buildScalarBody(builder, op->getLoc(), scalars);
  }

  /// The result when argument i is known[i] (null: unknown): an attribute, one of the arguments, or null.
  OpFoldResult evaluate(ArrayRef<Attribute> known) {
    llvm::DenseMap<Value, OpFoldResult> values;
    for (auto [argument, attribute] : llvm::zip_equal(block.getArguments(), known))
      values[argument] = attribute ? OpFoldResult(attribute) : OpFoldResult(Value(argument));
    for (Operation &op : block)
      values[op.getResult(0)] = fold(op, values);
    return values.lookup(result);
  }

private:
  OpFoldResult fold(Operation &op, const llvm::DenseMap<Value, OpFoldResult> &values) {
    // A folder looks at the values behind its operands, so it sees a copy whose operands are what they became.
    Operation *copy = op.clone();
    for (OpOperand &operand : copy->getOpOperands())
      if (auto same = dyn_cast_if_present<Value>(values.lookup(operand.get())))
        operand.set(same);
    OpFoldResult folded;
    // A fold in place (operands swapped) has no results; then the next one sees the new order.
    bool again = true;
    for (unsigned round = 0; again && round < 3; ++round) {
      SmallVector<Attribute> constants;
      for (Value operand : copy->getOperands())
        constants.push_back(dyn_cast_if_present<Attribute>(values.lookup(operand)));
      SmallVector<OpFoldResult> results;
      again = succeeded(copy->fold(constants, results)) && results.empty();
      if (!results.empty())
        folded = results.front();
      else if (!again && isa<arith::AddFOp>(op)) // x + 0: its own folder keeps it for the sign of a zero
        for (unsigned i : {0u, 1u})
          if (auto zero = dyn_cast_or_null<FloatAttr>(constants[i]); zero && zero.getValue().isZero())
            folded = copy->getOperand(1 - i);
    }
    copy->destroy();
    auto value = dyn_cast_if_present<Value>(folded);
    return value && !isa<BlockArgument>(value) ? OpFoldResult() : folded;
  }

  Block block;
  Value result;
};
} // namespace

/// The element of a constant at the position in the result that `index` counts, by numpy broadcasting.
static Attribute elementAt(ElementsAttr constant, ArrayRef<int64_t> resultShape, int64_t index) {
  if (constant.isSplat())
    return constant.getSplatValue<Attribute>();
  auto shape = cast<ShapedType>(constant.getType()).getShape();
  int64_t linear = 0, scale = 1;
  for (size_t fromEnd = 1; fromEnd <= resultShape.size(); ++fromEnd) {
    int64_t position = index % resultShape[resultShape.size() - fromEnd];
    index /= resultShape[resultShape.size() - fromEnd];
    if (fromEnd > shape.size())
      continue;
    int64_t size = shape[shape.size() - fromEnd];
    linear += (size == 1 ? 0 : position) * scale;
    scale *= size;
  }
  return *(constant.value_begin<Attribute>() + linear);
}

OpFoldResult tally::foldScalarBody(Operation *op) {
  if (!isa<ScalarBodyOpInterface>(op))
    return {};
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<ElementsAttr> constants(op->getNumOperands());
  bool any = false, splat = true;
  for (auto [index, operand] : llvm::enumerate(op->getOperands()))
    if (matchPattern(operand, m_Constant(&constants[index])) && constants[index]) {
      any = true;
      splat &= constants[index].isSplat();
    }
  if (!any || type.getNumElements() == 0)
    return {};
  int64_t bytes = type.getElementType().isIndex() ? 8 : llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  if (!splat && type.getNumElements() * bytes > largestConstant)
    return {};

  ScalarBody body(op);
  SmallVector<Attribute> elements;
  Value same; // the operand that every element is
  for (int64_t i = 0, e = splat ? 1 : type.getNumElements(); i < e; ++i) {
    SmallVector<Attribute> known;
    for (ElementsAttr constant : constants)
      known.push_back(constant ? elementAt(constant, type.getShape(), i) : Attribute());
    OpFoldResult result = body.evaluate(known);
    if (auto constant = dyn_cast_if_present<Attribute>(result); constant && !same)
      elements.push_back(constant);
    else if (auto argument = dyn_cast_if_present<Value>(result); argument && elements.empty()) {
      Value operand = op->getOperand(cast<BlockArgument>(argument).getArgNumber());
      if (operand.getType() != type || (same && same != operand))
        return {};
      same = operand;
    } else {
      return {};
    }
  }
  if (same)
    return same;
  return OpFoldResult(DenseElementsAttr::get(type, elements));
}
