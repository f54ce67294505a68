// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts as text in reports.
#ifndef TALLY_SUPPORT_COUNTTEXT_H
#define TALLY_SUPPORT_COUNTTEXT_H

#include "tally/Support/OpCount.h"

namespace tally {

/// 1234567 -> 1,234,567.
std::string groupDigits(const Count &count);

/// "12.34 %" of a whole; empty for a whole of nothing.
std::string formatShare(const Count &part, const Count &whole);

/// "+1,234", "-1,234".
std::string withSign(const Count &difference);

/// True for numbers below zero.
bool isNegative(const Count &count);

/// Without its sign.
Count magnitude(const Count &count);

/// The nearest double: for shares and estimates, no count is made of it.
double toDouble(const Count &count);

} // namespace tally

#endif
