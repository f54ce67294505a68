// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --time-kernels: the runtime is told of each call of a kernel.
#include "RuntimeFunction.h"
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Support/Attribution.h"
#include "tally/Target/Passes.h"
#include "tally/Target/ProgramObject.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_TIMEKERNELS
#include "tally/Target/Passes.h.inc"
} // namespace tally

/// What a call belongs to: its own phases, those of its body where it has none, and evaluation where it runs in one.
static ArrayAttr describeOrigins(func::CallOp call, std::optional<Phase> otherwise) {
  Builder builder(call.getContext());
  SmallVector<Attribute> layers;
  for (auto [phase, layer] : originsOf(call.getLoc())) {
    if (!phase || otherwise == Phase::Evaluation)
      phase = otherwise;
    NamedAttrList entry;
    entry.set("phase", builder.getStringAttr(stringifyPhase(phase.value_or(Phase::Forward))));
    entry.set("layer", builder.getStringAttr(layer));
    Attribute described = entry.getDictionary(call.getContext());
    if (!llvm::is_contained(layers, described))
      layers.push_back(described);
  }
  return builder.getArrayAttr(layers);
}

namespace {
struct TimeKernels : tally::impl::TimeKernelsBase<TimeKernels> {
  using TimeKernelsBase::TimeKernelsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto program : getOperation().getOps<train::ProgramOp>()) {
      SmallVector<Attribute> calls;
      for (auto body : program.getOps<BodyOpInterface>())
        if (failed(time(body, symbols, calls)))
          return signalPassFailure();
      program->setAttr(callsAttribute, ArrayAttr::get(&getContext(), calls));
    }
  }

private:
  LogicalResult time(BodyOpInterface body, SymbolTable &symbols, SmallVector<Attribute> &calls) {
    auto function = symbols.lookup<func::FuncOp>(body.getName());
    if (!function)
      return body.emitOpError("requires a function of its name");
    for (auto call : llvm::make_early_inc_range(function.getOps<func::CallOp>())) {
      auto kernel = symbols.lookup<func::FuncOp>(call.getCallee());
      if (!kernel || !isKernel(kernel))
        continue;
      auto operations = kernel->getAttrOfType<IntegerAttr>(operationsAttribute);
      auto bytes = kernel->getAttrOfType<DenseI64ArrayAttr>(bytesAttribute);
      if (!operations || !bytes || bytes.size() != 2)
        return kernel.emitOpError("requires the operations and bytes of a call, as --measure-kernels notes them");
      ImplicitLocOpBuilder builder(call.getLoc(), call);
      Value number = arith::ConstantIntOp::create(builder, calls.size(), 64);
      func::CallOp::create(builder, declareRuntimeFunction(symbols, "tally_rt_begin_kernel", 1), number);
      builder.setInsertionPointAfter(call);
      func::CallOp::create(builder, declareRuntimeFunction(symbols, "tally_rt_end_kernel", 1), number);
      NamedAttrList entry;
      entry.set("function", body.getNameAttr());
      entry.set("kernel", kernel.getSymNameAttr());
      entry.set("operations", operations);
      entry.set("bytes_read", builder.getI64IntegerAttr(bytes[0]));
      entry.set("bytes_written", builder.getI64IntegerAttr(bytes[1]));
      entry.set("layers", describeOrigins(call, phaseOfBody(body)));
      calls.push_back(entry.getDictionary(&getContext()));
    }
    return success();
  }
};
} // namespace
