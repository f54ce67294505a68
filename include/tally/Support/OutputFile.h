// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes a file that the user asked for.
#ifndef TALLY_SUPPORT_OUTPUTFILE_H
#define TALLY_SUPPORT_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/raw_ostream.h"

namespace tally {

/// Writes what `print` prints to the file at `path` ("-" is standard output). Where it cannot be opened, or not be written to the
/// end, an error is printed, and nothing is left.
llvm::LogicalResult writeOutput(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> print);

} // namespace tally

#endif
