// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON text as a tree of located values.
#ifndef TALLY_SUPPORT_JSON_H
#define TALLY_SUPPORT_JSON_H

#include "tally/Support/Yaml.h"

namespace tally {

/// Where a JSON text opens more than 64 brackets in each other, which is more than a parser's stack should be trusted with; npos if nowhere.
size_t findTooDeep(llvm::StringRef text);

/// Parses a JSON text, which is to be `what`, of at most 1 MiB; all errors become diagnostics with line and column. Numbers stay as they are written.
mlir::FailureOr<YamlNode> parseJson(llvm::StringRef text, llvm::StringRef file, mlir::MLIRContext *context, llvm::StringRef what);

} // namespace tally

#endif
