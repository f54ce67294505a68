// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON with llvm's parser, which finds every error of syntax, then as a tree with that of YAML, of which it is a part.
#include "tally/Support/Json.h"

using namespace mlir;
using namespace tally;

/// How many brackets may be open in each other.
static constexpr int mostDepth = 64;

/// Where more are open; npos if nowhere.
static size_t findTooDeep(StringRef text) {
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
    if (depth > mostDepth)
      return at;
  }
  return StringRef::npos;
}

/// Line and column of a place in a text.
static JsonProblem placeAt(StringRef text, size_t at) {
  StringRef before = text.take_front(at);
  return {static_cast<unsigned>(before.count('\n')) + 1, static_cast<unsigned>(at - (before.rfind('\n') + 1)) + 1, {}};
}

std::optional<llvm::json::Value> tally::readJson(StringRef text, JsonProblem &problem) {
  if (size_t at = findTooDeep(text); at != StringRef::npos) {
    problem = placeAt(text, at);
    problem.what = "is nested too deep";
    return std::nullopt;
  }
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (value)
    return std::move(*value);
  // "[line:column, byte=N]: what is wrong"
  std::string message = llvm::toString(value.takeError());
  StringRef rest = message;
  rest.consume_front("[");
  rest.consumeInteger(10, problem.line);
  rest.consume_front(":");
  rest.consumeInteger(10, problem.column);
  problem.column = std::max(problem.column, 1u);
  problem.what = ("is no JSON: " + rest.split("]: ").second).str();
  return std::nullopt;
}

static size_t skipSpace(StringRef text, size_t at) { return std::min(text.find_first_not_of(" \t\r\n", at), text.size()); }

/// Behind the string that begins at `at`.
static size_t skipString(StringRef text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    at += text[at] == '\\';
  return at + 1;
}

/// Behind the value that begins at `at`.
static size_t skipValue(StringRef text, size_t at) {
  int depth = 0;
  do {
    char c = text[at];
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    at = c == '"' ? skipString(text, at) : at + 1;
    if (depth == 0 && c != '"' && c != '}' && c != ']')
      at = std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  } while (depth > 0 && at < text.size());
  return at;
}

JsonProblem tally::locateJson(StringRef text, ArrayRef<std::string> path) {
  size_t found = skipSpace(text, 0);
  for (const std::string &key : path) {
    bool isObject = found < text.size() && text[found] == '{', isFound = false;
    size_t at = skipSpace(text, found + 1), index = 0;
    while (at < text.size() && text[at] != '}' && text[at] != ']') {
      std::string name = std::to_string(index++);
      if (isObject) {
        size_t end = skipString(text, at);
        name = text.slice(at + 1, end - 1).str();
        at = skipSpace(text, skipSpace(text, end) + 1); // behind the colon
      }
      if (name == key) {
        found = at;
        isFound = true;
        break;
      }
      at = skipSpace(text, skipValue(text, at));
      if (at < text.size() && text[at] == ',')
        at = skipSpace(text, at + 1);
    }
    if (!isFound)
      break;
  }
  return placeAt(text, found);
}

FailureOr<YamlNode> tally::parseJson(StringRef text, StringRef file, MLIRContext *context, StringRef what) {
  JsonProblem problem;
  if (readJson(text, problem))
    return parseYaml(text, file, context, what);
  return emitError(FileLineColLoc::get(context, file, problem.line, problem.column)) << problem.what, failure();
}
