// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The system's part of making a trainer.
#ifndef TALLY_TARGET_LINKER_H
#define TALLY_TARGET_LINKER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tally {

/// The C compiler that links a trainer: `cc`, or what the environment variable TALLY_CC names. The error says what to install.
llvm::Expected<std::string> findLinker();

/// Links `objects` with the archive `runtime`, libc and libm to the program `output`. An error is the user's: no compiler, no C library, no room.
llvm::Error linkTrainer(llvm::ArrayRef<std::string> objects, llvm::StringRef runtime, llvm::StringRef output);

} // namespace tally

#endif
