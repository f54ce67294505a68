// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Digests as reports, manifests and certificates write them.
#ifndef TALLY_SUPPORT_DIGEST_H
#define TALLY_SUPPORT_DIGEST_H

#include "llvm/Support/Error.h"
#include <string>

namespace tally {

/// The SHA-256 of bytes, in 64 hexadecimal digits.
std::string digestOf(llvm::StringRef bytes);

/// That of a file.
llvm::Expected<std::string> digestFile(llvm::StringRef path);

} // namespace tally

#endif
