// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// YAML text as a tree of located values, and typed access to its mappings.
#ifndef TALLY_SUPPORT_YAML_H
#define TALLY_SUPPORT_YAML_H

#include "mlir/IR/Diagnostics.h"
#include "tally/Support/Decimal.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <vector>

namespace tally {

struct YamlEntry;

struct YamlNode {
  enum class Kind { Null, Scalar, Map, List };
  explicit YamlNode(mlir::Location loc);
  Kind kind = Kind::Null;
  std::string text;               ///< of a scalar, unquoted
  std::vector<YamlEntry> entries; ///< of a map, in order
  std::vector<YamlNode> items;    ///< of a list
  mlir::Location loc;             ///< file, line, column
  /// "a number", "a mapping", ... for messages.
  std::string describe() const;
};

struct YamlEntry {
  std::string key;
  mlir::Location loc;
  YamlNode value;
  bool used = false;
};

inline YamlNode::YamlNode(mlir::Location loc) : loc(loc) {}

/// Parses one document, which is to be `what`; all syntax errors become diagnostics.
mlir::FailureOr<YamlNode> parseYaml(llvm::StringRef text, llvm::StringRef file, mlir::MLIRContext *context, llvm::StringRef what = "a recipe");

/// The document behind a name.
struct NamedYaml {
  std::string path;
  YamlNode root;
};

/// Reads the file NAME.yaml of an installed folder, or a file. `what` and `plural` say in errors what it is to be ("a profile", "profiles"); they are
/// at `from`, where the name stands, or at the file.
mlir::FailureOr<NamedYaml> readNamedYaml(llvm::StringRef nameOrFile, llvm::StringRef folder, llvm::StringRef what, llvm::StringRef plural, mlir::Location from);

/// What went wrong while reading, in two grades.
struct YamlProblems {
  bool wrong = false;       ///< something does not belong there
  bool unsupported = false; ///< something is known, but not supported yet
  mlir::InFlightDiagnostic error(mlir::Location loc) {
    wrong = true;
    return mlir::emitError(loc);
  }
  void notSupported(mlir::Location loc, llvm::StringRef word) {
    unsupported = true;
    mlir::emitError(loc) << "'" << word << "' is not supported yet";
  }
};

/// Reads the keys of one mapping; `finish` reports those that nobody asked for.
class MapReader {
public:
  MapReader(YamlNode &node, YamlProblems &problems, llvm::StringRef what);
  /// The value of a key, or null when it is not there.
  YamlNode *find(llvm::StringRef key);
  /// The value of a key; its absence is an error.
  YamlNode *require(llvm::StringRef key);
  // Each leaves `value` alone when the key is absent and says so when the type is wrong; true when it was read.
  bool read(llvm::StringRef key, Decimal &value);
  bool read(llvm::StringRef key, std::optional<Decimal> &value);
  bool readInteger(llvm::StringRef key, int64_t &value, int64_t least, int64_t most = int64_t{1} << 31);
  bool read(llvm::StringRef key, bool &value);
  bool read(llvm::StringRef key, std::string &value);
  bool read(llvm::StringRef key, std::optional<Time> &value);
  /// One of `words`: its index.
  std::optional<size_t> readWord(llvm::StringRef key, llvm::ArrayRef<llvm::StringRef> words);
  /// A key that is known but not supported yet.
  void refuse(llvm::StringRef key);
  void finish();

  YamlNode &node;
  YamlProblems &problems;
  std::string what;

private:
  std::vector<std::string> known;
};

/// A scalar as a number in a range; reports what is wrong.
std::optional<Decimal> readDecimal(const YamlNode &node, YamlProblems &problems);
std::optional<int64_t> readInteger(const YamlNode &node, YamlProblems &problems, int64_t least, int64_t most);
std::optional<Time> readTime(const YamlNode &node, YamlProblems &problems);
/// A scalar as one of `words`: its index; an error lists them and suggests the nearest. Those from `supported` on are known, but
/// not offered.
std::optional<size_t> readWord(const YamlNode &node, YamlProblems &problems, llvm::ArrayRef<llvm::StringRef> words,
                               size_t supported = std::numeric_limits<size_t>::max());

} // namespace tally

#endif
