// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --plan-memory: bodies become functions of (arena, data set).
#include "MemoryPlan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_PLANMEMORY
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

static MemRefType memrefOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

/// Tensor arguments become memrefs; the body still computes on tensors, ready for one-shot bufferization.
static void passByAddress(func::FuncOp kernel) {
  KernelSignature signature(kernel);
  Block &entry = kernel.getBody().front();
  auto builder = ImplicitLocOpBuilder::atBlockBegin(kernel.getLoc(), &entry);
  for (auto [number, argument] : llvm::enumerate(entry.getArguments())) {
    auto tensor = cast<RankedTensorType>(argument.getType());
    argument.setType(memrefOf(tensor));
    bool writable = number >= signature.inputs;
    auto content = bufferization::ToTensorOp::create(builder, tensor, argument, /*restrict=*/true, writable);
    argument.replaceAllUsesExcept(content, content);
  }
  Operation *end = entry.getTerminator();
  builder.setInsertionPoint(end);
  for (auto [number, result] : llvm::enumerate(end->getOperands()))
    bufferization::MaterializeInDestinationOp::create(builder, TypeRange(), result,
                                                      entry.getArgument(signature.inputs + number), /*restrict=*/true,
                                                      /*writable=*/true);
  kernel.removeArgAttrsAttr();
  end->setOperands({});
  kernel.setType(builder.getFunctionType(entry.getArgumentTypes(), {}));
}

namespace {
/// Writes one body as a function.
struct BodyWriter {
  const BodyPlan &plan;
  const VariableLayout &layout;
  ImplicitLocOpBuilder builder;
  Value arena, dataset;
  llvm::DenseMap<int64_t, Value> constants;

  /// The bytes at an offset, seen as `type`.
  Value view(int64_t offset, MemRefType type) {
    Value &constant = constants[offset];
    if (!constant) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(builder.getBlock());
      constant = arith::ConstantIndexOp::create(builder, offset);
    }
    return memref::ViewOp::create(builder, type, arena, constant, ValueRange());
  }

  Value view(OpOperand &operand) {
    MemRefType type = memrefOf(operand.get().getType());
    if (std::optional<int64_t> offset = plan.offsetOf(operand))
      return view(*offset, type);
    if (type == dataset.getType())
      return dataset;
    SmallVector<int64_t> strides = type.getStridesAndOffset().first;
    return memref::ReinterpretCastOp::create(builder, type, dataset, 0, type.getShape(), strides);
  }

  void write(Block &block) {
    for (auto call : block.getOps<func::CallOp>()) {
      builder.setLoc(call.getLoc());
      SmallVector<Value> operands;
      for (OpOperand &operand : call->getOpOperands())
        operands.push_back(view(operand));
      func::CallOp::create(builder, call.getCallee(), TypeRange(), operands);
    }
    SmallVector<Value> sources;
    for (auto [number, copy] : llvm::enumerate(plan.getCopies())) {
      Operation *write = copy.write;
      builder.setLoc(write->getLoc());
      Value source = view(write->getOpOperand(0));
      if (std::optional<int64_t> stage = plan.stageOf(number)) {
        Value staged = view(*stage, cast<MemRefType>(source.getType()));
        memref::CopyOp::create(builder, source, staged);
        source = staged;
      }
      sources.push_back(source);
    }
    for (auto [copy, source] : llvm::zip_equal(plan.getCopies(), sources))
      memref::CopyOp::create(builder, source, view(layout.offsets.lookup(copy.variable), cast<MemRefType>(source.getType())));
    func::ReturnOp::create(builder);
  }
};

struct PlanMemory : tally::impl::PlanMemoryBase<PlanMemory> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<train::ProgramOp>()))
      lower(program);
  }

private:
  void lower(train::ProgramOp program) {
    VariableLayout layout(program);
    Block &block = program->getRegion(0).front();
    auto bodies = llvm::to_vector(block.getOps<BodyOpInterface>());
    SmallVector<BodyPlan> plans;
    int64_t end = layout.temporaries, activations = 0;
    RankedTensorType records;
    for (BodyOpInterface body : bodies) {
      plans.emplace_back(*body.getBody(), layout);
      end = std::max(end, plans.back().getEnd());
      activations = std::max(activations, measureActivations(*body.getBody()));
      for (auto dataset : body.getBody()->getOps<train::DatasetOp>())
        records = cast<RankedTensorType>(dataset.getRecords().getType());
    }
    OpBuilder attributes(&getContext());
    program->setAttr("tally.arena_bytes", attributes.getI64IntegerAttr(end));
    program->setAttr("tally.persistent_bytes", attributes.getI64IntegerAttr(layout.persistentBytes));
    program->setAttr("tally.activation_bytes", attributes.getI64IntegerAttr(activations));
    for (Operation &op : block)
      if (isa<train::ParameterOp, train::StateOp, train::TableOp>(op))
        op.setAttr("tally.offset", attributes.getI64IntegerAttr(layout.offsets.lookup(cast<SymbolOpInterface>(op).getNameAttr())));

    OpBuilder builder(program);
    builder.setInsertionPointAfter(program);
    Type byte = builder.getI8Type();
    auto datasetType = records ? memrefOf(records) : MemRefType::get({1}, byte);
    auto type = builder.getFunctionType({MemRefType::get({end}, byte), datasetType}, {});
    for (auto [body, plan] : llvm::zip_equal(bodies, plans)) {
      StringAttr name = body.getNameAttr();
      auto function = func::FuncOp::create(builder, body->getLoc(), name.getValue(), type);
      function->setAttr("tally.body", name); // bodies are never merged, even when they do the same
      Block *entry = function.addEntryBlock();
      BodyWriter writer{plan, layout, ImplicitLocOpBuilder::atBlockBegin(body->getLoc(), entry), entry->getArgument(0),
                        entry->getArgument(1), llvm::DenseMap<int64_t, Value>()};
      writer.write(*body.getBody());
    }
    for (BodyOpInterface body : bodies)
      while (!body.getBody()->empty())
        body.getBody()->back().erase();
    for (auto kernel : llvm::make_early_inc_range(block.getOps<func::FuncOp>())) {
      kernel->remove();
      builder.insert(kernel);
      if (isKernel(kernel))
        passByAddress(kernel);
    }
  }
};
} // namespace
