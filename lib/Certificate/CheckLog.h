// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether the log of a seed is that of a whole run, and the same as that of another (private to this folder).
#ifndef TALLY_CERTIFICATE_CHECKLOG_H
#define TALLY_CERTIFICATE_CHECKLOG_H

#include "tally/Certificate/Certificate.h"
#include "tally/Recipe/Resolve.h"
#include "llvm/Support/FormatVariadic.h"

namespace tally {

/// Why a certificate is refused: a format of formatv and its values.
template <typename... Values> llvm::Error refuse(const char *format, Values &&...values) {
  return llvm::createStringError(llvm::formatv(format, std::forward<Values>(values)...).str());
}

/// Nothing, or why the log is not that of a whole run of the certified program on the certified data.
llvm::Error checkLog(const RunLog &log, const Certificate &certificate, const ResolvedRecipe &resolved);

/// Nothing, or the first difference between a log and what training again logged up to step `last`.
llvm::Error compareReplay(const RunLog &log, const RunLog &again, int64_t last);

/// "12ab34cd...": enough of a digest for a message.
std::string shorten(llvm::StringRef digest);

} // namespace tally

#endif
