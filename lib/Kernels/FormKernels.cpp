// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --form-kernels: each compute op of a body becomes a call of its own function.
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"
#include "tally/Support/Attribution.h"
#include "tally/Support/CountChange.h"
#include "tally/Support/ScalarOperation.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_FORMKERNELS
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

static bool isBoundary(Operation *op) { return isa<BoundaryOpInterface>(op); }

/// Computes scalars only: repeated in every kernel that needs it.
static bool isScalar(Operation *op) {
  return op->getNumResults() != 0 && llvm::none_of(op->getResultTypes(), llvm::IsaPred<ShapedType>);
}

/// The operand that result `index` overwrites, if the op says so.
static OpOperand *initOf(Operation *op, unsigned index) {
  if (auto destinationStyle = dyn_cast<DestinationStyleOpInterface>(op))
    return destinationStyle.getDpsInitOperand(index);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return &loop.getInitsMutable()[index];
  return nullptr;
}

/// Whether `op` overwrites the value of `use` rather than only reading it.
static bool isInit(OpOperand &use) {
  Operation *op = use.getOwner();
  for (unsigned i = 0; i < op->getNumResults(); ++i)
    if (initOf(op, i) == &use)
      return true;
  return false;
}

/// Whether the producer of an operand moves into the kernel of its user: a kernel has one op that loops, and what that starts from.
static bool joins(Operation *producer, OpOperand *use) {
  if (isa<tensor::EmptyOp, arith::ConstantOp>(producer) || isScalar(producer))
    return true;
  return use && isInit(*use) && isa<linalg::FillOp>(producer);
}

/// Whether a kernel goes on in the memory of `value`, which an earlier kernel made for it alone: the pieces laid into one tensor,
/// the phases of a strided gradient.
static bool isOverwritten(Value value) {
  Operation *producer = value.getDefiningOp();
  return isa_and_nonnull<func::CallOp>(producer) && value.hasOneUse() && isInit(*value.use_begin());
}

/// Only letters, digits, '_', '.' and '$' reach the names of functions.
static std::string asSymbol(StringRef layer) {
  std::string name;
  for (char c : layer.trim('/'))
    name += llvm::isAlnum(c) || c == '.' || c == '$' ? c : '_';
  return name.empty() ? "_" : name;
}

namespace {
/// One kernel to be: its root and the ops that join it.
struct Group {
  Operation *root;
  llvm::SetVector<Operation *> joined;
  llvm::SetVector<Value> inputs;

  explicit Group(Operation *root) : root(root) { collect(root); }

private:
  void collect(Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      add(operand.get(), &operand);
    llvm::SetVector<Value> captured;
    for (Region &region : op->getRegions())
      getUsedValuesDefinedAbove(region, captured);
    for (Value value : captured)
      add(value, nullptr);
  }
  void add(Value value, OpOperand *use) {
    Operation *producer = value.getDefiningOp();
    if (!producer || producer->getBlock() != root->getBlock()) {
      if (!producer || !root->isAncestor(producer))
        inputs.insert(value);
      return;
    }
    if (!joins(producer, use)) {
      inputs.insert(value);
      return;
    }
    if (joined.contains(producer))
      return;
    collect(producer);
    joined.insert(producer);
  }
};

struct FormKernels : tally::impl::FormKernelsBase<FormKernels> {
  using FormKernelsBase::FormKernelsBase;

