// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs functions in this process.
#include "Engine.h"
#include "llvm/Support/TargetSelect.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"

using namespace mlir;
using namespace tally;

/// The iterations one by one, as threads would find them.
static void runSerially(int64_t n, void (*body)(void *, int64_t, int64_t), void *context) {
  for (int64_t i = 0; i < n; ++i)
    body(context, i, i + 1);
}

/// Where a trainer would take the time.
static void ignore(int64_t) {}

namespace {
struct JitEngine : Engine {
  explicit JitEngine(std::unique_ptr<ExecutionEngine> engine) : engine(std::move(engine)) {}

  llvm::Error call(StringRef function, MutableArrayRef<char> arena) override {
    auto address = engine->lookup(function);
    if (!address)
      return address.takeError();
    reinterpret_cast<void (*)(char *, const char *)>(*address)(arena.data(), nullptr);
    return llvm::Error::success();
  }

  std::unique_ptr<ExecutionEngine> engine;
};
} // namespace

llvm::Expected<std::unique_ptr<Engine>> tally::createJitEngine(ModuleOp module) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  ExecutionEngineOptions options;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::None;
  options.enableGDBNotificationListener = options.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(module, options);
  if (!engine)
    return engine.takeError();
  (*engine)->registerSymbols([](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap symbols;
    auto add = [&](const char *name, auto *function) {
      symbols[intern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function), llvm::JITSymbolFlags::Exported};
    };
    add("tally_rt_parallel_for", &runSerially);
    add("tally_rt_begin_kernel", &ignore);
    add("tally_rt_end_kernel", &ignore);
    return symbols;
  });
  return std::make_unique<JitEngine>(std::move(*engine));
}
