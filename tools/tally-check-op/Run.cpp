// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls a function once, with the bytes of files.
#include "Checks.h"
#include "llvm/Support/MemoryBuffer.h"
#include "tally/Support/OutputFile.h"
#include <cstring>

using namespace mlir;
using namespace tally;

LogicalResult tally::runOnce(Jit &jit, func::FuncOp function, StringRef inputs, StringRef outputs) {
  std::vector<HostTensor> arguments;
  for (Type type : function.getArgumentTypes())
    arguments.emplace_back(cast<RankedTensorType>(type));
  size_t expected = 0;
  for (const HostTensor &argument : arguments)
    expected += argument.bytes.size();

  auto file = llvm::MemoryBuffer::getFileOrSTDIN(inputs, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return function.emitError("cannot read '") << inputs << "': " << file.getError().message();
  StringRef bytes = (*file)->getBuffer();
  if (bytes.size() != expected)
    return function.emitError("expects ") << expected << " bytes of arguments in '" << inputs << "', got " << bytes.size();
  for (HostTensor &argument : arguments) {
    std::memcpy(argument.bytes.data(), bytes.data(), argument.bytes.size());
    bytes = bytes.drop_front(argument.bytes.size());
  }
  FailureOr<std::vector<HostTensor>> results = jit.call(function, arguments);
  if (failed(results))
    return failure();
  return writeOutput(outputs, [&](llvm::raw_ostream &os) {
    for (const HostTensor &result : *results)
      os.write(result.bytes.data(), result.bytes.size());
  });
}
