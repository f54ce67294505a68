// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Saves and loads the persistent variables. A checkpoint is input like any other: nothing in it is trusted.
#include "train/Checkpoint.h"
#include "core/Digest.h"
#include "core/Failure.h"
#include "core/File.h"

#include <cmath>
#include <nlohmann/json.hpp>

using namespace tally::rt;
using nlohmann::json;

static constexpr uint64_t maximalHeader = 100 << 20;
static constexpr const char *format = "tally-checkpoint/2";

/// The variables that a checkpoint holds, in the order of the file.
static std::vector<const Variable *> persistentVariables(const Manifest &manifest) {
  std::vector<const Variable *> variables;
  for (const Variable &variable : manifest.variables)
    if (variable.offset + variable.bytes <= manifest.persistentBytes && variable.role != "table")
      variables.push_back(&variable);
  return variables;
}

uint64_t tally::rt::checkpointBytes(const Manifest &manifest) {
  uint64_t bytes = 1024;
  for (const Variable *variable : persistentVariables(manifest))
    bytes += variable->bytes + variable->name.size() + 128;
  return bytes;
}

/// As safetensors call it.
static std::string typeName(const std::string &type) {
  if (type == "i1")
    return "BOOL";
  return (type[0] == 'f' ? "F" : "I") + type.substr(1);
}

static json describe(const Variable &variable, uint64_t begin) {
  return {
      {"dtype", typeName(variable.type)}, {"shape", variable.shape}, {"data_offsets", {begin, begin + variable.bytes}}};
}

void tally::rt::saveCheckpoint(const Program &program, const CheckpointInfo &info, const std::string &path) {
  const Manifest &manifest = program.manifest;
  std::vector<const Variable *> variables = persistentVariables(manifest);
  json run = {{"seed", info.seed}, {"step", info.step}, {"evaluated", info.evaluated}, {"seconds", info.seconds}};
  if (info.evaluation)
    run["evaluation"] = {{"loss", info.evaluation->loss}, {"views", info.evaluation->views}};
  json header = json::object();
  uint64_t bytes = 0;
  Sha256 digest;
  for (const Variable *variable : variables) {
    header[variable->name] = describe(*variable, bytes);
    digest.add(program.read(*variable).data(), variable->bytes);
    bytes += variable->bytes;
  }
  // safetensors allows only strings here.
  header["__metadata__"] = {{"format", format},
                            {"model_sha256", manifest.modelSha256},
                            {"recipe_sha256", manifest.recipeSha256},
                            {"program_sha256", manifest.programSha256},
                            {"processor", manifest.processor.name},
                            {"values_sha256", digest.finish()},
                            {"run", run.dump()}};
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  uint64_t length = text.size();
  replaceFile(path, sizeof(length) + length + bytes, [&](File &file) {
    file.write(&length, sizeof(length));
    file.write(text.data(), text.size());
    for (const Variable *variable : variables)
      file.write(program.read(*variable).data(), variable->bytes);
  });
}

namespace {
struct Opened {
  File file;
  json header;
  std::string digest; // of the values
  CheckpointInfo info;
};
} // namespace

[[noreturn]] static void refuse(const std::string &path, const std::string &reason) {
  throw Failure(FileFailed, "cannot resume from '" + path + "': " + reason);
}

/// Model and recipe decide the code, too; when both are the same, tally, its options or the processor were others.
static void checkOrigin(const Manifest &manifest, const json &metadata, const std::string &path) {
  std::string differences;
  auto compare = [&](const std::string &what, const char *key, const std::string &mine) {
    const json &theirs = metadata.at(key);
    if (theirs != mine)
      differences += (differences.empty() ? "" : ", ") + what + " (" + theirs.dump() + ", this is \"" + mine + "\")";
  };
  compare("another model", "model_sha256", manifest.modelSha256);
  compare("another recipe", "recipe_sha256", manifest.recipeSha256);
  if (differences.empty())
    compare("other code of this model and recipe, for the processor " + metadata.at("processor").dump(),
            "program_sha256", manifest.programSha256);
  if (!differences.empty())
    refuse(path, "it belongs to " + differences);
}

