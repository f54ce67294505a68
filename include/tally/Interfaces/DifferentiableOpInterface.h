// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an op writes its gradient through.
#ifndef TALLY_INTERFACES_DIFFERENTIABLEOPINTERFACE_H
#define TALLY_INTERFACES_DIFFERENTIABLEOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace tally {

/// Marks an op through which no gradient passes by definition.
template <typename ConcreteType>
class NoGradient : public mlir::OpTrait::TraitBase<ConcreteType, NoGradient> {};

/// Handed to DifferentiableOpInterface::buildGradient; implemented by lib/Autodiff.
class GradientBuilder {
public:
  GradientBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}
  virtual ~GradientBuilder() = default;

  /// True when the gradient of `operand` is asked for.
  virtual bool needs(mlir::Value operand) const = 0;
  /// The complete gradient of a result, of the result's type; null when none flows into it.
  virtual mlir::Value of(mlir::Value result) const = 0;
  /// Adds `gradient` (of the operand's type) to what has been collected for `operand`.
  virtual void accumulate(mlir::Value operand, mlir::Value gradient) = 0;

  template <typename OpTy, typename... Args>
  OpTy create(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace tally

#include "tally/Interfaces/DifferentiableOpInterface.h.inc"

#endif
