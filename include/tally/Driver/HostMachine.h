// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// This machine as a described one.
#ifndef TALLY_DRIVER_HOSTMACHINE_H
#define TALLY_DRIVER_HOSTMACHINE_H

#include "llvm/Support/Error.h"
#include <string>

namespace tally {

/// The file of this machine in the cache; where there is none yet, tools/bench/machine.c measures it, which the C compiler of trainers compiles.
llvm::Expected<std::string> measureHost();

} // namespace tally

#endif