static CheckpointInfo parseRun(const Manifest &manifest, const json &run) {
  CheckpointInfo info;
  info.seed = run.at("seed");
  info.step = run.at("step");
  info.evaluated = run.at("evaluated");
  info.seconds = run.at("seconds");
  if (run.contains("evaluation") && manifest.evaluate) {
    // What is not finite is saved as null.
    auto real = [](const json &value) { return value.is_null() ? NAN : value.get<double>(); };
    Evaluation evaluation;
    evaluation.loss = real(run["evaluation"].at("loss"));
    for (const json &value : run["evaluation"].at("views"))
      evaluation.views.push_back(real(value));
    bool counted = manifest.evaluate->correct != nullptr;
    if (evaluation.views.size() != (counted ? manifest.evaluate->views.size() : 0))
      throw json::other_error::create(0, "wrong number of views", &run);
    evaluation.accuracy = counted ? evaluation.views[manifest.evaluate->targetView] : NAN;
    info.evaluation = evaluation;
  }
  return info;
}

static Opened open(const Manifest &manifest, const std::string &path) {
  Opened opened{File::openToRead(path), {}, {}, {}};
  uint64_t size = opened.file.size(), length = 0;
  if (size < sizeof(length))
    refuse(path, "it is no checkpoint (" + std::to_string(size) + " bytes)");
  opened.file.read(&length, sizeof(length));
  if (length > maximalHeader || length > size - sizeof(length))
    refuse(path, "it is no checkpoint, or cut off");
  std::string text(length, ' ');
  opened.file.read(text.data(), length);
  try {
    opened.header = json::parse(text);
    const json &metadata = opened.header.at("__metadata__");
    if (metadata.at("format") != format)
      refuse(path, "it is no checkpoint of a trainer of this version");
    checkOrigin(manifest, metadata, path);
    opened.digest = metadata.at("values_sha256");
    opened.info = parseRun(manifest, json::parse(metadata.at("run").get<std::string>()));
  } catch (const json::exception &) {
    refuse(path, "its header is damaged");
  }
  if (opened.info.step < 0 || opened.info.step > manifest.steps)
    refuse(path, "it is at step " + std::to_string(opened.info.step) + " of " + std::to_string(manifest.steps));
  uint64_t expected = sizeof(length) + length;
  for (const Variable *variable : persistentVariables(manifest)) {
    auto entry = opened.header.find(variable->name);
    if (entry == opened.header.end() || *entry != describe(*variable, expected - sizeof(length) - length))
      refuse(path, "its variable '" + variable->name + "' is missing or of another shape");
    expected += variable->bytes;
  }
  if (size != expected)
    refuse(path, "expects " + std::to_string(expected) + " bytes (got " + std::to_string(size) + ")");
  return opened;
}

std::optional<CheckpointInfo> tally::rt::readCheckpointInfo(const Manifest &manifest, const std::string &path) {
  if (!fileExists(path))
    return std::nullopt;
  return open(manifest, path).info;
}

CheckpointInfo tally::rt::loadCheckpoint(Program &program, const std::string &path) {
  Opened opened = open(program.manifest, path);
  Sha256 digest;
  for (const Variable *variable : persistentVariables(program.manifest)) {
    std::vector<unsigned char> value(variable->bytes);
    opened.file.read(value.data(), value.size());
    digest.add(value.data(), value.size());
    program.write(*variable, value.data());
  }
  if (digest.finish() != opened.digest)
    refuse(path, "its values are damaged (their digest differs)");
  if (program.integer(*program.manifest.step) != opened.info.step ||
      program.integer(*program.manifest.seed) != opened.info.seed)
    refuse(path, "its step or seed disagrees with its variables");
  return opened.info;
}
