// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asks LLVM about processors.
#include "tally/Target/TargetMachine.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <unistd.h>

using namespace mlir;
using namespace tally;

static const llvm::Target *findTarget(const llvm::Triple &triple, std::string &error) {
  static const bool initialized = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)initialized;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    error = "no code generator for '" + triple.str() + "'";
  return target;
}

static llvm::Triple tripleOf(StringRef name) {
  return llvm::Triple(name.empty() ? llvm::sys::getDefaultTargetTriple() : llvm::Triple::normalize(name));
}

/// What this machine has or lacks beside what its processor's name promises (a virtual machine may hide features).
static std::string hostFeatures(const llvm::MCSubtargetInfo &promised) {
  SmallVector<std::string> features;
  for (auto &[name, enabled] : llvm::sys::getHostCPUFeatures()) {
    std::string feature = (enabled ? "+" : "-") + name.str();
    if (!promised.checkFeatures(feature))
      features.push_back(feature);
  }
  llvm::sort(features);
  return llvm::join(features, ",");
}

std::unique_ptr<llvm::TargetMachine> tally::createTargetMachine(TargetAttr target, bool contract, std::string &error) {
  llvm::Triple triple = tripleOf(target.getTriple());
  const llvm::Target *generator = findTarget(triple, error);
  if (!generator)
    return nullptr;
  llvm::TargetOptions options;
  options.AllowFPOpFusion = contract ? llvm::FPOpFusion::Standard : llvm::FPOpFusion::Strict;
  options.FunctionSections = true;
  std::unique_ptr<llvm::TargetMachine> machine(
      generator->createTargetMachine(triple, target.getProcessor(), target.getFeatures(), options, llvm::Reloc::PIC_, std::nullopt,
                                     llvm::CodeGenOptLevel::Default));
  if (!machine)
    error = "no code generator for '" + triple.str() + "'";
  return machine;
}

/// The generator of a triple, where it knows the processor.
static const llvm::Target *findTarget(const llvm::Triple &triple, StringRef processor, std::string &error) {
  const llvm::Target *generator = findTarget(triple, error);
  if (!generator)
    return nullptr;
  std::unique_ptr<llvm::MCSubtargetInfo> info(generator->createMCSubtargetInfo(triple, "", ""));
  if (info && !processor.empty() && !info->isCPUStringValid(processor)) {
    error = ("unknown processor '" + processor + "'").str();
    return nullptr;
  }
  return generator;
}

/// The figures of a processor with so many bytes of the second cache; 0: what LLVM says, which is one size for all of a kind.
static TargetAttr describeProcessor(MLIRContext *context, const llvm::Triple &triple, StringRef processor, StringRef features, int64_t l2Bytes,
                                    std::string &error) {
  context->getOrLoadDialect<TallyDialect>();
  TargetAttr other = TargetAttr::get(context); // for what LLVM does not tell
  auto describe = [&](int64_t bits, int64_t registers, int64_t matrixRows, int64_t laneProducts, int64_t l1Bytes, int64_t l2Bytes) {
    return TargetAttr::get(context, triple.str(), processor, features, bits, registers, matrixRows, laneProducts, other.getUnits(), other.getLoads(),
                           other.getLatency(), l1Bytes, l2Bytes, other.getStreams(), other.getGrain(), other.getThreads());
  };
  TargetAttr named = describe(0, 0, 0, 1, other.getL1Bytes(), other.getL2Bytes());
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(named, /*contract=*/true, error);
  if (!machine)
    return {};
  llvm::LLVMContext llvmContext;
  llvm::Module module("probe", llvmContext);
  module.setTargetTriple(triple);
  module.setDataLayout(machine->createDataLayout());
  auto *function = llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(llvmContext), false),
                                          llvm::Function::ExternalLinkage, "probe", module);
  // All that there is, not what is preferred for code that is not all vectors.
  function->addFnAttr("prefer-vector-width", "65536");
  llvm::TargetTransformInfo facts = machine->getTargetTransformInfo(*function);
  int64_t bits = facts.getRegisterBitWidth(llvm::TargetTransformInfo::RGK_FixedWidthVector).getFixedValue(), registers = 0;
  if (bits)
    registers = facts.getNumberOfRegisters(facts.getRegisterClassForType(
        true, llvm::FixedVectorType::get(llvm::Type::getFloatTy(llvmContext), bits / 32)));
  using Level = llvm::TargetTransformInfo::CacheLevel;
  if (l2Bytes <= 0)
    l2Bytes = facts.getCacheSize(Level::L2D).value_or(other.getL2Bytes());
  auto has = [&](const char *wanted) { return triple.isX86() && machine->getMCSubtargetInfo()->checkFeatures(wanted); };
  // Beside matrix registers, vectors of pairs are no faster than vectors of f32.
  int64_t matrixRows = has("+amx-tile,+amx-bf16") ? 16 : 0, laneProducts = !matrixRows && has("+avx512bf16,+avx512vl") ? 2 : 1;
  return describe(bits, registers, matrixRows, laneProducts, facts.getCacheSize(Level::L1D).value_or(other.getL1Bytes()), l2Bytes);
}

TargetAttr tally::describeTarget(MLIRContext *context, StringRef march, std::string &error) {
  bool native = march == "native", elsewhere = march.contains(':');
  llvm::Triple triple = tripleOf(elsewhere ? march.split(':').first : StringRef());
  StringRef processor = native ? llvm::sys::getHostCPUName() : elsewhere ? march.split(':').second : march;
  const llvm::Target *generator = findTarget(triple, processor, error);
  if (!generator)
    return {};
  std::string features;
  if (native)
    if (std::unique_ptr<llvm::MCSubtargetInfo> promised(generator->createMCSubtargetInfo(triple, processor, "")); promised)
      features = hostFeatures(*promised);
  return describeProcessor(context, triple, processor, features, native ? ::sysconf(_SC_LEVEL2_CACHE_SIZE) : 0, error);
}

TargetAttr tally::parseTarget(MLIRContext *context, StringRef text, std::string &error) {
  context->getOrLoadDialect<TallyDialect>();
  ScopedDiagnosticHandler hear(context, [&](Diagnostic &diagnostic) { error = diagnostic.str(); });
  auto target = dyn_cast_or_null<TargetAttr>(parseAttribute(text, context));
  if (!target) {
    if (error.empty())
      error = "expects a #tally.target";
    return {};
  }
  llvm::Triple triple(target.getTriple());
  TargetAttr described;
  if (findTarget(triple, target.getProcessor(), error))
    described = describeProcessor(context, triple, target.getProcessor(), target.getFeatures(), target.getL2Bytes(), error);
  if (described && described != target)
    error = "its figures are not those of the processor '" + target.getProcessor().str() + "'";
  return described == target ? target : TargetAttr();
}
