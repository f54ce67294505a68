// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checked 128-bit counting.
#include "tally/Support/OpCount.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <limits>

using namespace tally;

llvm::StringRef tally::stringifyOperationKind(OperationKind kind) {
  static const char *const names[] = {
#define TALLY_OPERATION_KIND(Name, name) name,
#include "tally/Support/OperationKinds.def"
  };
  return names[static_cast<size_t>(kind)];
}

Count &Count::operator+=(Count other) {
  valid = valid && other.valid && !__builtin_add_overflow(value, other.value, &value);
  return *this;
}

Count &Count::operator-=(Count other) {
  valid = valid && other.valid && !__builtin_sub_overflow(value, other.value, &value);
  return *this;
}

Count &Count::operator*=(Count other) {
  valid = valid && other.valid && !__builtin_mul_overflow(value, other.value, &value);
  return *this;
}

int64_t Count::saturated() const {
  if (!valid || value > std::numeric_limits<int64_t>::max())
    return std::numeric_limits<int64_t>::max();
  return std::max<__int128>(value, std::numeric_limits<int64_t>::min());
}

std::string Count::str() const {
  if (!valid)
    return "overflow";
  bool negative = value < 0;
  unsigned __int128 rest = negative ? -static_cast<unsigned __int128>(value) : value;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest);
  if (negative)
    digits.insert(digits.begin(), '-');
  return digits;
}

void OpCount::add(OperationKind kind, mlir::Type type, Count number) {
  std::string name;
  llvm::raw_string_ostream(name) << type;
  counts[{kind, name}] += number;
}

OpCount &OpCount::operator+=(const OpCount &other) {
  for (const auto &[key, number] : other.counts)
    counts[key] += number;
  return *this;
}

OpCount &OpCount::operator-=(const OpCount &other) {
  for (const auto &[key, number] : other.counts)
    counts[key] -= number;
  return *this;
}

OpCount &OpCount::operator*=(Count trips) {
  for (auto &[key, number] : counts)
    number *= trips;
  return *this;
}

Count OpCount::total() const {
  Count sum;
  for (const auto &[key, number] : counts)
    sum += number;
  return sum;
}

std::map<std::string, Count> OpCount::byKind() const {
  std::map<std::string, Count> result;
  for (const auto &[key, number] : counts)
    if (!number.isZero())
      result[stringifyOperationKind(key.first).str()] += number;
  return result;
}

std::map<std::string, Count> OpCount::byType() const {
  std::map<std::string, Count> result;
  for (const auto &[key, number] : counts)
    if (!number.isZero())
      result[key.second] += number;
  return result;
}

bool OpCount::operator==(const OpCount &other) const {
  OpCount difference = *this;
  difference -= other;
  return llvm::all_of(difference.counts, [](const auto &entry) { return entry.second.isZero(); });
}
