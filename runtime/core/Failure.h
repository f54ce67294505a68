// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How the runtime ends: the exit statuses of a trainer, and the exception that carries one with its reason.
#ifndef TALLY_RT_CORE_FAILURE_H
#define TALLY_RT_CORE_FAILURE_H

#include <stdexcept>
#include <string>

namespace tally::rt {

enum ExitStatus : int {
  Succeeded = 0,
  TargetMissed = 1,
  WrongUsage = 2,
  FileFailed = 3,
  DeviceFailed = 4,
  LossNotFinite = 5,
  ProgramWrong = 70, // the compiler's mistake, never the user's
  SignalBase = 128
};

/// Ends the program with `status` and the message on stderr.
class Failure : public std::runtime_error {
public:
  Failure(ExitStatus status, const std::string &message) : std::runtime_error(message), status(status) {}
  /// After signal `number`.
  static Failure bySignal(int number, const std::string &message) {
    return Failure(static_cast<ExitStatus>(SignalBase + number), message);
  }

  const ExitStatus status;
};

/// "message: reason of the C library's error `error`".
std::string withReason(const std::string &message, int error);

} // namespace tally::rt
#endif
