// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exact numbers of scalar operations, split by kind of operation and by element type.
#ifndef TALLY_SUPPORT_OPCOUNT_H
#define TALLY_SUPPORT_OPCOUNT_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <optional>
#include <string>

namespace tally {

/// The kinds of scalar operation; each counts 1 in profile haet.
enum class OperationKind {
#define TALLY_OPERATION_KIND(Name, name) Name,
#include "tally/Support/OperationKinds.def"
};

/// The name used in reports ("add", "multiply", ...).
llvm::StringRef stringifyOperationKind(OperationKind kind);

/// The kind behind that name.
std::optional<OperationKind> parseOperationKind(llvm::StringRef name);

/// A number of operations that refuses to overflow: once 2^127 is passed it stays invalid, and says so.
class Count {
public:
  Count() = default;
  Count(int64_t value) : value(value) {}
  Count &operator+=(Count other);
  Count &operator-=(Count other);
  Count &operator*=(Count other);
  friend Count operator+(Count a, Count b) { return a += b; }
  friend Count operator-(Count a, Count b) { return a -= b; }
  friend Count operator*(Count a, Count b) { return a *= b; }
  bool operator==(const Count &other) const = default;
  bool isZero() const { return valid && value == 0; }
  /// False after an overflow; every user checks it before it reports.
  bool isValid() const { return valid; }
  /// The value, or the nearest of int64_t: for statistics only.
  int64_t saturated() const;
  /// Decimal digits; "overflow" when invalid.
  std::string str() const;
  /// The number behind decimal digits, as str() writes them.
  static std::optional<Count> parse(llvm::StringRef digits);

private:
  __int128 value = 0;
  bool valid = true;
};

/// Numbers of operations by [kind, element type].
class OpCount {
public:
  void add(OperationKind kind, mlir::Type type, Count number);
  OpCount &operator+=(const OpCount &other);
  OpCount &operator-=(const OpCount &other);
  /// Every number times `trips`.
  OpCount &operator*=(Count trips);
  Count total() const;
  std::map<std::string, Count> byKind() const;
  std::map<std::string, Count> byType() const;
  const std::map<std::pair<OperationKind, std::string>, Count> &byKindAndType() const { return counts; }
  bool operator==(const OpCount &other) const;
  /// "add f32 12, multiply f32 13": what is not zero.
  std::string str() const;
  /// The numbers behind such a text.
  static std::optional<OpCount> parse(llvm::StringRef text);

private:
  std::map<std::pair<OperationKind, std::string>, Count> counts;
};

} // namespace tally

#endif
