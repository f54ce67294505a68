// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON with llvm's parser, which finds every error of syntax, and as a tree with that of YAML, of which it is a part.
#include "tally/Support/Json.h"

using namespace mlir;
using namespace tally;

FailureOr<llvm::json::Value> tally::parseJson(StringRef text, StringRef file, MLIRContext *context, unsigned firstLine) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (value)
    return std::move(*value);
  // "[line:column, byte=N]: what is wrong"
  std::string message = llvm::toString(value.takeError());
  StringRef rest = message;
  unsigned line = 1, column = 1;
  rest.consume_front("[");
  rest.consumeInteger(10, line);
  rest.consume_front(":");
  rest.consumeInteger(10, column);
  emitError(FileLineColLoc::get(context, file, firstLine + line - 1, column)) << "is no JSON: " << rest.split("]: ").second;
  return failure();
}

FailureOr<YamlNode> tally::parseLocatedJson(StringRef text, StringRef file, MLIRContext *context, StringRef what) {
  if (failed(parseJson(text, file, context)))
    return failure();
  return parseYaml(text, file, context, what);
}
