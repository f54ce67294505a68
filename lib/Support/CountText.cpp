// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts as text in reports.
#include "tally/Support/CountText.h"
#include <cstdio>
#include <cstdlib>

using namespace tally;

bool tally::isNegative(const Count &count) { return count.str().front() == '-'; }

Count tally::magnitude(const Count &count) { return isNegative(count) ? Count() - count : count; }

double tally::toDouble(const Count &count) { return std::strtod(count.str().c_str(), nullptr); }

std::string tally::withSign(const Count &difference) { return (isNegative(difference) ? "" : "+") + groupDigits(difference); }

std::string tally::groupDigits(const Count &count) {
  std::string digits = count.str();
  int64_t first = digits.front() == '-' ? 1 : 0;
  for (int64_t i = static_cast<int64_t>(digits.size()) - 3; i > first; i -= 3)
    digits.insert(i, ",");
  return digits;
}

std::string tally::formatShare(const Count &part, const Count &whole) {
  if (whole.isZero())
    return {};
  char text[32]; // no floating point enters a count; a share is only shown
  std::snprintf(text, sizeof(text), "%.2f %%", 100.0 * toDouble(part) / toDouble(whole));
  return text;
}
