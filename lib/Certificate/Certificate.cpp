// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A certificate as JSON, written and read back. A certificate is input like any other: nothing in it is trusted.
#include "tally/Certificate/Certificate.h"
#include "tally/Support/Json.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <charconv>

using namespace mlir;
using namespace tally;
namespace json = llvm::json;

static constexpr StringLiteral schemaName = "tally-certificate/1";

/// A number in the fewest digits that give it again.
static void printNumber(json::OStream &os, StringRef key, std::optional<double> number) {
  if (!number)
    return;
  char text[32];
  StringRef digits(text, std::to_chars(text, std::end(text), *number).ptr - text);
  os.attributeBegin(key);
  os.rawValue(digits);
  os.attributeEnd();
}

static void printFile(json::OStream &os, const CertifiedFile &file) {
  os.attribute("file", file.name);
  os.attribute("sha256", file.sha256);
}

static void printRun(json::OStream &os, const CertifiedRun &run) {
  os.attribute("seed", run.seed);
  os.attribute("threads", run.threads);
  os.attributeObject("weights", [&] { printFile(os, run.weights); });
  printNumber(os, "loss", run.result.loss);
  printNumber(os, "accuracy", run.result.accuracy);
  os.attributeObject("views", [&] {
    for (const auto &[view, accuracy] : run.result.views)
      printNumber(os, view, accuracy);
  });
}

void tally::printCertificate(const Certificate &certificate, llvm::raw_ostream &stream) {
  json::OStream os(stream, /*IndentSize=*/2);
  os.objectBegin();
  os.attribute("schema", schemaName);
  os.attribute("tool_version", certificate.toolVersion);
  os.attributeObject("model", [&] { printFile(os, certificate.model); });
  os.attributeObject("recipe", [&] {
    os.attribute("sha256", certificate.recipeDigest);
    os.attribute("resolved", certificate.recipe);
  });
  os.attributeObject("cost", [&] {
    os.attribute("profile", certificate.cost.profile);
    os.attribute("parameters", certificate.cost.parameters.str());
    os.attribute("operations", certificate.cost.operations.str());
    os.attribute("complexity", certificate.cost.complexity.str());
    os.attribute("evaluation", certificate.cost.evaluation.str());
  });
  os.attributeObject("trainer", [&] {
    printFile(os, certificate.trainer);
    os.attribute("program_sha256", certificate.program);
    os.attribute("march", certificate.target);
    os.attribute("optimize", certificate.optimize);
  });
  os.attributeObject("data", [&] {
    os.attribute("sha256", certificate.data.sha256);
    os.attributeArray("files", [&] {
      for (const DataFile &file : certificate.data.files)
        os.object([&] {
          printFile(os, {file.name, file.sha256});
          os.attribute("official", file.official);
        });
    });
  });
  os.attributeArray("logs", [&] {
    for (const CertifiedFile &file : certificate.logs)
      os.object([&] { printFile(os, file); });
  });
  os.attributeArray("runs", [&] {
    for (const CertifiedRun &run : certificate.runs)
      os.object([&] { printRun(os, run); });
  });
  os.attributeObject("verdict", [&] {
    printNumber(os, "accuracy", certificate.verdict.accuracy);
    printNumber(os, "target", certificate.verdict.target);
    os.attribute("passed", certificate.verdict.passed);
  });
  os.objectEnd();
  stream << '\n';
}

namespace {
/// Reads the members of one object; all of them are required unless they say otherwise.
class Members {
public:
  Members(YamlNode &node, YamlProblems &problems, StringRef what) : map(node, problems, what) {}
  ~Members() { map.finish(); }

