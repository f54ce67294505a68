// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Typed access to the mappings of YAML, with suggestions for misspelt words.
#include "tally/Support/Yaml.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tally;

/// ", did you mean 'x'?" when one of the words is close enough.
template <typename Words>
static std::string suggestion(StringRef word, const Words &words) {
  StringRef best;
  unsigned least = std::max<unsigned>(2, word.size() / 3) + 1;
  for (const auto &candidate : words)
    if (unsigned distance = word.edit_distance(StringRef(candidate)); distance < least) {
      least = distance;
      best = candidate;
    }
  return best.empty() ? "" : ", did you mean '" + best.str() + "'?";
}

std::optional<Decimal> tally::readDecimal(const YamlNode &node, YamlProblems &problems) {
  std::optional<Decimal> value;
  if (node.kind == YamlNode::Kind::Scalar)
    value = Decimal::parse(node.text);
  if (!value)
    problems.error(node.loc) << "expects a number, got " << node.describe();
  return value;
}

std::optional<int64_t> tally::readInteger(const YamlNode &node, YamlProblems &problems, int64_t least, int64_t most) {
  std::optional<Decimal> value;
  if (node.kind == YamlNode::Kind::Scalar)
    value = Decimal::parse(node.text);
  std::optional<int64_t> integer = value ? value->toInteger() : std::nullopt;
  if (integer && *integer >= least && *integer <= most)
    return integer;
  problems.error(node.loc) << "expects an integer from " << least << " to " << most << ", got " << node.describe();
  return std::nullopt;
}

std::optional<Time> tally::readTime(const YamlNode &node, YamlProblems &problems) {
  std::optional<Time> value;
  if (node.kind == YamlNode::Kind::Scalar)
    value = Time::parse(node.text);
  if (!value)
    problems.error(node.loc) << "expects a time (a fraction from 0 to 1, 'N steps' or 'X epochs'), got "
                             << node.describe();
  return value;
}

std::optional<size_t> tally::readWord(const YamlNode &node, YamlProblems &problems, ArrayRef<StringRef> words, size_t supported) {
  if (node.kind == YamlNode::Kind::Scalar)
    for (auto [index, word] : llvm::enumerate(words))
      if (node.text == word)
        return index;
  words = words.take_front(supported);
  problems.error(node.loc) << (words.size() > 1 ? "expects one of " : "expects ") << llvm::join(words, ", ") << ", got " << node.describe()
                           << suggestion(node.text, words);
  return std::nullopt;
}

MapReader::MapReader(YamlNode &node, YamlProblems &problems, StringRef what)
    : node(node), problems(problems), what(what) {
  if (node.kind != YamlNode::Kind::Map)
    problems.error(node.loc) << "expects a mapping for " << what << ", got " << node.describe();
}

YamlNode *MapReader::find(StringRef key) {
  known.push_back(key.str());
  for (YamlEntry &entry : node.entries)
    if (entry.key == key) {
      entry.used = true;
      return &entry.value;
    }
  return nullptr;
}

YamlNode *MapReader::require(StringRef key) {
  YamlNode *value = find(key);
  if (!value && node.kind == YamlNode::Kind::Map)
    problems.error(node.loc) << "expects key '" << key << "' in " << what;
  return value;
}

bool MapReader::read(StringRef key, Decimal &value) {
  YamlNode *found = find(key);
  std::optional<Decimal> decimal = found ? readDecimal(*found, problems) : std::nullopt;
  if (decimal)
    value = *decimal;
  return decimal.has_value();
}

bool MapReader::read(StringRef key, std::optional<Decimal> &value) {
  YamlNode *found = find(key);
  if (found)
    value = readDecimal(*found, problems);
  return found && value;
}

bool MapReader::readInteger(StringRef key, int64_t &value, int64_t least, int64_t most) {
  YamlNode *found = find(key);
  std::optional<int64_t> integer = found ? tally::readInteger(*found, problems, least, most) : std::nullopt;
  if (integer)
    value = *integer;
  return integer.has_value();
}

bool MapReader::read(StringRef key, bool &value) {
  YamlNode *found = find(key);
  std::optional<size_t> word;
  if (found)
    word = tally::readWord(*found, problems, {"false", "true"});
  if (word)
    value = *word == 1;
  return word.has_value();
}

bool MapReader::read(StringRef key, std::string &value) {
  YamlNode *found = find(key);
  if (!found)
    return false;
  if (found->kind != YamlNode::Kind::Scalar || found->text.empty()) {
    problems.error(found->loc) << "expects a word, got " << found->describe();
    return false;
  }
  value = found->text;
  return true;
}

bool MapReader::read(StringRef key, std::optional<Time> &value) {
  YamlNode *found = find(key);
  if (found)
    value = readTime(*found, problems);
  return found && value;
}

std::optional<size_t> MapReader::readWord(StringRef key, ArrayRef<StringRef> words) {
  YamlNode *found = find(key);
  return found ? tally::readWord(*found, problems, words) : std::nullopt;
}

void MapReader::refuse(StringRef key) {
  for (YamlEntry &entry : node.entries)
    if (entry.key == key && !entry.used) {
      entry.used = true;
      problems.notSupported(entry.loc, key);
    }
}

void MapReader::finish() {
  for (const YamlEntry &entry : node.entries)
    if (!entry.used)
      problems.error(entry.loc) << "unknown key '" << entry.key << "' in " << what << suggestion(entry.key, known);
}
