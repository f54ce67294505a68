// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the files lie that are built, and installed, with the programs.
#ifndef TALLY_SUPPORT_INSTALLEDFILES_H
#define TALLY_SUPPORT_INSTALLEDFILES_H

#include "llvm/ADT/Twine.h"
#include <string>

namespace tally {

/// A file beside the running program: `path` is relative to the folder above the program's (lib/libtally_rt.a, share/tally/zoo). The build
/// folder and an installation have the same tree, so that both can be moved.
std::string installedFile(const llvm::Twine &path);

/// For a bare word the file NAME.yaml of that name in an installed folder, if there is one (without regard to case), else `nameOrFile`.
std::string locateByName(llvm::StringRef nameOrFile, const llvm::Twine &folder);

/// Where what was made once is kept: $TALLY_CACHE, $XDG_CACHE_HOME/tally or ~/.cache/tally, made if needed; empty after an error, which was printed.
std::string makeCacheFolder();

} // namespace tally

#endif
