// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs a trainer and keeps what it writes to itself (private to this folder).
#ifndef TALLY_CERTIFICATE_RUNTRAINER_H
#define TALLY_CERTIFICATE_RUNTRAINER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace tally {

/// A folder that goes with the object.
class TemporaryFolder {
public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  ~TemporaryFolder();
  std::string path(llvm::StringRef name) const { return (folder + "/" + name).str(); }

private:
  llvm::SmallString<128> folder;
};

/// Runs a trainer to its end; the target may be missed. An error holds what it said.
llvm::Error runTrainer(const std::string &trainer, const std::vector<std::string> &options, const TemporaryFolder &scratch);

/// Whether a trainer holds a program, by the digest in its manifest, which is a text in the file.
bool holdsProgram(const std::string &trainer, llvm::StringRef program);

} // namespace tally

#endif
