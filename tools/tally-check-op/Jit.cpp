// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs functions of nn ops in this process.
#include "Jit.h"
#include "llvm/Support/TargetSelect.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/ExecutionEngine/CRunnerUtils.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include <cstring>

using namespace mlir;
using namespace tally;

/// Bytes of an element in memory.
static int64_t bytesOf(Type element) {
  return element.isIndex() ? 8 : std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

HostTensor::HostTensor(RankedTensorType type)
    : type(type), bytes(type.getNumElements() * bytesOf(type.getElementType())) {}

template <typename T>
static T readAs(const std::vector<char> &bytes, int64_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
static void writeAs(std::vector<char> &bytes, int64_t i, double number) {
  T value = static_cast<T>(number);
  std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
}

double HostTensor::get(int64_t i) const {
  Type element = type.getElementType();
  if (element.isF64())
    return readAs<double>(bytes, i);
  if (element.isF32())
    return readAs<float>(bytes, i);
  switch (bytesOf(element)) {
  case 8:
    return readAs<int64_t>(bytes, i);
  case 4:
    return readAs<int32_t>(bytes, i);
  default:
    return readAs<int8_t>(bytes, i);
  }
}

void HostTensor::set(int64_t i, double value) {
  Type element = type.getElementType();
  if (element.isF64())
    return writeAs<double>(bytes, i, value);
  if (element.isF32())
    return writeAs<float>(bytes, i, value);
  switch (bytesOf(element)) {
  case 8:
    return writeAs<int64_t>(bytes, i, value);
  case 4:
    return writeAs<int32_t>(bytes, i, value);
  default:
    return writeAs<int8_t>(bytes, i, value);
  }
}

static std::string entryName(func::FuncOp function) { return (function.getName() + "_entry").str(); }

/// Adds @<function>_entry(inputs..., results...) on memrefs, callable from C.
static void addEntry(func::FuncOp function) {
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  SmallVector<Type> types;
  for (Type type : llvm::concat<const Type>(function.getArgumentTypes(), function.getResultTypes())) {
    auto tensor = cast<RankedTensorType>(type);
    types.push_back(MemRefType::get(tensor.getShape(), tensor.getElementType()));
  }
  Location loc = function.getLoc();
  auto entry = func::FuncOp::create(builder, loc, entryName(function), builder.getFunctionType(types, {}));
  entry->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), builder.getUnitAttr());
  builder.setInsertionPointToStart(entry.addEntryBlock());
  SmallVector<Value> inputs;
  for (auto [type, buffer] : llvm::zip_first(function.getArgumentTypes(), entry.getArguments()))
    inputs.push_back(bufferization::ToTensorOp::create(builder, loc, type, buffer, /*restrict=*/true, /*writable=*/false));
  auto call = func::CallOp::create(builder, loc, function, inputs);
  for (auto [result, buffer] : llvm::zip_equal(call.getResults(), entry.getArguments().drop_front(inputs.size())))
    bufferization::MaterializeInDestinationOp::create(builder, loc, TypeRange{}, result, buffer, /*restrict=*/true, /*writable=*/true);
  func::ReturnOp::create(builder, loc);
}

static constexpr llvm::StringLiteral convert = "convert-nn-to-linalg", gather = "convert-nn-to-linalg{gather-windows}";
/// The tensor passes of -O3, with limits so low that small shapes are cut as well.
static constexpr llvm::StringLiteral arrange =
    "assign-layout{block=4},pack-contractions{block=4 least-reuse=1},fuse-elementwise,store-padded,split-reductions{parts=3 least-work=1}";
/// Nothing is freed: op cards are small, and the process is short.
static constexpr llvm::StringLiteral bufferize =
    "expand-philox,one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map}";