  void text(StringRef key, std::string &value) {
    if (map.require(key))
      map.read(key, value);
  }
  void digest(StringRef key, std::string &value) {
    text(key, value);
    if (!value.empty() && (value.size() != 64 || !llvm::all_of(value, [](char c) { return llvm::isHexDigit(c) && !llvm::isUpper(c); })))
      wrong(key, "64 hexadecimal digits");
  }
  /// A name that leads nowhere but below the folder of the certificate.
  void fileName(StringRef key, std::string &value) {
    text(key, value);
    auto parts = llvm::make_range(llvm::sys::path::begin(value), llvm::sys::path::end(value));
    if (llvm::sys::path::is_absolute(value) || llvm::is_contained(parts, ".."))
      wrong(key, "the name of a file beside the certificate, or below its folder");
  }
  void file(CertifiedFile &value) {
    fileName("file", value.name);
    digest("sha256", value.sha256);
  }
  void count(StringRef key, Count &value) {
    std::string digits;
    text(key, digits);
    if (std::optional<Count> count = Count::parse(digits))
      value = *count;
    else if (!digits.empty())
      wrong(key, "a number of digits");
  }
  void number(StringRef key, double &value) {
    if (YamlNode *node = map.require(key))
      value = toNumber(*node);
  }
  /// May be missing.
  void number(StringRef key, std::optional<double> &value) {
    if (YamlNode *node = map.find(key))
      value = toNumber(*node);
  }
  void integer(StringRef key, int64_t &value, int64_t least) {
    if (map.require(key))
      map.readInteger(key, value, least, INT64_MAX >> 1);
  }
  void boolean(StringRef key, bool &value) {
    if (map.require(key))
      map.read(key, value);
  }
  void object(StringRef key, llvm::function_ref<void(Members &)> read) {
    if (YamlNode *node = map.require(key)) {
      Members members(*node, map.problems, "'" + key.str() + "'");
      read(members);
    }
  }
  void list(StringRef key, llvm::function_ref<void(Members &)> read) {
    YamlNode *node = map.require(key);
    if (node && (node->kind != YamlNode::Kind::List || node->items.empty()))
      return wrong(key, "a list that is not empty");
    for (YamlNode &item : node ? MutableArrayRef(node->items) : MutableArrayRef<YamlNode>()) {
      Members members(item, map.problems, "an entry of '" + key.str() + "'");
      read(members);
    }
  }
  /// Names and numbers, whatever they are.
  void numbers(StringRef key, std::map<std::string, double> &values) {
    if (YamlNode *node = map.require(key)) {
      MapReader views(*node, map.problems, key);
      for (YamlEntry &entry : node->entries)
        values[entry.key] = toNumber(*views.find(entry.key));
    }
  }
  void wrong(StringRef key, StringRef expected) {
    if (YamlNode *node = map.find(key))
      map.problems.error(node->loc) << "expects " << expected << " for '" << key << "', got " << node->describe();
  }

private:
  double toNumber(YamlNode &node) {
    double value = 0;
    StringRef text = node.kind == YamlNode::Kind::Scalar ? StringRef(node.text) : StringRef();
    auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (text.empty() || error != std::errc() || end != text.end())
      map.problems.error(node.loc) << "expects a number, got " << node.describe();
    return value;
  }

  MapReader map;
};
} // namespace

static void readMembers(Members &top, Certificate &certificate) {
  std::string schema;
  top.text("schema", schema);
  if (!schema.empty() && schema != schemaName)
    top.wrong("schema", schemaName);
  top.text("tool_version", certificate.toolVersion);
  top.object("model", [&](Members &members) { members.file(certificate.model); });
  top.object("recipe", [&](Members &members) {
    members.digest("sha256", certificate.recipeDigest);
    members.text("resolved", certificate.recipe);
  });
  top.object("cost", [&](Members &members) {
    members.text("profile", certificate.cost.profile);
    if (!llvm::all_of(certificate.cost.profile, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-'; }))
      members.wrong("profile", "the name of a profile");
    members.count("parameters", certificate.cost.parameters);
    members.count("operations", certificate.cost.operations);
    members.count("complexity", certificate.cost.complexity);
    members.count("evaluation", certificate.cost.evaluation);
  });
  top.object("trainer", [&](Members &members) {
    members.file(certificate.trainer);
    members.digest("program_sha256", certificate.program);
    members.text("march", certificate.target);
    int64_t optimize = 3;
    members.integer("optimize", optimize, 0);
    if (optimize != 0 && optimize != 3)
      members.wrong("optimize", "0 or 3");
    certificate.optimize = unsigned(optimize);
  });
  top.object("data", [&](Members &members) {
    members.digest("sha256", certificate.data.sha256);
    members.list("files", [&](Members &members) {
      DataFile &file = certificate.data.files.emplace_back();
      members.fileName("file", file.name);
      members.digest("sha256", file.sha256);
      members.boolean("official", file.official);
    });
  });
  top.list("logs", [&](Members &members) { members.file(certificate.logs.emplace_back()); });
  top.list("runs", [&](Members &members) {
    CertifiedRun &run = certificate.runs.emplace_back();
    members.integer("seed", run.seed, 0);
    members.integer("threads", run.threads, 1);
    members.object("weights", [&](Members &members) { members.file(run.weights); });
    members.number("loss", run.result.loss);
    members.number("accuracy", run.result.accuracy);
    members.numbers("views", run.result.views);
  });
  top.object("verdict", [&](Members &members) {
    members.number("accuracy", certificate.verdict.accuracy);
    members.number("target", certificate.verdict.target);
    members.boolean("passed", certificate.verdict.passed);
  });
}

FailureOr<Certificate> tally::readCertificate(StringRef file, MLIRContext *context) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return llvm::errs() << "error: " << file << ": " << buffer.getError().message() << '\n', failure();
  FailureOr<YamlNode> tree = parseJson((*buffer)->getBuffer(), file, context, "a certificate");
  if (failed(tree))
    return failure();
  Certificate certificate;
  YamlProblems problems;
  {
    Members top(*tree, problems, "a certificate");
    readMembers(top, certificate);
  }
  if (problems.wrong)
    return failure();
  return certificate;
}
