// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lowers functions of nn ops, and calls them with tensors.
#include "Jit.h"
#include "dialects/Tally/Tally.h"
#include "dialects/Train/Train.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Support/Attribution.h"
#include "tally/Target/TargetMachine.h"
#include <cstring>

using namespace mlir;
using namespace tally;

/// Bytes of an element in memory.
static int64_t bytesOf(Type element) {
  return element.isIndex() ? 8 : std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

HostTensor::HostTensor(RankedTensorType type)
    : type(type), bytes(type.getNumElements() * bytesOf(type.getElementType())) {}

double HostTensor::get(int64_t i) const {
  Type element = type.getElementType();
  int64_t width = bytesOf(element);
  uint64_t bits = 0;
  std::memcpy(&bits, bytes.data() + i * width, width);
  if (auto floating = dyn_cast<FloatType>(element))
    return llvm::APFloat(floating.getFloatSemantics(), llvm::APInt(floating.getWidth(), bits)).convertToDouble();
  return llvm::SignExtend64(bits, width * 8);
}

void HostTensor::set(int64_t i, double value) {
  Type element = type.getElementType();
  int64_t width = bytesOf(element);
  uint64_t bits;
  if (auto floating = dyn_cast<FloatType>(element)) {
    llvm::APFloat number(value);
    bool inexact;
    number.convert(floating.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &inexact);
    bits = number.bitcastToAPInt().getZExtValue();
  } else {
    bits = static_cast<int64_t>(value);
  }
  std::memcpy(bytes.data() + i * width, &bits, width);
}

/// The variable of an argument or result of a function.
static std::string nameOf(func::FuncOp function, const char *kind, unsigned number) {
  return (function.getName() + "." + kind + llvm::Twine(number)).str();
}

/// Adds a body with the ops of the function: arguments are read from variables, results are written to variables.
static void addBody(OpBuilder &builder, func::FuncOp function) {
  Location loc = function.getLoc();
  auto addVariable = [&](const std::string &name, Type type) {
    train::StateOp::create(builder, loc, builder.getStringAttr(name), TypeAttr::get(type),
                           train::RoleAttr::get(builder.getContext(), train::Role::Counter), ElementsAttr());
    return name;
  };
  SmallVector<std::string> inputs, outputs;
  for (auto [number, type] : llvm::enumerate(function.getArgumentTypes()))
    inputs.push_back(addVariable(nameOf(function, "in", number), type));
  for (auto [number, type] : llvm::enumerate(function.getResultTypes()))
    outputs.push_back(addVariable(nameOf(function, "out", number), type));
  auto body = train::InitializeOp::create(builder, loc, function.getName());
  OpBuilder nested = OpBuilder::atBlockBegin(&body->getRegion(0).emplaceBlock());
  IRMapping mapping;
  for (auto [name, argument] : llvm::zip_equal(inputs, function.getArguments()))
    mapping.map(argument, train::ReadOp::create(nested, loc, argument.getType(), name).getResult());
  Block &block = function.getBody().front();
  for (Operation &op : block.without_terminator())
    nested.clone(op, mapping)->setLoc(withPhase(op.getLoc(), Phase::Forward));
  for (auto [name, result] : llvm::zip_equal(outputs, block.getTerminator()->getOperands()))
    train::WriteOp::create(nested, loc, name, mapping.lookup(result));
}

/// Limits so low that small shapes are cut as well, by vectors, threads and caches.
static TargetAttr smallTarget(TargetAttr usual) {
  return TargetAttr::get(usual.getContext(), usual.getTriple(), usual.getProcessor(), usual.getFeatures(), /*vector_bits=*/128, usual.getVectorRegisters(),
                         usual.getMatrixRows(), usual.getLaneProducts(), usual.getUnits(), usual.getLoads(), usual.getLatency(), /*l1_bytes=*/256,
                         /*l2_bytes=*/1024, usual.getStreams(), /*grain=*/1, /*threads=*/3);
}

FailureOr<Jit> Jit::create(ModuleOp module, const JitOptions &options) {
  MLIRContext *context = module.getContext();
  context->loadDialect<TallyDialect, train::TrainDialect>();
  OwningOpRef<ModuleOp> lowered = ModuleOp::create(module.getLoc());
  std::string error;
  TargetAttr target = options.march.empty() ? TargetAttr::get(context) : describeTarget(context, options.march, error);
  if (!target)
    return module.emitError("--march: ") << error;
  (*lowered)->setAttr(targetName, smallTarget(target));
  OpBuilder builder = OpBuilder::atBlockBegin(lowered->getBody());
  auto program = train::ProgramOp::create(builder, module.getLoc(), "checks", /*steps=*/0, DictionaryAttr());
  builder.setInsertionPointToStart(&program.getBody().emplaceBlock());
  for (auto function : module.getOps<func::FuncOp>())
    addBody(builder, function);
  LoweringOptions lowering;
  lowering.optimize = options.optimize ? 3 : 0;
  if (failed(lowerToCpu(*lowered, lowering)))
    return failure();

  Jit jit;
  program = *lowered->getOps<train::ProgramOp>().begin();
  for (auto variable : program.getOps<train::StateOp>())
    jit.offsets[variable.getSymName()] = variable->getAttrOfType<IntegerAttr>("tally.offset").getInt();
  jit.arena.resize(program->getAttrOfType<IntegerAttr>("tally.arena_bytes").getInt() / sizeof(Line) + 1);
  program.erase();

  registerBuiltinDialectTranslation(*context);
  registerLLVMDialectTranslation(*context);
  SmallVector<std::string> names;
  for (auto function : module.getOps<func::FuncOp>())
    names.push_back(function.getName().str());
  auto engine = options.runner.empty() ? createJitEngine(*lowered) : createRemoteEngine(*lowered, names, options.runner);
  if (!engine)
    return module.emitError("cannot be compiled: ") << llvm::toString(engine.takeError());
  jit.engine = std::move(*engine);
  return jit;
}

FailureOr<std::vector<HostTensor>> Jit::call(func::FuncOp function, ArrayRef<HostTensor> inputs) {
  auto *bytes = reinterpret_cast<char *>(arena.data());
  for (auto [number, input] : llvm::enumerate(inputs))
    std::memcpy(bytes + offsets.lookup(nameOf(function, "in", number)), input.bytes.data(), input.bytes.size());
  if (llvm::Error error = engine->call(function.getName(), MutableArrayRef(bytes, arena.size() * sizeof(Line))))
    return function.emitError("cannot be called: ") << llvm::toString(std::move(error));
  std::vector<HostTensor> results;
  for (auto [number, type] : llvm::enumerate(function.getResultTypes())) {
    HostTensor &result = results.emplace_back(cast<RankedTensorType>(type));
    std::memcpy(result.bytes.data(), bytes + offsets.lookup(nameOf(function, "out", number)), result.bytes.size());
  }
  return results;
}
