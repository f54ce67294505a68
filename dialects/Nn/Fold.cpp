// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folding of small constants: elementwise ops by their scalar bodies, moves by their positions.
#include "dialects/Nn/Fold.h"
#include "dialects/Nn/Nn.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tally;

/// Constants up to this size are dense attributes; larger ones are resources, which are not evaluated.
static constexpr int64_t largestFoldedBytes = 1024;

static bool isSmall(RankedTensorType type) {
  Type element = type.getElementType();
  int64_t bytes = element.isIndex() ? 8 : (element.getIntOrFloatBitWidth() + 7) / 8;
  return type.getNumElements() <= largestFoldedBytes / bytes;
}

Attribute nn::evaluateScalars(Block &body, Value result, ArrayRef<Attribute> arguments) {
  DenseMap<Value, Attribute> values;
  for (auto [argument, value] : llvm::zip_equal(body.getArguments(), arguments))
    values[argument] = value;
  for (Operation &op : body) {
    SmallVector<Attribute> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values.lookup(operand));
    SmallVector<OpFoldResult> folded;
    if (failed(op.fold(operands, folded)) || folded.size() != 1)
      return {};
    auto attribute = dyn_cast<Attribute>(folded.front());
    values[op.getResult(0)] = attribute ? attribute : values.lookup(cast<Value>(folded.front()));
  }
  return dyn_cast_or_null<TypedAttr>(values.lookup(result)); // poison is no value
}

OpFoldResult nn::foldScalarBody(Operation *op, ArrayRef<Attribute> operands) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (!isSmall(type) || !llvm::all_of(operands, llvm::IsaAndPresentPred<DenseElementsAttr>))
    return {};
  Block body;
  SmallVector<Value> scalars;
  for (Value operand : op->getOperands())
    scalars.push_back(body.addArgument(getElementTypeOrSelf(operand.getType()), op->getLoc()));
  OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&body);
  Value result = cast<ScalarBodyOpInterface>(op).buildScalarBody(builder, op->getLoc(), scalars);

  SmallVector<SmallVector<Attribute>> broadcast; // operand by operand, in the shape of the result
  for (Attribute operand : operands) {
    auto elements = cast<DenseElementsAttr>(operand);
    SmallVector<Attribute> source(elements.getValues<Attribute>());
    ArrayRef<int64_t> shape = elements.getType().getShape();
    SmallVector<Attribute> &target = broadcast.emplace_back();
    for (int64_t linear = 0, end = type.getNumElements(); linear < end; ++linear) {
      int64_t rest = linear, position = 0, stride = 1;
      for (int64_t dimension = type.getRank() - 1, own = shape.size() - 1; own >= 0; --dimension, --own) {
        position += shape[own] == 1 ? 0 : rest % type.getDimSize(dimension) * stride;
        rest /= type.getDimSize(dimension);
        stride *= shape[own];
      }
      target.push_back(source[position]);
    }
  }
  SmallVector<Attribute> values;
  for (int64_t linear = 0, end = type.getNumElements(); linear < end; ++linear) {
    SmallVector<Attribute> arguments;
    for (auto &operand : broadcast)
      arguments.push_back(operand[linear]);
    Attribute value = evaluateScalars(body, result, arguments);
    if (!value)
      return {};
    values.push_back(value);
  }
  return DenseElementsAttr::get(type, values);
}

/// True for a constant whose elements all are `value`.
static bool isFilledWith(Attribute constant, double value) {
  auto isValue = [&](auto element) { return element == value; };
  if (auto resource = dyn_cast_or_null<DenseF32ResourceElementsAttr>(constant)) {
    std::optional<ArrayRef<float>> elements = resource.tryGetAsArrayRef();
    return elements && llvm::all_of(*elements, isValue);
  }
  if (auto resource = dyn_cast_or_null<DenseF64ResourceElementsAttr>(constant)) {
    std::optional<ArrayRef<double>> elements = resource.tryGetAsArrayRef();
    return elements && llvm::all_of(*elements, isValue);
  }
  auto elements = dyn_cast_or_null<DenseElementsAttr>(constant);
  if (!elements)
    return false;
  if (isa<FloatType>(elements.getElementType()))
    return llvm::all_of(elements.getValues<APFloat>(),
                        [&](const APFloat &element) { return element.convertToDouble() == value; });
  return llvm::all_of(elements.getValues<APInt>(), [&](const APInt &element) { return element == static_cast<int64_t>(value); });
}

/// The constant behind an operand that repeats or moves its elements.
static Attribute findMoved(Value value) {
  while (isa_and_present<nn::BroadcastOp, nn::ExpandBatchOp, nn::ReshapeOp, nn::TransposeOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  Attribute constant;
  return matchPattern(value, m_Constant(&constant)) ? constant : Attribute();
}

OpFoldResult nn::foldArithmetic(Operation *op, ArrayRef<Attribute> operands, double neutral, bool commutes) {
  Type type = op->getResult(0).getType();
  for (auto [kept, other] : {std::pair(0, 1), {1, 0}})
    if ((kept == 0 || commutes) && op->getOperand(kept).getType() == type && isFilledWith(findMoved(op->getOperand(other)), neutral))
      return op->getOperand(kept);
  return foldScalarBody(op, operands);
}

OpFoldResult nn::foldMove(Attribute source, Type type, llvm::function_ref<int64_t(ArrayRef<int64_t>)> positionOf) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(source);
  auto target = cast<RankedTensorType>(type);
  if (!elements || !isSmall(target))
    return {};
  if (elements.isSplat())
    return elements.resizeSplat(target);
  if (!isSmall(cast<RankedTensorType>(elements.getType())))
    return {};
  SmallVector<Attribute> values(elements.getValues<Attribute>()), moved;
  SmallVector<int64_t> index(target.getRank(), 0);
  for (int64_t linear = 0, end = target.getNumElements(); linear < end; ++linear) {
    moved.push_back(values[positionOf(index)]);
    for (int64_t dimension = target.getRank() - 1; dimension >= 0; --dimension) {
      if (++index[dimension] < target.getDimSize(dimension))
        break;
      index[dimension] = 0;
    }
  }
  return DenseElementsAttr::get(target, moved);
}

OpFoldResult nn::foldConcat(ArrayRef<Attribute> sources, RankedTensorType type, int64_t axis) {
  if (!isSmall(type) || !llvm::all_of(sources, llvm::IsaAndPresentPred<DenseElementsAttr>))
    return {};
  ArrayRef<int64_t> shape = type.getShape();
  int64_t outer = 1, inner = 1;
  for (int64_t size : shape.take_front(axis))
    outer *= size;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  SmallVector<Attribute> values(type.getNumElements());
  int64_t start = 0, along = shape[axis];
  for (Attribute source : sources) {
    auto elements = cast<DenseElementsAttr>(source);
    int64_t size = elements.getType().getShape()[axis], index = 0;
    for (Attribute value : elements.getValues<Attribute>()) {
      int64_t row = index / (size * inner), rest = index % (size * inner);
      values[(row * along + start) * inner + rest] = value;
      ++index;
    }
    start += size;
  }
  return DenseElementsAttr::get(type, values);
}
