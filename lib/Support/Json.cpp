// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON with llvm's parser, which finds every error of syntax, then as a tree with that of YAML, of which it is a part.
#include "tally/Support/Json.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace tally;

size_t tally::findTooDeep(StringRef text) {
  int depth = 0;
  bool isQuoted = false;
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '"')
      isQuoted = !isQuoted;
    else if (isQuoted)
      at += c == '\\';
    else if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}')
      --depth;
    if (depth > 64)
      return at;
  }
  return StringRef::npos;
}

FailureOr<YamlNode> tally::parseJson(StringRef text, StringRef file, MLIRContext *context, StringRef what) {
  if (size_t at = findTooDeep(text); at != StringRef::npos) {
    StringRef before = text.take_front(at);
    unsigned line = unsigned(before.count('\n')) + 1, column = unsigned(at - (before.rfind('\n') + 1)) + 1;
    return emitError(FileLineColLoc::get(context, file, line, column)) << "is nested too deep", failure();
  }
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
  return emitError(FileLineColLoc::get(context, file, line, std::max(column, 1u))) << "is no JSON: " << rest.split("]: ").second, failure();
}
