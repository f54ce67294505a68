// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes a file that the user asked for.
#include "tally/Support/OutputFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;

LogicalResult tally::writeOutput(StringRef path, function_ref<void(raw_ostream &)> print) {
  std::error_code error;
  ToolOutputFile file(path, error, sys::fs::OF_None);
  if (!error) {
    print(file.os());
    file.os().flush();
    error = file.os().error();
    file.os().clear_error(); // an error that nobody took note of ends the process
  }
  if (error) {
    errs() << "error: cannot write " << path << ": " << error.message() << "\n";
    return failure();
  }
  file.keep();
  return success();
}