  void runOnOperation() override {
    numbers.clear();
    getOperation().walk([&](BodyOpInterface body) {
      if (failed(outline(body)))
        signalPassFailure();
    });
  }

private:
  LogicalResult outline(Operation *body) {
    copies.clear();
    Block &block = body->getRegion(0).front();
    for (Operation &op : block)
      if (failed(declareStarts(&op)))
        return failure();
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (isBoundary(&op) || isView(&op) || !needsKernel(&op))
        continue;
      if (llvm::any_of(op.getResultTypes(), [](Type type) {
            auto tensor = dyn_cast<RankedTensorType>(type);
            return !tensor || !tensor.hasStaticShape();
          }))
        return op.emitOpError("expects tensors of static shape at the tensor level");
      if (failed(call(&op)))
        return failure();
    }
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op)) {
        if (failed(declareCopies(&op)))
          return failure();
        op.erase();
      }
    return success();
  }

  /// In a kernel all that is executed counts: also the first op of a sum.
  static LogicalResult declareStarts(Operation *op) {
    LocatedCount counted, executed;
    if (failed(LoopCounter().add(op, 1, counted)) || failed(LoopCounter(/*executed=*/true).add(op, 1, executed)))
      return failure();
    for (auto [loc, number] : executed)
      declareCountChange(op, loc, "zero-started accumulators", number -= counted[loc], OpCount());
    return success();
  }

  /// An op that left its body went to no kernel, or to each that needs it.
  LogicalResult declareCopies(Operation *op) {
    int64_t number = copies.lookup(op);
    LocatedCount count;
    if (number == 1)
      return success();
    if (failed(LoopCounter(/*executed=*/true).add(op, std::abs(number - 1), count)))
      return failure();
    for (const auto &[loc, changed] : count)
      number ? declareCountChange(op, loc, "scalars repeated in kernels", changed, OpCount())
             : declareCountChange(op, loc, "unused results", OpCount(), changed);
    return success();
  }

  /// Producers that join every user need none of their own.
  static bool needsKernel(Operation *op) {
    if (isScalar(op) || isa<func::CallOp>(op) || op->use_empty())
      return false;
    return llvm::any_of(op->getUses(), [&](OpOperand &use) {
      Operation *user = op->getBlock()->findAncestorOpInBlock(*use.getOwner());
      return isBoundary(user) || isView(user) || !joins(op, user == use.getOwner() ? &use : nullptr);
    });
  }

  LogicalResult call(Operation *root) {
    Group group(root);
    for (Operation *op : group.joined)
      ++copies[op];
    // The destination of a result is the tensor that it overwrites, or an undefined one.
    OpBuilder builder(root);
    Location loc = root->getLoc();
    SmallVector<Value> destinations;
    for (OpResult result : root->getResults()) {
      OpOperand *init = initOf(root, result.getResultNumber());
      auto tensor = cast<RankedTensorType>(result.getType());
      destinations.push_back(init && isOverwritten(init->get())
                                 ? init->get()
                                 : tensor::EmptyOp::create(builder, loc, tensor.getShape(), tensor.getElementType()).getResult());
      group.inputs.remove(destinations.back());
    }
    SmallVector<Value> operands = group.inputs.takeVector();
    unsigned inputCount = operands.size();
    llvm::append_range(operands, destinations);
    func::FuncOp kernel = build(root, group.joined.getArrayRef(), operands, inputCount);
    auto call = func::CallOp::create(builder, kernel.getLoc(), kernel, operands);
    root->replaceAllUsesWith(call.getResults());
    copies.erase(root);
    root->erase();
    return success();
  }

  func::FuncOp build(Operation *root, ArrayRef<Operation *> joined, ValueRange operands, unsigned inputCount) {
    Operation *program = root->getParentOfType<train::ProgramOp>();
    Location loc = root->getLoc();
    std::string stem = ("tally." + stringifyPhase(phaseOf(loc).value_or(Phase::Forward)) + "." + asSymbol(layerOf(loc))).str();
    OpBuilder builder = OpBuilder::atBlockEnd(&program->getRegion(0).front());
    auto type = builder.getFunctionType(TypeRange(operands), root->getResultTypes());
    auto kernel = func::FuncOp::create(builder, loc, stem + "." + std::to_string(numbers[stem]++), type);
    kernel.setPrivate();
    kernel->setAttr(kernelAttribute, builder.getUnitAttr());
    for (unsigned i = 0; i < operands.size(); ++i)
      kernel.setArgAttr(i, bufferization::BufferizationDialect::kWritableAttrName, builder.getBoolAttr(i >= inputCount));

    Block *entry = kernel.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    IRMapping mapping;
    mapping.map(operands, entry->getArguments());
    for (Operation *op : joined)
      builder.clone(*op, mapping);
    Operation *clone = builder.clone(*root, mapping);
    SmallVector<Value> results;
    for (unsigned i = 0; i < clone->getNumResults(); ++i)
      results.push_back(tie(builder, clone, i, entry->getArgument(inputCount + i)));
    func::ReturnOp::create(builder, loc, results);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*entry)))
      if (isOpTriviallyDead(&op))
        op.erase();
    kernel->setLoc(locationOf(kernel, loc));
    return kernel;
  }

  /// What the operations of a kernel are charged to, that of its root first; its calls carry it, too.
  static Location locationOf(func::FuncOp kernel, Location root) {
    SmallVector<Location> locations{root};
    SmallVector<Origin> origins = originsOf(root);
    kernel.walk([&](Operation *op) {
      FailureOr<std::optional<ScalarOperation>> scalar = classifyScalarOperation(op);
      Origin origin(phaseOf(op->getLoc()), layerOf(op->getLoc()));
      if (failed(scalar) || !*scalar || llvm::is_contained(origins, origin))
        return;
      origins.push_back(origin);
      locations.push_back(op->getLoc());
    });
    return locations.size() == 1 ? root : FusedLoc::get(kernel.getContext(), locations);
  }

  /// Lets result `index` of `op` be computed in `destination`.
  static Value tie(OpBuilder &builder, Operation *op, unsigned index, Value destination) {
    OpBuilder::InsertionGuard guard(builder);
    OpOperand *init = initOf(op, index);
    if (!init)
      return linalg::CopyOp::create(builder, op->getLoc(), op->getResult(index), destination).getResult(0);
    if (init->get() == destination)
      return op->getResult(index);
    while (Operation *producer = init->get().getDefiningOp()) {
      if (isa<tensor::EmptyOp>(producer)) {
        init->set(destination);
        return op->getResult(index);
      }
      OpOperand *next = initOf(producer, cast<OpResult>(init->get()).getResultNumber());
      if (!next || !producer->hasOneUse())
        break;
      init = next;
    }
    builder.setInsertionPoint(init->getOwner());
    init->set(linalg::CopyOp::create(builder, op->getLoc(), init->get(), destination).getResult(0));
    return op->getResult(index);
  }

  llvm::StringMap<unsigned> numbers; ///< of a run: the next number of each stem
  llvm::DenseMap<Operation *, int64_t> copies; ///< how many kernels an op of the body is in
};
} // namespace