static constexpr llvm::StringLiteral loops = "func.func(convert-linalg-to-loops)";
static constexpr llvm::StringLiteral vectorize = "vectorize-kernels{cache-bytes=1024}";
static constexpr llvm::StringLiteral translate =
    "expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,convert-math-to-libm,convert-vector-to-llvm,"
    "convert-index-to-llvm,finalize-memref-to-llvm,convert-arith-to-llvm,"
    "convert-func-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts";

static LogicalResult runPipeline(ModuleOp module, StringRef pipeline) {
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  return failed(parsePassPipeline(pipeline, manager)) ? failure() : manager.run(module);
}

/// A copy into a part of a buffer would call a library of MLIR's own runner.
static void lowerCopies(ModuleOp module) {
  module.walk([](memref::CopyOp copy) {
    OpBuilder builder(copy);
    linalg::CopyOp::create(builder, copy.getLoc(), copy.getSource(), copy.getTarget());
    copy.erase();
  });
}

FailureOr<Jit> Jit::create(ModuleOp module, bool optimize) {
  module.getContext()->loadDialect<bufferization::BufferizationDialect, LLVM::LLVMDialect>();
  OwningOpRef<ModuleOp> lowered = module.clone();
  for (auto function : llvm::make_early_inc_range(lowered->getOps<func::FuncOp>()))
    addEntry(function);
  if (failed(runPipeline(*lowered, optimize ? gather : convert)) || (optimize && failed(runPipeline(*lowered, arrange))) ||
      failed(runPipeline(*lowered, bufferize)))
    return failure();
  lowerCopies(*lowered);
  if (failed(runPipeline(*lowered, optimize ? vectorize : loops)) || failed(runPipeline(*lowered, translate)))
    return failure();

  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  ExecutionEngineOptions options;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::None;
  options.enableGDBNotificationListener = options.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(*lowered, options);
  if (!engine)
    return module.emitError("cannot be compiled: ") << llvm::toString(engine.takeError());
  // What a copy between strided buffers is lowered to.
  (*engine)->registerSymbols([](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap symbols;
    symbols[intern("memrefCopy")] = {llvm::orc::ExecutorAddr::fromPtr(&memrefCopy), llvm::JITSymbolFlags::Exported};
    return symbols;
  });
  return Jit(std::move(*engine));
}

Jit::Jit(std::unique_ptr<ExecutionEngine> engine) : engine(std::move(engine)) {}
Jit::Jit(Jit &&) = default;
Jit::~Jit() = default;

/// The memory layout of a memref descriptor of any rank.
static std::vector<int64_t> describe(HostTensor &tensor) {
  int64_t data = reinterpret_cast<int64_t>(tensor.bytes.data());
  std::vector<int64_t> descriptor = {data, data, 0};
  llvm::append_range(descriptor, tensor.type.getShape());
  int64_t stride = tensor.type.getNumElements();
  for (int64_t size : tensor.type.getShape())
    descriptor.push_back(stride = size ? stride / size : 0);
  return descriptor;
}

FailureOr<std::vector<HostTensor>> Jit::call(func::FuncOp function, ArrayRef<HostTensor> inputs) {
  std::vector<HostTensor> arguments(inputs.begin(), inputs.end());
  for (Type type : function.getResultTypes())
    arguments.emplace_back(cast<RankedTensorType>(type));
  std::vector<std::vector<int64_t>> descriptors;
  for (HostTensor &tensor : arguments)
    descriptors.push_back(describe(tensor));
  std::vector<void *> pointers;
  for (auto &descriptor : descriptors)
    pointers.push_back(descriptor.data());
  SmallVector<void *> packed;
  for (void *&pointer : pointers)
    packed.push_back(&pointer);
  if (llvm::Error error = engine->invokePacked("_mlir_ciface_" + entryName(function), packed))
    return function.emitError("cannot be called: ") << llvm::toString(std::move(error));
  return std::vector<HostTensor>(std::make_move_iterator(arguments.begin() + inputs.size()),
                                 std::make_move_iterator(arguments.end()));
}
