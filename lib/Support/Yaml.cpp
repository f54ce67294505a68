// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// YAML text as a tree of located values, with llvm's YAML parser.
#include "tally/Support/Yaml.h"
#include "tally/Support/InstalledFiles.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

using namespace mlir;
using namespace tally;

static constexpr int maxDepth = 16;
static constexpr size_t maxBytes = 1 << 20;

std::string YamlNode::describe() const {
  switch (kind) {
  case Kind::Null:
    return "nothing";
  case Kind::Scalar:
    return "'" + text + "'";
  case Kind::Map:
    return "a mapping";
  case Kind::List:
    return items.empty() ? "an empty list" : "a list";
  }
  return "";
}

namespace {
/// Copies llvm's stream of nodes into a tree.
class TreeBuilder {
public:
  TreeBuilder(llvm::SourceMgr &sources, StringRef file, MLIRContext *context)
      : sources(sources), file(file), context(context) {}

  Location locate(llvm::SMLoc place) const {
    if (!place.isValid())
      return FileLineColLoc::get(context, file, 1, 1);
    auto [line, column] = sources.getLineAndColumn(place);
    return FileLineColLoc::get(context, file, line, column);
  }

  FailureOr<YamlNode> build(llvm::yaml::Node *node, int depth) {
    YamlNode result(locate(node ? startOf(*node) : llvm::SMLoc()));
    if (!node)
      return failure();
    if (depth > maxDepth)
      return emitError(result.loc) << "nested more than " << maxDepth << " levels deep", failure();
    if (!node->getAnchor().empty() || isa<llvm::yaml::AliasNode>(node))
      return emitError(result.loc) << "anchors and aliases are not allowed", failure();
    if (auto *scalar = dyn_cast<llvm::yaml::ScalarNode>(node)) {
      llvm::SmallString<64> storage;
      result.kind = YamlNode::Kind::Scalar;
      result.text = scalar->getValue(storage).trim().str();
    } else if (auto *block = dyn_cast<llvm::yaml::BlockScalarNode>(node)) {
      result.kind = YamlNode::Kind::Scalar;
      result.text = block->getValue().trim().str();
    } else if (auto *sequence = dyn_cast<llvm::yaml::SequenceNode>(node)) {
      result.kind = YamlNode::Kind::List;
      for (llvm::yaml::Node &item : *sequence) {
        FailureOr<YamlNode> built = build(&item, depth + 1);
        if (failed(built))
          return failure();
        result.items.push_back(std::move(*built));
      }
    } else if (auto *mapping = dyn_cast<llvm::yaml::MappingNode>(node)) {
      result.kind = YamlNode::Kind::Map;
      for (llvm::yaml::KeyValueNode &entry : *mapping)
        if (failed(buildEntry(entry, result, depth)))
          return failure();
    }
    return result;
  }

private:
  /// Where a node starts; llvm's range of a flow collection starts behind its bracket.
  llvm::SMLoc startOf(llvm::yaml::Node &node) const {
    llvm::SMLoc start = node.getSourceRange().Start;
    char bracket = isa<llvm::yaml::MappingNode>(node) ? '{' : isa<llvm::yaml::SequenceNode>(node) ? '[' : '\0';
    unsigned buffer = start.isValid() && bracket ? sources.FindBufferContainingLoc(start) : 0;
    if (!buffer)
      return start;
    const char *first = sources.getMemoryBuffer(buffer)->getBufferStart(), *before = start.getPointer();
    while (before != first && isspace(static_cast<unsigned char>(before[-1])))
      --before;
    return before != first && before[-1] == bracket ? llvm::SMLoc::getFromPointer(before - 1) : start;
  }

  LogicalResult buildEntry(llvm::yaml::KeyValueNode &entry, YamlNode &map, int depth) {
    FailureOr<YamlNode> key = build(entry.getKey(), depth + 1);
    if (failed(key))
      return failure();
    if (key->kind != YamlNode::Kind::Scalar)
      return emitError(key->loc) << "expects a word as key, got " << key->describe();
    for (YamlEntry &earlier : map.entries)
      if (earlier.key == key->text) {
        auto diagnostic = emitError(key->loc) << "key '" << key->text << "' appears twice";
        diagnostic.attachNote(earlier.loc) << "the first one is here";
        return failure();
      }
    FailureOr<YamlNode> value = build(entry.getValue(), depth + 1);
    if (failed(value))
      return failure();
    map.entries.push_back({key->text, key->loc, std::move(*value)});
    return success();
  }

