// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exact decimals and points in time.
#include "tally/Support/Decimal.h"
#include "llvm/ADT/StringExtras.h"
#include <cstdlib>

using namespace llvm;
using namespace tally;

static constexpr int maxExponent = 30;
static constexpr int64_t maxMantissa = 999'999'999'999'999'999;

Decimal::Decimal(int64_t mantissa, int exponent) : mantissa(mantissa), exponent(exponent) {
  if (mantissa == 0)
    this->exponent = 0;
  while (this->mantissa != 0 && this->mantissa % 10 == 0) {
    this->mantissa /= 10;
    ++this->exponent;
  }
}

std::optional<Decimal> Decimal::parse(StringRef text) {
  bool negative = text.consume_front("-");
  if (!negative)
    text.consume_front("+");
  int64_t mantissa = 0;
  int exponent = 0;
  bool digits = false, point = false;
  while (!text.empty() && (isDigit(text.front()) || (text.front() == '.' && !point))) {
    char c = text.front();
    text = text.drop_front();
    if (c == '.') {
      point = true;
      continue;
    }
    digits = true;
    exponent -= point;
    if (mantissa > maxMantissa / 10 || exponent < -2 * maxExponent)
      return std::nullopt;
    mantissa = mantissa * 10 + (c - '0');
  }
  if (!digits)
    return std::nullopt;
  if (text.consume_front("e") || text.consume_front("E")) {
    text.consume_front("+");
    int written;
    if (text.getAsInteger(10, written) || written < -2 * maxExponent || written > 2 * maxExponent)
      return std::nullopt;
    exponent += written;
  } else if (!text.empty()) {
    return std::nullopt;
  }
  Decimal result(negative ? -mantissa : mantissa, exponent);
  if (result.exponent < -maxExponent || result.exponent > maxExponent)
    return std::nullopt;
  return result;
}

double Decimal::toDouble() const {
  return std::strtod((std::to_string(mantissa) + "e" + std::to_string(exponent)).c_str(), nullptr);
}

std::optional<int64_t> Decimal::toInteger() const { return isInteger() ? floorOfProduct(1) : std::nullopt; }

/// 10^exponent for 0 <= exponent <= maxExponent.
static __int128 powerOfTen(int exponent) {
  __int128 power = 1;
  while (exponent-- > 0)
    power *= 10;
  return power;
}

std::optional<int64_t> Decimal::floorOfProduct(int64_t factor) const {
  constexpr __int128 limit = __int128{1} << 62;
  __int128 product = __int128{mantissa} * factor; // below 2^60 * 2^63
  for (int power = 0; power < exponent; ++power) {
    product *= 10;
    if (product > limit || product < -limit)
      return std::nullopt;
  }
  if (exponent < 0) {
    __int128 divisor = powerOfTen(-exponent), quotient = product / divisor;
    product = quotient - (product % divisor < 0 ? 1 : 0);
  }
  if (product > limit || product < -limit)
    return std::nullopt;
  return static_cast<int64_t>(product);
}

std::optional<int64_t> Decimal::ceilOfProduct(int64_t factor) const {
  std::optional<int64_t> negated = Decimal(-mantissa, exponent).floorOfProduct(factor);
  return negated ? std::optional<int64_t>(-*negated) : std::nullopt;
}

int Decimal::compare(const Decimal &other) const {
  __int128 a = mantissa, b = other.mantissa;
  if ((a < 0) != (b < 0) || a == 0 || b == 0)
    return a < b ? -1 : a > b;
  // Same sign: the longer one decides; below 10^18 both can be brought to one exponent step by step.
  int ea = exponent, eb = other.exponent;
  constexpr __int128 limit = __int128{1} << 120;
  for (; ea > eb && a < limit && a > -limit; --ea)
    a *= 10;
  for (; eb > ea && b < limit && b > -limit; --eb)
    b *= 10;
  if (ea != eb) // one is astronomically larger in magnitude
    return (ea > eb) == (a > 0) ? 1 : -1;
  return a < b ? -1 : a > b;
}

std::string Decimal::str() const {
  std::string digits = std::to_string(mantissa < 0 ? -mantissa : mantissa), sign = mantissa < 0 ? "-" : "";
  int size = static_cast<int>(digits.size()), point = size + exponent; // digits before the decimal point
  if (exponent >= 0 && point <= 15)
    return sign + digits + std::string(exponent, '0');
  if (exponent < 0 && point > -4 && point <= 0)
    return sign + "0." + std::string(-point, '0') + digits;
  if (exponent < 0 && point > 0)
    return sign + digits.substr(0, point) + "." + digits.substr(point);
  return sign + digits.substr(0, 1) + (size > 1 ? "." + digits.substr(1) : "") + "e" + std::to_string(point - 1);
}

std::optional<Time> Time::parse(StringRef text) {
  Time time;
  StringRef number = text;
  if (number.consume_back(" steps") || number.consume_back(" step"))
    time.unit = Unit::Steps;
  else if (number.consume_back(" epochs") || number.consume_back(" epoch"))
    time.unit = Unit::Epochs;
  std::optional<Decimal> value = Decimal::parse(number.trim());
  if (!value)
    return std::nullopt;
  time.value = *value;
  if (time.unit == Unit::Steps ? !value->isInteger() : value->isNegative())
    return std::nullopt;
  if (time.unit == Unit::Fraction && value->compare(1) > 0)
    return std::nullopt;
  return time;
}

std::optional<int64_t> Time::toStep(int64_t total, int64_t stepsPerEpoch) const {
  std::optional<int64_t> step;
  if (unit == Unit::Fraction)
    step = value.floorOfProduct(total);
  else if (unit == Unit::Epochs)
    step = value.ceilOfProduct(stepsPerEpoch);
  else if ((step = value.toInteger()) && *step < 0)
    *step += total;
  return step && *step >= 0 && *step <= total ? step : std::nullopt;
}

double Time::toFraction(int64_t total, int64_t stepsPerEpoch) const {
  if (unit == Unit::Fraction)
    return value.toDouble();
  if (unit == Unit::Epochs)
    return value.toDouble() * static_cast<double>(stepsPerEpoch) / static_cast<double>(total);
  double steps = value.toDouble();
  return (steps < 0 ? steps + static_cast<double>(total) : steps) / static_cast<double>(total);
}

std::string Time::str() const {
  return value.str() + (unit == Unit::Steps ? " steps" : unit == Unit::Epochs ? " epochs" : "");
}
