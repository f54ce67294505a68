// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls the C compiler of the system, which knows where the C library lies and how it starts programs.
#include "tally/Target/Linker.h"
#include "llvm/Support/Program.h"
#include <cstdlib>

using namespace llvm;

Expected<std::string> tally::findLinker() {
  const char *chosen = std::getenv("TALLY_CC");
  std::string name = chosen ? chosen : "cc";
  ErrorOr<std::string> compiler = sys::findProgramByName(name);
  if (!compiler)
    return createStringError("a trainer is linked by a C compiler, and '" + name + "' is not found: install gcc (or clang) and the C library's headers (libc6-dev), or set TALLY_CC to one");
  return *compiler;
}

Error tally::linkTrainer(ArrayRef<std::string> objects, StringRef runtime, StringRef output) {
  Expected<std::string> compiler = findLinker();
  if (!compiler)
    return compiler.takeError();
  std::string message;
  SmallVector<StringRef> arguments{*compiler};
  llvm::append_range(arguments, objects);
  llvm::append_range(arguments, ArrayRef<StringRef>{runtime, "-o", output, "-Wl,--gc-sections", "-lm", "-lpthread"});
  if (sys::ExecuteAndWait(*compiler, arguments, std::nullopt, {}, 0, 0, &message) == 0)
    return Error::success();
  return createStringError("cannot link " + output + (message.empty() ? "" : ": " + message));
}
