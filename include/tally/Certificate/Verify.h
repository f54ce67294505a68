// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a juror does with a certificate.
#ifndef TALLY_CERTIFICATE_VERIFY_H
#define TALLY_CERTIFICATE_VERIFY_H

#include "tally/Certificate/Certificate.h"
#include "tally/Driver/LoadProgram.h"

namespace tally {

struct VerifyRequest {
  std::string folder;  ///< where the files of the certificate are
  std::string data;    ///< where the data set is
  int64_t replay = 0;  ///< steps of each seed to train again
};

/// Checks a certificate: digests of all files, the count from model and recipe, the log of every seed, then the program, which is built
/// again, and what it makes of the weights. Prints a line for each check and the answer: Fine, or No when it is refused.
DriverStatus verifyCertificate(const Certificate &certificate, const VerifyRequest &request, llvm::raw_ostream &os);

} // namespace tally

#endif
