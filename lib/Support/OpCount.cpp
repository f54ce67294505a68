// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checked 128-bit counting.
#include "tally/Support/OpCount.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <limits>

using namespace tally;

static constexpr llvm::StringLiteral kindNames[] = {
#define TALLY_OPERATION_KIND(Name, name) name,
#include "tally/Support/OperationKinds.def"
};

llvm::StringRef tally::stringifyOperationKind(OperationKind kind) { return kindNames[static_cast<size_t>(kind)]; }

std::optional<OperationKind> tally::parseOperationKind(llvm::StringRef name) {
  const auto *entry = llvm::find(kindNames, name);
  if (entry == std::end(kindNames))
    return std::nullopt;
  return static_cast<OperationKind>(entry - std::begin(kindNames));
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

std::optional<Count> Count::parse(llvm::StringRef digits) {
  bool negative = digits.consume_front("-");
  Count count;
  for (char digit : digits) {
    if (!llvm::isDigit(digit))
      return std::nullopt;
    count *= 10;
    count += digit - '0';
  }
  if (digits.empty() || !count.isValid())
    return std::nullopt;
  return negative ? Count() - count : count;
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

std::string OpCount::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::ListSeparator separator;
  for (const auto &[key, number] : counts)
    if (!number.isZero())
      os << separator << stringifyOperationKind(key.first) << ' ' << key.second << ' ' << number.str();
  return text;
}

std::optional<OpCount> OpCount::parse(llvm::StringRef text) {
  OpCount count;
  llvm::SmallVector<llvm::StringRef> entries, words;
  text.split(entries, ", ", /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef entry : entries) {
    words.clear();
    entry.split(words, ' ');
    std::optional<OperationKind> kind = parseOperationKind(words.front());
    std::optional<Count> number = Count::parse(words.back());
    if (words.size() != 3 || !kind || !number)
      return std::nullopt;
    count.counts[{*kind, words[1].str()}] += *number;
  }
  return count;
}
