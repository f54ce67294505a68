// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one public header of the nn dialect.
#ifndef TALLY_NN_NN_H
#define TALLY_NN_NN_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "tally/Interfaces/CostOpInterface.h"
#include "tally/Interfaces/DifferentiableOpInterface.h"
#include "tally/Interfaces/ScalarBodyOpInterface.h"
#include "tally/Interfaces/TrainingFormOpInterface.h"

namespace mlir {
class PatternRewriter;
} // namespace mlir

#include "dialects/Nn/NnDialect.h.inc"
#include "dialects/Nn/NnEnums.h.inc"

namespace tally::nn {

class ScalarBuilder;

/// The numpy broadcast of the operands' shapes with the first operand's element type (ONNX Broadcasting.md).
llvm::LogicalResult inferBroadcastType(std::optional<mlir::Location> loc, mlir::ValueRange operands,
                                       llvm::SmallVectorImpl<mlir::Type> &types);

/// `gradient` summed over the dimensions along which a value of `type` was broadcast to its shape.
mlir::Value sumToShape(tally::GradientBuilder &gradients, mlir::Value gradient, mlir::Type type);

/// The value of an op with a scalar body whose operands are all small dense constants; null otherwise.
mlir::OpFoldResult foldScalarBody(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands);

/// The same for z = f(x, y) with f(x, neutral) = x (and f(neutral, y) = y when it commutes): the other operand, where
/// it has the type of z.
mlir::OpFoldResult foldArithmetic(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands, double neutral,
                                  bool commutes);

/// The constant of `type` whose elements are those of `source` at the linear positions that `positionOf` gives for
/// the multi-index of each element; null unless both are small and `source` is dense.
mlir::OpFoldResult foldMove(mlir::Attribute source, mlir::Type type,
                            llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> positionOf);

/// The constant of `type` that holds `sources`, constants too, one after another along `axis`; null unless all are small and dense.
mlir::OpFoldResult foldConcat(llvm::ArrayRef<mlir::Attribute> sources, mlir::RankedTensorType type, int64_t axis);

} // namespace tally::nn

#include "dialects/Nn/NnOps.h.inc"

#endif