  llvm::SourceMgr &sources;
  StringRef file;
  MLIRContext *context;
};

/// Where syntax errors go.
struct ErrorSink {
  StringRef file;
  MLIRContext *context;
  bool failed = false;
};
} // namespace

FailureOr<YamlNode> tally::parseYaml(StringRef text, StringRef file, MLIRContext *context, StringRef what) {
  auto whole = FileLineColLoc::get(context, file, 1, 1);
  auto noText = FileLineColLoc::get(context, file, 0, 0); // no line of it is worth showing
  if (text.size() > maxBytes)
    return emitError(noText) << "expects at most " << maxBytes << " bytes, got " << text.size(), failure();
  if (text.contains('\0'))
    return emitError(noText) << "is not a text file", failure();
  // llvm's parser descends into flow collections on the stack before the tree sees them.
  int open = 0;
  for (char c : text)
    if ((open += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0) > 4 * maxDepth)
      return emitError(whole) << "nested more than " << maxDepth << " levels deep", failure();
  llvm::SourceMgr sources;
  ErrorSink sink{file, context};
  sources.setDiagHandler(
      [](const llvm::SMDiagnostic &diagnostic, void *opaque) {
        auto &target = *static_cast<ErrorSink *>(opaque);
        if (!target.failed) // what follows the first syntax error is noise
          emitError(FileLineColLoc::get(target.context, target.file, std::max(diagnostic.getLineNo(), 1),
                                        diagnostic.getColumnNo() + 1))
              << diagnostic.getMessage();
        target.failed = true;
      },
      &sink);
  llvm::yaml::Stream stream(llvm::MemoryBufferRef(text, file), sources, /*ShowColors=*/false);
  TreeBuilder builder(sources, file, context);
  auto document = stream.begin();
  if (document == stream.end() || !document->getRoot()) {
    if (!sink.failed)
      emitError(whole) << "expects " << what << ", got an empty file";
    return failure();
  }
  FailureOr<YamlNode> root = builder.build(document->getRoot(), 0);
  if (sink.failed || stream.failed() || failed(root)) {
    if (succeeded(root) && !sink.failed)
      emitError(whole) << "is not valid YAML";
    return failure();
  }
  if (root->kind == YamlNode::Kind::Null)
    return emitError(whole) << "expects " << what << ", got an empty file", failure();
  ++document;
  if (document != stream.end() || sink.failed) {
    if (!sink.failed)
      emitError(whole) << "expects one YAML document, got several";
    return failure();
  }
  return root;
}

/// "flops, haet".
static std::string listNames(StringRef folder) {
  SmallVector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(installedFile(folder), error), end; entry != end && !error; entry.increment(error))
    if (llvm::sys::path::extension(entry->path()) == ".yaml")
      names.push_back(llvm::sys::path::stem(entry->path()).str());
  llvm::sort(names);
  return llvm::join(names, ", ");
}

FailureOr<NamedYaml> tally::readNamedYaml(StringRef nameOrFile, StringRef folder, StringRef what, StringRef plural, Location from) {
  std::string file = locateByName(nameOrFile, folder);
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer) {
    bool named = !isa<UnknownLoc>(from);
    emitError(named ? from : Location(FileLineColLoc::get(from.getContext(), file, 1, 1)))
        << (named ? "'" + file + "' " : "") << "cannot be read: " << buffer.getError().message() << "; expects a file, or one of the " << plural << ' '
        << listNames(folder);
    return failure();
  }
  FailureOr<YamlNode> root = parseYaml((*buffer)->getBuffer(), file, from.getContext(), what);
  if (failed(root))
    return failure();
  return NamedYaml{file, std::move(*root)};
}
