// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SHA-256 of bytes and files.
#include "tally/Support/Digest.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

std::string tally::digestOf(llvm::StringRef bytes) { return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes)), /*LowerCase=*/true); }

llvm::Expected<std::string> tally::digestFile(llvm::StringRef path) {
  auto content = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!content)
    return llvm::createStringError(content.getError(), "cannot read " + path + ": " + content.getError().message());
  return digestOf((*content)->getBuffer());
}
