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
#include "mlir/Dialect/X86Vector/Transforms.h"
#include "mlir/Transforms/DialectConversion.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Target/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_CONVERTKERNELSTOLLVM
#include "tally/Target/Passes.h.inc"
} // namespace tally

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
    if (failed(convertFunctions()) || failed(convertRest()))
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
    target.addDynamicallyLegalDialect<math::MathDialect>([](Operation *op) {
      return isa<math::AbsFOp, math::AbsIOp, math::SqrtOp, math::RsqrtOp, math::FmaOp, math::CopySignOp, math::IsNaNOp,
                 math::IsInfOp, math::IsFiniteOp, math::IsNormalOp, math::CountLeadingZerosOp, math::CtPopOp, math::FloorOp, math::CeilOp,
                 math::RoundEvenOp>(op);
    });
    target.addLegalDialect<func::FuncDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    return applyPartialConversion(getOperation(), target, std::move(patterns));
  }

  LogicalResult convertRest() {
    LowerToLLVMOptions options(&getContext());
    options.useBarePtrCallConv = true;
    LLVMTypeConverter converter(&getContext(), options);
    SymbolTableCollection symbols;
    RewritePatternSet patterns(&getContext());
    populateFuncToLLVMConversionPatterns(converter, patterns, &symbols);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns, &symbols);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns, /*approximateLog1p=*/false);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    populateAMXLegalizeForLLVMExportPatterns(converter, patterns);
    populateX86VectorLegalizeForLLVMExportPatterns(converter, patterns);
    LLVMConversionTarget target(getContext());
    configureAMXLegalizeForExportTarget(target);
    configureX86VectorLegalizeForExportTarget(target);
    target.addLegalOp<ModuleOp, UnrealizedConversionCastOp>();
    target.addLegalDialect<train::TrainDialect>();
    return applyFullConversion(getOperation(), target, std::move(patterns));
  }
};
} // namespace
