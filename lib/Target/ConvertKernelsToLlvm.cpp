// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --convert-kernels-to-llvm: everything that computes, in one conversion.
#include "dialects/Train/Train.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/AMX/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/X86Vector/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Threading.h"
#include "mlir/Transforms/DialectConversion.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Target/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CONVERTKERNELSTOLLVM
#include "tally/Target/Passes.h.inc"
} // namespace tally

/// Buffers without elements, which have no strides, become of rank 1; what would be read from them or written to them, in loops over
/// nothing, goes.
static void flattenEmptyBuffers(func::FuncOp function) {
  auto isEmpty = [](Value value) {
    auto type = dyn_cast<MemRefType>(value.getType());
    return type && type.getRank() > 1 && llvm::is_contained(type.getShape(), 0);
  };
  auto flatten = [&](Value value) {
    if (isEmpty(value))
      value.setType(MemRefType::get({0}, cast<MemRefType>(value.getType()).getElementType()));
  };
  function.walk([&](Operation *op) {
    auto load = dyn_cast<memref::LoadOp>(op);
    auto store = dyn_cast<memref::StoreOp>(op);
    if (load && isEmpty(load.getMemRef())) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(ub::PoisonOp::create(builder, op->getLoc(), load.getType()));
      op->erase();
    } else if (store && isEmpty(store.getMemRef())) {
      op->erase();
    }
  });
  function.walk([&](Operation *op) { llvm::for_each(op->getResults(), flatten); });
  llvm::for_each(function.getArguments(), flatten);
  function.setType(FunctionType::get(function.getContext(), function.getBody().getArgumentTypes(), function.getResultTypes()));
}

/// A quotient by 0 is 0, as in numpy, and one by -1 the negative: the machine would stop the program, in the second case for the smallest
/// number. Neither leaves a remainder. A shift by more bits than there are leaves none.
static void guardIntegers(func::FuncOp function) {
  function.walk([](Operation *op) {
    if (!isa<arith::DivSIOp, arith::RemSIOp, arith::ShLIOp, arith::ShRUIOp>(op) || matchPattern(op->getOperand(1), m_Constant()))
      return;
    OpBuilder builder(op);
    Location loc = op->getLoc();
    Value x = op->getOperand(0), y = op->getOperand(1);
    Type element = getElementTypeOrSelf(y.getType());
    auto number = [&](int64_t value) -> Value {
      TypedAttr attribute = builder.getIntegerAttr(element, value);
      if (auto vector = dyn_cast<VectorType>(y.getType()))
        attribute = DenseElementsAttr::get(vector, attribute);
      return arith::ConstantOp::create(builder, loc, attribute);
    };
    auto test = [&](arith::CmpIPredicate relation, int64_t value) -> Value {
      return arith::CmpIOp::create(builder, loc, relation, y, number(value));
    };
    Value zero = number(0), guarded, otherwise = zero;
    if (isa<arith::ShLIOp, arith::ShRUIOp>(op)) {
      guarded = test(arith::CmpIPredicate::uge, element.isIndex() ? 64 : element.getIntOrFloatBitWidth());
    } else {
      Value isZero = test(arith::CmpIPredicate::eq, 0), isMinusOne = test(arith::CmpIPredicate::eq, -1);
      guarded = arith::OrIOp::create(builder, loc, isZero, isMinusOne);
      if (isa<arith::DivSIOp>(op)) {
        Value negative = arith::SubIOp::create(builder, loc, zero, x);
        otherwise = arith::SelectOp::create(builder, loc, isZero, zero, negative);
      }
    }
    op->setOperand(1, arith::SelectOp::create(builder, loc, guarded, number(1), y));
    builder.setInsertionPointAfter(op);
    Value result = arith::SelectOp::create(builder, loc, guarded, otherwise, op->getResult(0));
    op->getResult(0).replaceAllUsesExcept(result, result.getDefiningOp());
  });
}

namespace {
struct ConvertKernelsToLlvm : tally::impl::ConvertKernelsToLlvmBase<ConvertKernelsToLlvm> {
  using ConvertKernelsToLlvmBase::ConvertKernelsToLlvmBase;

