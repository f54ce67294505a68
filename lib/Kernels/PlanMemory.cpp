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

  Value constant(int64_t value) {
    Value &known = constants[value];
    if (!known) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(builder.getBlock());
      known = arith::ConstantIndexOp::create(builder, value);
    }
    return known;
  }

  /// The bytes at an offset, seen as `type`.
  Value view(int64_t offset, MemRefType type) {
    return memref::ViewOp::create(builder, type, arena, constant(offset), ValueRange());
  }

  Value view(OpOperand &operand) {
    MemRefType type = memrefOf(operand.get().getType());
    if (std::optional<int64_t> offset = plan.offsetOf(operand))
      return view(*offset, type);
    return dataset;
  }

  void write(func::CallOp call) {
    SmallVector<Value> operands;
    for (OpOperand &operand : call->getOpOperands())
      operands.push_back(view(operand));
    func::CallOp::create(builder, call.getCallee(), TypeRange(), operands);
  }

  /// Hands every operand to the runtime: address and bytes.
  void write(BoundaryOpInterface boundary) {
    for (OpOperand &operand : boundary->getOpOperands()) {
      Value address = memref::ExtractAlignedPointerAsIndexOp::create(builder, view(operand));
      func::CallOp::create(builder, boundary.getRuntimeFunction(), TypeRange(),
                           ValueRange{address, constant(sizeInBytes(operand.get().getType()))});
    }
  }

  void write(Block &block) {
    for (Operation &op : block) {
      builder.setLoc(op.getLoc());
      if (auto call = dyn_cast<func::CallOp>(op))
        write(call);
      else if (auto boundary = dyn_cast<BoundaryOpInterface>(op); boundary && !boundary.getRuntimeFunction().empty())
        write(boundary);
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
      memref::CopyOp::create(builder, source, view(layout.offsetOf(copy.variable), cast<MemRefType>(source.getType())));
    func::ReturnOp::create(builder);
  }
};

struct PlanMemory : tally::impl::PlanMemoryBase<PlanMemory> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    auto programs = llvm::to_vector(getOperation().getOps<train::ProgramOp>());
    for (auto program : llvm::drop_begin(programs, programs.empty() ? 0 : 1)) {
      program.emitOpError("is the second of its module: a trainer runs one");
      return signalPassFailure();
    }
    if (!programs.empty() && failed(lower(programs.front())))
      signalPassFailure();
  }

private:
  /// The type of the data set in all bodies; null where none reads it.
  static FailureOr<MemRefType> findDataset(ArrayRef<BodyOpInterface> bodies) {
    MemRefType type;
    for (BodyOpInterface body : bodies)
      for (auto dataset : body.getBody()->getOps<train::DatasetOp>()) {
        MemRefType own = memrefOf(dataset.getType());
        if (type && type != own)
          return dataset.emitOpError("requires the data set to be of one type in all bodies, got ") << own << " after " << type;
        type = own;
      }
    return type;
  }

  /// What becomes a function of the module must not have a name that the module knows.
  LogicalResult checkNames(train::ProgramOp program) {
    SymbolTable known(getOperation());
    for (Operation &op : program->getRegion(0).front())
      if (auto symbol = dyn_cast<SymbolOpInterface>(op); symbol && isa<BodyOpInterface, func::FuncOp>(op))
        if (Operation *other = known.lookup(symbol.getNameAttr())) {
          InFlightDiagnostic error = op.emitOpError("has the name of a symbol of the module");
          error.attachNote(other->getLoc()) << "here";
          return error;
        }
    return success();
  }

  LogicalResult lower(train::ProgramOp program) {
    VariableLayout layout(program);
    SymbolTable kernels(program);
    Block &block = program->getRegion(0).front();
    auto bodies = llvm::to_vector(block.getOps<BodyOpInterface>());
    FailureOr<MemRefType> dataset = findDataset(bodies);
    if (failed(dataset) || failed(checkNames(program)))
      return failure();
    SmallVector<BodyPlan, 0> plans;
    int64_t end = layout.temporaries, activations = 0;
    DictionaryAttr memory;
    SmallVector<NamedAttribute> ends;
    for (BodyOpInterface body : bodies) {
      FailureOr<BodyPlan> plan = BodyPlan::make(body, layout, kernels);
      if (failed(plan))
        return failure();
      if (!memory || plan->getEnd() > end)
        memory = describeMemory(body, *plan, layout);
      ends.emplace_back(body.getNameAttr(), IntegerAttr::get(IntegerType::get(&getContext(), 64), plan->getEnd()));
      end = std::max(end, plan->getEnd());
      activations = std::max(activations, measureActivations(*body.getBody()));
      plans.push_back(std::move(*plan));
    }

    OpBuilder builder(program);
    program->setAttr("tally.arena_bytes", builder.getI64IntegerAttr(end));
    program->setAttr("tally.persistent_bytes", builder.getI64IntegerAttr(layout.persistentBytes));
    program->setAttr("tally.activation_bytes", builder.getI64IntegerAttr(activations));
    if (memory)
      program->setAttr("tally.memory", memory);
    program->setAttr("tally.body_bytes", builder.getDictionaryAttr(ends));
    for (auto variable : block.getOps<SymbolOpInterface>())
      if (auto place = layout.places.find(variable.getNameAttr()); place != layout.places.end())
        variable->setAttr("tally.offset", builder.getI64IntegerAttr(place->second.offset));

    builder.setInsertionPointAfter(program);
    Type byte = builder.getI8Type();
    auto datasetType = *dataset ? *dataset : MemRefType::get({1}, byte);
    auto type = builder.getFunctionType({MemRefType::get({end}, byte), datasetType}, {});
    for (auto [body, plan] : llvm::zip_equal(bodies, plans)) {
      StringAttr name = body.getNameAttr();
      declareRuntime(builder, *body.getBody());
      auto function = func::FuncOp::create(builder, body->getLoc(), name.getValue(), type);
      function->setAttr(bodyAttribute, name); // bodies are never merged, even when they do the same
      function.setArgAttr(0, spaceAttribute, builder.getI64IntegerAttr(static_cast<int64_t>(MemorySpace::Host)));
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
    return success();
  }

  /// f(address, bytes) for the functions of the runtime that a body's boundaries ask for.
  void declareRuntime(OpBuilder &builder, Block &block) {
    Type index = builder.getIndexType();
    for (auto boundary : block.getOps<BoundaryOpInterface>())
      if (StringRef name = boundary.getRuntimeFunction(); !name.empty() && !getOperation().lookupSymbol(name))
        func::FuncOp::create(builder, boundary.getLoc(), name, builder.getFunctionType({index, index}, {})).setPrivate();
  }
};
} // namespace
