// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON with llvm's parser, which finds every error of syntax, then as a tree with that of YAML, of which it is a part.
#include "tally/Support/Json.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace tally;

FailureOr<YamlNode> tally::parseJson(StringRef text, StringRef file, MLIRContext *context, StringRef what) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (value)
    return parseYaml(text, file, context, what);
  // "[line:column, byte=N]: what is wrong"
  std::string message = llvm::toString(value.takeError());
  StringRef rest = message;
  unsigned line = 1, column = 1;
  rest.consume_front("[");
  rest.consumeInteger(10, line);
  rest.consume_front(":");
  rest.consumeInteger(10, column);
  return emitError(FileLineColLoc::get(context, file, line, column)) << "is no JSON: " << rest.split("]: ").second, failure();
}
