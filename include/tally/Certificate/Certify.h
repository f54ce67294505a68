// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an entrant does to get a certificate.
#ifndef TALLY_CERTIFICATE_CERTIFY_H
#define TALLY_CERTIFICATE_CERTIFY_H

#include "tally/Driver/LoadProgram.h"
#include "llvm/Support/raw_ostream.h"

namespace tally {

struct CertifyRequest {
  std::string model, recipe, data, trainer, output;
  std::vector<std::string> logs, weights;
  std::string march = "native", profile = "haet";
  unsigned optimize = 3; ///< this and `march` as the trainer was built
};

/// Makes a certificate of what lies in the folder of `output`, checks it as a juror would, printing to `os`, and writes it if it is accepted.
DriverStatus certify(const CertifyRequest &request, llvm::raw_ostream &os);

} // namespace tally

#endif
