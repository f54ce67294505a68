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

#include "dialects/Nn/NnDialect.h.inc"
#include "dialects/Nn/NnEnums.h.inc"

namespace tally::nn {

/// The numpy broadcast of the operands' shapes with the first operand's element type (ONNX Broadcasting.md).
llvm::LogicalResult inferBroadcastType(std::optional<mlir::Location> loc, mlir::ValueRange operands,
                                       llvm::SmallVectorImpl<mlir::Type> &types);

/// `gradient` summed over the dimensions along which a value of `type` was broadcast to its shape.
mlir::Value sumToShape(tally::GradientBuilder &gradients, mlir::Value gradient, mlir::Type type);

} // namespace tally::nn

#include "dialects/Nn/NnOps.h.inc"

#endif
