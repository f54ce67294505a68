// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON whose errors have line and column.
#ifndef TALLY_SUPPORT_JSON_H
#define TALLY_SUPPORT_JSON_H

#include "tally/Support/Yaml.h"
#include "llvm/Support/JSON.h"

namespace tally {

/// Parses a JSON text that begins in line `firstLine` of `file`; a syntax error becomes a diagnostic.
mlir::FailureOr<llvm::json::Value> parseJson(llvm::StringRef text, llvm::StringRef file, mlir::MLIRContext *context, unsigned firstLine = 1);

/// Parses a JSON text to a tree of located values, which is to be `what`. Numbers stay as they are written.
mlir::FailureOr<YamlNode> parseLocatedJson(llvm::StringRef text, llvm::StringRef file, mlir::MLIRContext *context, llvm::StringRef what);

} // namespace tally

#endif
