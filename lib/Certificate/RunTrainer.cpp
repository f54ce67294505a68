// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Trainers as child processes.
#include "RunTrainer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace tally;

TemporaryFolder::TemporaryFolder() {
  if (std::error_code code = llvm::sys::fs::createUniqueDirectory("tally-certificate", folder))
    llvm::report_fatal_error(llvm::Twine("cannot make a temporary folder: ") + code.message(), /*gen_crash_diag=*/false);
}

TemporaryFolder::~TemporaryFolder() { llvm::sys::fs::remove_directories(folder); }

llvm::Error tally::runTrainer(const std::string &trainer, const std::vector<std::string> &options, const TemporaryFolder &scratch) {
  std::vector<llvm::StringRef> words{trainer};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--progress", "none"});
  std::string errors = scratch.path("errors"), message;
  int status = llvm::sys::ExecuteAndWait(trainer, words, std::nullopt, {"", "", errors}, 0, 0, &message);
  if (status == 0 || status == 1) // 1: the target is missed
    return llvm::Error::success();
  if (auto said = llvm::MemoryBuffer::getFile(errors); said && message.empty())
    message = (*said)->getBuffer().trim().str();
  return llvm::createStringError(llvm::formatv("the trainer ended with status {0}: {1}", status, message).str());
}

bool tally::holdsProgram(const std::string &trainer, llvm::StringRef program) {
  auto content = llvm::MemoryBuffer::getFile(trainer, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return content && (*content)->getBuffer().contains(("\"program_sha256\":\"" + program + "\"").str());
}
