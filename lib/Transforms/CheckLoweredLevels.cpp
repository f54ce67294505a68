// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The contracts of the tensor, kernels and buffer levels.
#include "LevelContract.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Kernels/KernelSignature.h"

using namespace mlir;
using namespace tally;

static constexpr llvm::StringLiteral bodyOps[] = {"tensor.empty", "tensor.collapse_shape", "tensor.expand_shape", "tensor.reshape",
                                                  "func.call"};
static constexpr llvm::StringLiteral tensorOps[] = {"linalg.*", "tensor.*", "arith.*", "math.*", "scf.*", "nn.philox",
                                                    "nn.widening_mul", "func.return"};
static constexpr llvm::StringLiteral bufferOps[] = {
    "memref.*",     "vector.*",   "amx.*",   "x86vector.*", "arith.*",    "math.*",     "scf.for",   "scf.if",          "scf.yield", "scf.parallel",
    "scf.reduce", "affine.apply", "affine.min", "affine.max", "nn.philox", "nn.widening_mul", "func.call", "func.return"};
static constexpr llvm::StringLiteral allocations[] = {"memref.alloc", "memref.realloc", "memref.dealloc"};

template <typename ShapedT>
static bool isStatic(Type type) {
  auto shaped = dyn_cast<ShapedT>(type);
  return shaped && shaped.hasStaticShape();
}

void LevelContract::checkTensor() {
  for (Operation *body : findBodies(module)) {
    Block &block = body->getRegion(0).front();
    block.walk([&](Operation *op) {
      if (!isAllowed(op, tensorOps) && !isa<BoundaryOpInterface>(op))
        refuse(op) << "breaks the tensor level: requires ops of linalg, tensor, arith, math and scf, nn.philox and boundaries";
    });
    for (Operation &op : block)
      for (Type type : op.getResultTypes())
        if (isa<ShapedType>(type) && !isStatic<RankedTensorType>(type))
          refuse(&op) << "breaks the tensor level: requires tensors of static shape, got " << type;
    if (isa<BodyOpInterface>(body))
      checkVariables(body);
  }
}

/// A call computes in its destinations: memory that is undefined, or that another kernel made for this call alone.
void LevelContract::checkCall(func::CallOp call) {
  auto kernel = dyn_cast_or_null<func::FuncOp>(symbols.lookupNearestSymbolFrom(call, call.getCalleeAttr()));
  if (!kernel || !isKernel(kernel))
    return void(refuse(call) << "breaks the kernels level: requires a kernel, got " << call.getCalleeAttr());
  unsigned inputs = std::min(KernelSignature(kernel).inputs, call.getNumOperands());
  for (Value destination : call.getOperands().drop_front(inputs))
    if (!destination.getDefiningOp<tensor::EmptyOp>() && !(destination.getDefiningOp<func::CallOp>() && destination.hasOneUse()))
      refuse(call) << "breaks the kernels level: requires destinations that nothing else needs";
}

void LevelContract::checkKernelOnTensors(func::FuncOp kernel) {
  if (!kernel.isPrivate() || kernel.isExternal() || !kernel.getBody().hasOneBlock())
    return void(refuse(kernel) << "breaks the kernels level: requires private kernels of one block");
  KernelSignature signature(kernel);
  ArrayRef<Type> arguments = kernel.getArgumentTypes(), results = kernel.getResultTypes();
  if (results.size() > arguments.size() || arguments.slice(signature.inputs, results.size()) != results)
    refuse(kernel) << "breaks the kernels level: requires one destination for each result, after the inputs";
  if (!llvm::all_of(llvm::concat<const Type>(arguments, results), isStatic<RankedTensorType>))
    refuse(kernel) << "breaks the kernels level: requires tensors of static shape";
  auto loops = [&](Operation *op) { return isa_and_nonnull<linalg::LinalgOp>(op) && !isa<linalg::FillOp, linalg::CopyOp>(op); };
  for (Operation &op : kernel.getBody().front())
    if (loops(&op) && llvm::any_of(op.getOperands(), [&](Value operand) { return loops(operand.getDefiningOp()); }))
      refuse(&op) << "breaks the kernels level: requires kernels that are one launch, got loops that wait for others";
}

