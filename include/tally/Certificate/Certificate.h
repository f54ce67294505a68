// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The certificate of a training run: what was trained, what it costs, what it reached, and the digests of all files that show it.
#ifndef TALLY_CERTIFICATE_CERTIFICATE_H
#define TALLY_CERTIFICATE_CERTIFICATE_H

#include "tally/Certificate/RunLog.h"
#include "tally/Driver/DataSet.h"
#include "tally/Support/OpCount.h"
#include "llvm/Support/raw_ostream.h"

namespace tally {

/// A file in the folder of the certificate, or below it.
struct CertifiedFile {
  std::string name, sha256;
};

struct CertifiedCost {
  std::string profile;
  Count parameters, operations, complexity, evaluation;
  bool operator==(const CertifiedCost &) const = default;
};

struct CertifiedRun {
  int64_t seed, threads;
  CertifiedFile weights;
  EvaluationResult result;
};

/// The accuracy of all seeds together; without a target the run passes.
struct CertifiedVerdict {
  std::optional<double> accuracy; ///< the mean
  std::optional<double> target;
  bool passed;
  bool operator==(const CertifiedVerdict &) const = default;
};

/// Schema tally-certificate/1 (tools/schema/tally-certificate-1.json says what each key means).
struct Certificate {
  std::string toolVersion;
  CertifiedFile model; ///< the digest is of the model with its external files
  std::string recipe, recipeDigest; ///< resolved
  CertifiedCost cost;
  CertifiedFile trainer;
  std::string program;  ///< program_sha256 of the trainer's manifest
  std::string target;   ///< the text of a #tally.target
  unsigned optimize = 3;
  DataSet data;
  std::vector<CertifiedFile> logs;
  std::vector<CertifiedRun> runs;
  CertifiedVerdict verdict{std::nullopt, std::nullopt, true};
};

void printCertificate(const Certificate &certificate, llvm::raw_ostream &os);

/// Every error is a diagnostic with line and column.
llvm::FailureOr<Certificate> readCertificate(llvm::StringRef file, mlir::MLIRContext *context);

} // namespace tally

#endif
