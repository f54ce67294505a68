// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Error texts of the C library.
#include "core/Failure.h"

#include <cstring>

using namespace tally::rt;

std::string tally::rt::withReason(const std::string &message, int error) {
  return message + ": " + std::strerror(error);
}