  void runOnOperation() override {
    llvm::DenseSet<StringAttr> privates;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isPrivate())
        privates.insert(function.getSymNameAttr());
      // LLVM has no such attribute.
      for (unsigned argument = 0; argument < function.getNumArguments(); ++argument)
        function.removeArgAttr(argument, spaceAttribute);
    }
    SmallVector<func::FuncOp> functions(getOperation().getOps<func::FuncOp>());
    parallelForEach(&getContext(), functions, [](func::FuncOp function) {
      if (function.isExternal())
        return;
      flattenEmptyBuffers(function);
      guardIntegers(function);
    });
    if (failed(convertFunctions()) || failed(convertRest(functions)))
      return signalPassFailure();
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>()) {
      if (!privates.contains(function.getSymNameAttr()) || function.isExternal())
        continue;
      function.setLinkage(LLVM::Linkage::Internal);
      function.setNoInline(true);
      orderStreams(function);
    }
  }

private:
  /// What was stored past the caches is seen by other threads once the function has returned.
  static void orderStreams(LLVM::LLVMFuncOp function) {
    bool streams = false;
    function.walk([&](LLVM::StoreOp store) { streams |= store.getNontemporal(); });
    if (streams)
      function.walk([](LLVM::ReturnOp end) {
        OpBuilder builder(end);
        LLVM::FenceOp::create(builder, end.getLoc(), LLVM::AtomicOrdering::seq_cst);
      });
  }

  /// Functions that have no instruction become calls of libm, one for each lane of a vector.
  LogicalResult convertFunctions() {
    RewritePatternSet patterns(&getContext());
    populateMathToLibmConversionPatterns(patterns);
    ConversionTarget target(getContext());
    auto isInstruction = [](Operation *op) {
      return isa<math::AbsFOp, math::AbsIOp, math::SqrtOp, math::RsqrtOp, math::FmaOp, math::CopySignOp, math::IsNaNOp,
                 math::IsInfOp, math::IsFiniteOp, math::IsNormalOp, math::CountLeadingZerosOp, math::CtPopOp, math::FloorOp, math::CeilOp,
                 math::RoundEvenOp>(op);
    };
    SmallVector<Operation *> functions;
    getOperation().walk([&](Operation *op) {
      if (isa_and_nonnull<math::MathDialect>(op->getDialect()) && !isInstruction(op))
        functions.push_back(op);
    });
    target.addDynamicallyLegalDialect<math::MathDialect>(isInstruction);
    target.addLegalDialect<func::FuncDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    return applyPartialConversion(functions, target, std::move(patterns));
  }

  /// First what is inside of functions, each for itself, then functions and calls.
  LogicalResult convertRest(ArrayRef<func::FuncOp> functions) {
    LowerToLLVMOptions options(&getContext());
    options.useBarePtrCallConv = true;
    LLVMTypeConverter converter(&getContext(), options);
    RewritePatternSet inside(&getContext()), outside(&getContext());
    for (RewritePatternSet *patterns : {&inside, &outside})
      populateFinalizeMemRefToLLVMConversionPatterns(converter, *patterns);
    arith::populateArithToLLVMConversionPatterns(converter, inside);
    populateMathToLLVMConversionPatterns(converter, inside, /*approximateLog1p=*/false);
    cf::populateControlFlowToLLVMConversionPatterns(converter, inside);
    index::populateIndexToLLVMConversionPatterns(converter, inside);
    ub::populateUBToLLVMConversionPatterns(converter, inside);
    populateVectorToLLVMConversionPatterns(converter, inside);
    populateAMXLegalizeForLLVMExportPatterns(converter, inside);
    populateX86VectorLegalizeForLLVMExportPatterns(converter, inside);
    SymbolTableCollection symbols;
    populateFuncToLLVMConversionPatterns(converter, outside, &symbols);
    LLVMConversionTarget target(getContext());
    configureAMXLegalizeForExportTarget(target);
    configureX86VectorLegalizeForExportTarget(target);
    target.addLegalOp<ModuleOp, UnrealizedConversionCastOp>();
    target.addLegalDialect<train::TrainDialect>();
    ConversionConfig config;
    config.allowPatternRollback = false; // what fails here is an error in Tally, and keeping the way back takes half of the time
    ConversionTarget insideTarget(target);
    insideTarget.addLegalDialect<func::FuncDialect>();
    FrozenRewritePatternSet frozen(std::move(inside));
    auto convert = [&](func::FuncOp function) { return applyFullConversion(function, insideTarget, frozen, config); };
    if (failed(failableParallelForEach(&getContext(), functions, convert)))
      return failure();
    return applyFullConversion(getOperation(), target, std::move(outside), config);
  }
};
} // namespace
