// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifiers and costs of the data ops.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

#define GET_OP_CLASSES
#include "dialects/Train/Data.cpp.inc"

LogicalResult PositionOp::verify() {
  AffineMap map = getMap();
  auto type = cast<RankedTensorType>(getType());
  int64_t expected = type.getRank() + getOperands().size();
  if (map.getNumResults() != 1 || map.getNumSymbols() != 0 || map.getNumDims() != expected) // C1
    return emitOpError("requires a map with 1 result, no symbols and ")
           << expected << " dimensions (coordinates and operands), got " << getMapAttr();
  for (auto [number, operand] : llvm::enumerate(getOperands())) {
    auto operandType = cast<RankedTensorType>(operand.getType());
    if (operandType.getRank() != 0 && operandType != type) // C2
      return emitOpError("requires operand ") << number << " of rank 0 or of type " << type << ", got " << operandType;
  }
  return success();
}

LogicalResult TakeOp::verify() {
  auto x = cast<RankedTensorType>(getX().getType());
  if (x.getRank() == 0)
    return emitOpError("requires x of at least 1 dimension, got ") << x; // C1
  SmallVector<int64_t> shape(cast<RankedTensorType>(getPositions().getType()).getShape());
  llvm::append_range(shape, x.getShape().drop_front());
  auto expected = RankedTensorType::get(shape, x.getElementType());
  if (getType() != expected) // C1
    return emitOpError("requires a result of type ") << expected << ", got " << getType();
  return success();
}

LogicalResult LoadImagesOp::verify() {
  auto dataset = cast<RankedTensorType>(getDataset().getType()), records = cast<RankedTensorType>(getRecords().getType());
  auto type = cast<RankedTensorType>(getType());
  if (dataset.getRank() != 2 || records.getRank() != 1 || type.getRank() != 4 || type.getDimSize(0) != records.getDimSize(0))
    return emitOpError("requires a 2-d data set, N records and a result [N, C, H, W], got ") // C1
           << dataset << ", " << records << " and " << type;
  int64_t bytes = type.getNumElements() / std::max<int64_t>(type.getDimSize(0), 1);
  auto offset = static_cast<int64_t>(getOffset());
  if (offset < 0 || offset + bytes > dataset.getDimSize(1)) // C1
    return emitOpError("expects ") << dataset.getDimSize(1) << " bytes in a record, got offset " << getOffset() << " and "
                                   << bytes << " pixels";
  return success();
}

LogicalResult LoadLabelsOp::verify() {
  auto dataset = cast<RankedTensorType>(getDataset().getType());
  if (dataset.getRank() != 2 || getType() != getRecords().getType()) // C1
    return emitOpError("requires a 2-d data set and a result of type ") << getRecords().getType() << ", got " << dataset
                                                                        << " and " << getType();
  auto offset = static_cast<int64_t>(getOffset());
  if (offset < 0 || offset >= dataset.getDimSize(1)) // C1
    return emitOpError("expects ") << dataset.getDimSize(1) << " bytes in a record, got offset " << getOffset();
  return success();
}

SmallVector<CostTerm> ShuffleOp::getCost() {
  int64_t number = cast<RankedTensorType>(getType()).getNumElements();
  return {CostTerm::body(OperationKind::Random, IndexType::get(getContext()), std::max<int64_t>(number - 1, 0))};
}
