// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The numbers of a recipe: exact decimals, and points in time.
#ifndef TALLY_SUPPORT_DECIMAL_H
#define TALLY_SUPPORT_DECIMAL_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tally {

/// mantissa * 10^exponent, exactly as written; normalized (no trailing zeros in the mantissa, zero is 0 * 10^0).
class Decimal {
public:
  Decimal() = default;
  Decimal(int64_t mantissa, int exponent = 0);
  /// "1.3304347826e-3", "11", "-.5"; nothing for other texts and for numbers beyond 18 digits or 10^(+-30).
  static std::optional<Decimal> parse(llvm::StringRef text);

  bool isZero() const { return mantissa == 0; }
  bool isNegative() const { return mantissa < 0; }
  bool isInteger() const { return exponent >= 0; }
  /// The nearest double.
  double toDouble() const;
  /// The integer that this is, if it is one that fits.
  std::optional<int64_t> toInteger() const;
  /// floor(this * factor), exactly; nothing when it does not fit 62 bits.
  std::optional<int64_t> floorOfProduct(int64_t factor) const;
  /// ceil(this * factor), exactly.
  std::optional<int64_t> ceilOfProduct(int64_t factor) const;
  /// Negative, zero or positive as this is less than, equal to or greater than other.
  int compare(const Decimal &other) const;
  bool operator==(const Decimal &) const = default;
  /// The shortest way to write it; parse(str()) is the same number.
  std::string str() const;

private:
  int64_t mantissa = 0;
  int exponent = 0;
};

/// TIME of a recipe: a fraction of all steps (rounded down), "N steps" (from the end when negative), "X epochs" (rounded up).
struct Time {
  enum class Unit { Fraction, Steps, Epochs };
  Unit unit = Unit::Fraction;
  Decimal value;

  static std::optional<Time> parse(llvm::StringRef text);
  /// The number of steps before this time; nothing when it lies outside 0..total.
  std::optional<int64_t> toStep(int64_t total, int64_t stepsPerEpoch) const;
  /// The time as a fraction of all steps, not rounded.
  double toFraction(int64_t total, int64_t stepsPerEpoch) const;
  std::string str() const;
};

} // namespace tally

#endif
