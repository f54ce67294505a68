// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --thread-kernels: calls of parallel kernels go through the runtime.
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Target/Passes.h"

using namespace mlir;
using namespace tally;
using namespace mlir::LLVM;

namespace tally {
#define GEN_PASS_DEF_THREADKERNELS
#include "tally/Target/Passes.h.inc"
} // namespace tally

namespace {
struct ThreadKernels : tally::impl::ThreadKernelsBase<ThreadKernels> {
  using ThreadKernelsBase::ThreadKernelsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    OpBuilder builder(&getContext());
    pointer = LLVMPointerType::get(&getContext());
    i64 = builder.getI64Type();
    SymbolTable symbols(module);
    // The parts that are added call their kernels directly, and kernels call none that is parallel.
    SmallVector<LLVMFuncOp> functions(module.getOps<LLVMFuncOp>());
    for (LLVMFuncOp function : functions)
      if (!function->hasAttr(kernelAttribute) && failed(threadCalls(function, symbols)))
        return signalPassFailure();
  }

private:
  LogicalResult threadCalls(LLVMFuncOp caller, SymbolTable &symbols) {
    SmallVector<std::pair<CallOp, LLVMFuncOp>> calls;
    unsigned longest = 0;
    caller.walk([&](CallOp call) {
      if (!call.getCallee())
        return;
      auto callee = symbols.lookup<LLVMFuncOp>(*call.getCallee());
      if (!callee || !callee->hasAttr(parallelAttribute))
        return;
      calls.push_back({call, callee});
      longest = std::max(longest, call->getNumOperands() - 2);
    });
    if (calls.empty())
      return success();
    // One context serves all calls of a function: each returns before the next starts.
    auto entry = ImplicitLocOpBuilder::atBlockBegin(caller.getLoc(), &caller.getBody().front());
    Value count = ConstantOp::create(entry, entry.getI64IntegerAttr(std::max(longest, 1u)));
    Value context = AllocaOp::create(entry, pointer, pointer, count, /*alignment=*/8);
    for (auto [call, callee] : calls) {
      LLVMFuncOp part = partOf(callee, symbols);
      if (!part)
        return failure();
      ImplicitLocOpBuilder builder(call.getLoc(), call);
      for (auto [number, address] : llvm::enumerate(call.getArgOperands().drop_back(2)))
        StoreOp::create(builder, address, slot(builder, context, number));
      Value n = ConstantOp::create(builder, callee->getAttrOfType<IntegerAttr>(parallelAttribute));
      Value body = AddressOfOp::create(builder, part);
      CallOp::create(builder, parallelFor(symbols), ValueRange{n, body, context});
      call.erase();
    }
    return success();
  }

  Value slot(ImplicitLocOpBuilder &builder, Value context, unsigned number) {
    return GEPOp::create(builder, pointer, pointer, context, ArrayRef<GEPArg>{static_cast<int32_t>(number)});
  }

  /// void @<kernel>.part(context, begin, end).
  LLVMFuncOp partOf(LLVMFuncOp kernel, SymbolTable &symbols) {
    std::string name = (kernel.getName() + ".part").str();
    if (auto existing = symbols.lookup<LLVMFuncOp>(name))
      return existing;
    ArrayRef<Type> types = kernel.getFunctionType().getParams();
    if (!llvm::all_of(types.drop_back(2), llvm::IsaPred<LLVMPointerType>)) {
      kernel.emitError("requires addresses as arguments of a parallel kernel");
      return {};
    }
    ImplicitLocOpBuilder builder(kernel.getLoc(), kernel);
    auto type = LLVMFunctionType::get(LLVMVoidType::get(&getContext()), {pointer, i64, i64});
    auto part = LLVMFuncOp::create(builder, name, type, Linkage::Internal);
    symbols.insert(part);
    Block *entry = part.addEntryBlock(builder);
    builder.setInsertionPointToStart(entry);
    SmallVector<Value> operands;
    for (unsigned i = 0; i + 2 < types.size(); ++i)
      operands.push_back(LoadOp::create(builder, pointer, slot(builder, entry->getArgument(0), i)));
    llvm::append_range(operands, entry->getArguments().drop_front());
    CallOp::create(builder, kernel, operands);
    ReturnOp::create(builder, ValueRange());
    return part;
  }

  LLVMFuncOp parallelFor(SymbolTable &symbols) {
    StringRef name = "tally_rt_parallel_for";
    if (auto existing = symbols.lookup<LLVMFuncOp>(name))
      return existing;
    OpBuilder builder = OpBuilder::atBlockBegin(getOperation().getBody());
    auto type = LLVMFunctionType::get(LLVMVoidType::get(&getContext()), {i64, pointer, pointer});
    auto function = LLVMFuncOp::create(builder, getOperation().getLoc(), name, type);
    symbols.insert(function);
    return function;
  }

  Type pointer, i64;
};
} // namespace