void LevelContract::checkKernels() {
  for (Operation *body : findBodies(module)) {
    if (auto function = dyn_cast<func::FuncOp>(body)) {
      if (isKernel(function))
        checkKernelOnTensors(function);
      function.getBody().walk([&](Operation *op) {
        if (!isAllowed(op, tensorOps))
          refuse(op) << "breaks the kernels level: requires ops of linalg, tensor, arith, math and scf, and nn.philox in functions";
      });
      continue;
    }
    for (Operation &op : body->getRegion(0).front()) {
      if (!isAllowed(&op, bodyOps) && !isa<BoundaryOpInterface>(op))
        refuse(&op) << "breaks the kernels level: requires calls of kernels between boundaries";
      if (auto call = dyn_cast<func::CallOp>(op))
        checkCall(call);
    }
    checkVariables(body);
  }
}

void LevelContract::checkLoop(Operation *op) {
  auto loop = dyn_cast<LoopLikeOpInterface>(op);
  if (!loop)
    return;
  // The outermost loop of a kernel may run over the range that a thread is given.
  auto isConstant = [](OpFoldResult bound) { return getConstantIntValue(bound).has_value(); };
  auto lower = loop.getLoopLowerBounds(), upper = loop.getLoopUpperBounds(), steps = loop.getLoopSteps();
  bool constant = lower && upper && steps && llvm::all_of(*lower, isConstant) && llvm::all_of(*upper, isConstant) &&
                  llvm::all_of(*steps, isConstant);
  if (!constant && (op->getParentOfType<LoopLikeOpInterface>() || !lower || !upper))
    refuse(op) << "breaks the buffer level: requires constant loop bounds";
}

void LevelContract::checkKernelOnBuffers(func::FuncOp kernel) {
  if (!kernel.isPrivate() || kernel.isExternal() || kernel.getNumResults() != 0)
    refuse(kernel) << "breaks the buffer level: requires private kernels without results";
  ArrayRef<Type> buffers = kernel.getArgumentTypes();
  if (kernel->hasAttr(parallelAttribute)) {
    if (buffers.size() < 2 || !buffers.back().isIndex() || !buffers.drop_back().back().isIndex())
      return void(refuse(kernel) << "breaks the buffer level: requires a range as the last arguments of a parallel kernel");
    buffers = buffers.drop_back(2);
  }
  if (!llvm::all_of(buffers, isStatic<MemRefType>))
    refuse(kernel) << "breaks the buffer level: requires buffers of static shape as arguments";
}

void LevelContract::checkBuffer() {
  for (auto program : module.getOps<train::ProgramOp>())
    for (Operation &body : program->getRegion(0).front())
      if (body.getNumRegions() != 0 && !body.getRegion(0).empty() && !body.getRegion(0).front().empty())
        refuse(&body) << "breaks the buffer level: requires functions instead of bodies";
  for (auto function : module.getOps<func::FuncOp>()) {
    if (isKernel(function))
      checkKernelOnBuffers(function);
    function.getBody().walk([&](Operation *op) {
      auto isTensor = [](Type type) { return isa<TensorType>(type); };
      if (llvm::any_of(op->getOperandTypes(), isTensor) || llvm::any_of(op->getResultTypes(), isTensor))
        refuse(op) << "breaks the buffer level: requires buffers, got tensors";
      else if (isAllowed(op, allocations))
        refuse(op) << "breaks the buffer level: requires buffers of the arena, got an allocation";
      else if (!isAllowed(op, bufferOps))
        refuse(op) << "breaks the buffer level: requires ops of memref, vector, amx, x86vector, arith and math, loops and calls";
      checkLoop(op);
    });
  }
}
