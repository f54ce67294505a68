// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs functions compiled for another architecture in an emulator: a process that reads calls with their arena, and answers with the arena.
#include "Engine.h"
#include "dialects/Tally/Tally.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/Target/TargetMachine.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "tally/Target/Linker.h"
#include "tally/Target/TargetMachine.h"
#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace tally;

/// The process: what a trainer's runtime does for the functions, one thread; then calls until the input ends.
static constexpr llvm::StringLiteral mainLoop = R"(
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
void tally_rt_parallel_for(int64_t n, void (*body)(void *, int64_t, int64_t), void *context) {
  for (int64_t i = 0; i < n; ++i)
    body(context, i, i + 1);
}
void tally_rt_begin_kernel(int64_t call) {}
void tally_rt_end_kernel(int64_t call) {}
int main() {
  uint64_t call[2]; /* number of the function, bytes of the arena */
  while (fread(call, 8, 2, stdin) == 2) {
    unsigned char *arena = aligned_alloc(64, (call[1] + 63) / 64 * 64);
    if (!arena || fread(arena, 1, call[1], stdin) != call[1])
      return 1;
    functions[call[0]](arena, 0);
    fwrite(arena, 1, call[1], stdout);
    fflush(stdout);
    free(arena);
  }
}
)";

static llvm::Error makeError(const llvm::Twine &what) { return llvm::createStringError(what); }

static llvm::Error writeObject(ModuleOp module, StringRef path) {
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(targetOf(module), /*contract=*/true, error);
  if (!machine)
    return makeError(error);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated = translateModuleToLLVMIR(module, context);
  if (!translated)
    return makeError("cannot be translated to LLVM");
  translated->setTargetTriple(machine->getTargetTriple());
  translated->setDataLayout(machine->createDataLayout());
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (code)
    return makeError("cannot write " + path + ": " + code.message());
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile))
    return makeError("the target emits no objects");
  passes.run(*translated);
  return llvm::Error::success();
}

static llvm::Error writeMain(ArrayRef<std::string> functions, StringRef path) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (code)
    return makeError("cannot write " + path + ": " + code.message());
  std::string table;
  for (auto [number, name] : llvm::enumerate(functions)) {
    std::string symbol = "f" + std::to_string(number);
    stream << "void " << symbol << "(unsigned char *, const unsigned char *) __asm__(\"" << name << "\");\n";
    table += symbol + ", ";
  }
  stream << "static void (*const functions[])(unsigned char *, const unsigned char *) = {" << table << "};" << mainLoop;
  return llvm::Error::success();
}

static llvm::Error link(StringRef main, StringRef object, StringRef program) {
  llvm::Expected<std::string> compiler = findLinker();
  if (!compiler)
    return compiler.takeError();
  StringRef arguments[] = {*compiler, "-O1", "-static", main, object, "-o", program, "-lm"};
  std::string message;
  if (llvm::sys::ExecuteAndWait(*compiler, arguments, std::nullopt, {}, 0, 0, &message) != 0)
    return makeError("cannot link " + program + (message.empty() ? "" : ": " + message));
  return llvm::Error::success();
}

namespace {
class RemoteEngine : public Engine {
public:
  explicit RemoteEngine(ArrayRef<std::string> functions) : functions(functions) {}
  ~RemoteEngine() override {
    if (calls)
      std::fclose(calls);
    if (answers)
      std::fclose(answers);
    if (child > 0)
      ::waitpid(child, nullptr, 0);
    llvm::sys::fs::remove_directories(folder);
  }

  llvm::Error start(const std::string &runner, const std::string &program) {
    std::signal(SIGPIPE, SIG_IGN);
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0 || (child = ::fork()) < 0)
      return makeError("cannot start a process");
    if (child == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      for (int end : {in[0], in[1], out[0], out[1]})
        ::close(end);
      ::execlp(runner.c_str(), runner.c_str(), program.c_str(), static_cast<char *>(nullptr));
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    calls = ::fdopen(in[1], "wb");
    answers = ::fdopen(out[0], "rb");
    return calls && answers ? llvm::Error::success() : makeError("cannot talk to a process");
  }

  llvm::Error call(StringRef function, MutableArrayRef<char> arena) override {
    uint64_t header[] = {static_cast<uint64_t>(llvm::find(functions, function) - functions.begin()), arena.size()};
    if (std::fwrite(header, sizeof(header), 1, calls) == 1 && std::fwrite(arena.data(), 1, arena.size(), calls) == arena.size() &&
        std::fflush(calls) == 0 && std::fread(arena.data(), 1, arena.size(), answers) == arena.size())
      return llvm::Error::success();
    return makeError("@" + function + " ended the emulated process");
  }

  SmallString<128> folder; ///< of the program, which goes with it

private:
  std::vector<std::string> functions;
  pid_t child = -1;
  FILE *calls = nullptr, *answers = nullptr;
};
} // namespace

llvm::Expected<std::unique_ptr<Engine>> tally::createRemoteEngine(ModuleOp module, ArrayRef<std::string> functions, StringRef runner) {
  auto engine = std::make_unique<RemoteEngine>(functions);
  if (std::error_code code = llvm::sys::fs::createUniqueDirectory("tally-check-op", engine->folder))
    return makeError("cannot make a folder for the program: " + code.message());
  std::string main = (engine->folder + "/main.c").str(), object = (engine->folder + "/functions.o").str(), program = (engine->folder + "/program").str();
  llvm::Error error = writeObject(module, object);
  if (!error)
    error = writeMain(functions, main);
  if (!error)
    error = link(main, object, program);
  if (!error)
    error = engine->start(runner.str(), program);
  if (error)
    return error;
  return engine;
}
