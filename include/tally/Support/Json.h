// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON text as a tree of located values.
#ifndef TALLY_SUPPORT_JSON_H
#define TALLY_SUPPORT_JSON_H

#include "tally/Support/Yaml.h"
#include "llvm/Support/JSON.h"

namespace tally {

/// What is wrong with a text, and where: line and column count from 1.
struct JsonProblem {
  unsigned line = 1, column = 1;
  std::string what;
};

/// Reads a JSON text; none with the first problem in it: of syntax, or that it opens more brackets in each other than a parser's stack should be
/// trusted with.
std::optional<llvm::json::Value> readJson(llvm::StringRef text, JsonProblem &problem);

/// Where the value of a path of keys and indices ("layers", "3", "operations") begins in a JSON text that can be read; the last value on the way where
/// there is none.
JsonProblem locateJson(llvm::StringRef text, llvm::ArrayRef<std::string> path);

/// Parses a JSON text, which is to be `what`, of at most 1 MiB; all errors become diagnostics with line and column. Numbers stay as they are written.
mlir::FailureOr<YamlNode> parseJson(llvm::StringRef text, llvm::StringRef file, mlir::MLIRContext *context, llvm::StringRef what);

} // namespace tally

#endif
