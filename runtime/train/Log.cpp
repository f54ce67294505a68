// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the events; where a run is resumed, first drops what its checkpoint does not know.
#include "train/Log.h"
#include "core/Failure.h"

#include <ctime>
#include <nlohmann/json.hpp>

using namespace tally::rt;
using nlohmann::json;

void tally::rt::keepLines(const std::string &path,
                          const std::function<bool(const std::string &line, int64_t number)> &keep) {
  if (!isRegular(path))
    return;
  std::vector<unsigned char> content = readFile(path);
  std::string kept;
  int64_t number = 1;
  for (auto begin = content.begin(); begin != content.end(); ++number) {
    auto end = std::find(begin, content.end(), '\n');
    if (end == content.end())
      break;
    if (std::string line(begin, end); keep(line, number))
      kept += line + '\n';
    begin = end + 1;
  }
  if (kept.size() != content.size())
    replaceFile(path, kept.size(), [&](File &file) { file.write(kept.data(), kept.size()); });
}

Log::Log(const Manifest &manifest, const std::string &path) : manifest(manifest) {
  if (!path.empty())
    file.emplace(path, /*append=*/false);
}

Log::Log(const Manifest &manifest, const std::string &path, int64_t firstSeed, int64_t lastSeed,
         const Checkpoints &checkpoints)
    : manifest(manifest) {
  if (path.empty())
    return;
  // Lines of other seeds stay: they may be of another run that shares the log.
  auto keep = [&](const std::string &line, int64_t number) {
    json event = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object() || !event.contains("event") || !event["event"].is_string())
      throw Failure(FileFailed, "cannot go on with '" + path + "': line " + std::to_string(number) + " is no event");
    std::string name = event["event"];
    if (name == "summary" || name == "executed")
      return false;
    if (!event.contains("seed") || !event["seed"].is_number_integer())
      return true;
    int64_t seed = event["seed"];
    if (seed < firstSeed || seed > lastSeed)
      return true;
    auto checkpoint = checkpoints.find(seed);
    if (checkpoint == checkpoints.end())
      return false;
    const CheckpointInfo &at = checkpoint->second;
    int64_t step = event.contains("step") && event["step"].is_number_integer() ? event["step"].get<int64_t>() : 0;
    bool isEnd = name == "end";
    if (step > at.step || (name == "eval" && step == at.step && !at.evaluated) ||
        (isEnd && (!manifest.isFinished(at.step, at.evaluated) || event.contains("message"))))
      return false;
    (isEnd ? ended : started)[seed] = true;
    return true;
  };
  keepLines(path, keep);
  file.emplace(path, /*append=*/true);
}

JsonLine Log::event(const char *name) const {
  JsonLine line(manifest.digits());
  line.add("event", name);
  return line;
}

void Log::write(const JsonLine &line) {
  if (file)
    file->writeLine(line.text());
}

void Log::sync() {
  if (file)
    file->sync();
}

static std::string timeNow() {
  std::time_t now = std::time(nullptr);
  std::tm parts;
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void Log::start(int64_t seed, int threads, bool resumed, const std::string &dataDigest) {
  if (!file || started[seed])
    return;
  JsonLine data(manifest.digits());
  data.add("name", manifest.data.name)
      .add("train_images", manifest.data.trainImages)
      .add("test_images", manifest.data.testImages)
      .add("sha256", dataDigest);
  if (manifest.data.subset)
    data.add("subset", manifest.data.subset);
  JsonLine line = event("start");
  line.add("seed", seed)
      .add("name", manifest.name)
      .add("program_sha256", manifest.programSha256)
      .add("model_sha256", manifest.modelSha256)
      .add("recipe_sha256", manifest.recipeSha256)
      .add("tool_version", manifest.toolVersion)
      .add("processor", manifest.processor.name)
      .add("precision", manifest.precision)
      .add("data", data)
      .add("steps", manifest.steps)
      .add("steps_per_epoch", manifest.stepsPerEpoch)
      .add("epochs", manifest.epochs)
      .add("batch_size", manifest.batchSize)
      .add("operations", manifest.operations)
      .add("threads", threads)
      .add("resumed", resumed)
      .add("time", timeNow());
  write(line);
}

void Log::step(int64_t seed, int64_t step, double loss, std::optional<double> lr, const std::string &weights, double seconds) {
  if (!file)
    return;
  JsonLine line = event("step");
  line.add("seed", seed).add("step", step).add("loss", loss);
  if (lr)
    line.add("lr", *lr);
  if (!weights.empty())
    line.add("weights_sha256", weights);
  write(line.add("time", timeNow()).add("seconds", seconds));
}

void Log::evaluation(std::optional<int64_t> seed, int64_t step, const Evaluation &evaluation, double seconds,
                     const std::string &source) {
  JsonLine line = event("eval");
  line.addOptional("seed", seed);
  if (!source.empty())
    line.add("file", source);
  else if (step % manifest.stepsPerEpoch == 0)
    line.add("epoch", step / manifest.stepsPerEpoch).add("step", step);
  else
    line.add("epoch", manifest.epochAt(step)).add("step", step);
  line.add("loss", evaluation.loss)
      .add("accuracy", evaluation.accuracy)
      .add("views", viewsOf(manifest, evaluation.views))
      .add("time", timeNow())
      .add("seconds", seconds);
  write(line);
}

static std::optional<double> targetOf(const Manifest &manifest) {
  return manifest.target ? std::optional(manifest.target->accuracy) : std::nullopt;
}

void Log::end(const End &end) {
  if (ended[end.seed])
    return;
  JsonLine line = event("end");
  line.add("seed", end.seed)
      .add("step", end.step)
      .addOptional("accuracy", end.evaluation ? std::optional(end.evaluation->accuracy) : std::nullopt)
      .addOptional("target", targetOf(manifest))
      .addOptional("passed", end.passed)
      .addOptional("operations", end.complete ? std::optional(manifest.operations) : std::nullopt);
  if (!end.exported.empty())
    line.add("export_sha256", end.exported);
  line.add("resumed", end.resumed)
      .add("seconds", end.seconds)
      .addOptional("images_per_second", end.imagesPerSecond)
      .add("reason", end.reason)
      .add("time", timeNow());
  if (!end.message.empty())
    line.add("message", end.message);
  write(line);
}

void Log::summary(const Summary &summary) {
  std::string seeds;
  for (int64_t seed = summary.firstSeed; seed <= summary.lastSeed; ++seed)
    seeds += (seeds.empty() ? "[" : ",") + std::to_string(seed);
  JsonLine views(manifest.digits());
  for (size_t view = 0; view < summary.viewMeans.size(); ++view)
    views.add(manifest.evaluate->views[view].c_str(), JsonLine(manifest.digits())
                                                          .add("mean", summary.viewMeans[view])
                                                          .add("deviation", summary.viewDeviations[view]));
  JsonLine line = event("summary");
  line.addRaw("seed", seeds + "]")
      .add("n", summary.lastSeed - summary.firstSeed + 1)
      .add("mean", summary.mean)
      .add("deviation", summary.deviation)
      .add("views", views)
      .addOptional("target", targetOf(manifest))
      .addOptional("passed", summary.passed);
  write(line);
}

void Log::executed(const ExecutedTotals &totals) {
  auto numbers = [&](const ExecutedTotals::Row &row) {
    JsonLine line(manifest.digits());
    line.add("operations", digitsOf(row.operations)).add("surplus", digitsOf(row.surplus)).add("avoided", digitsOf(row.avoided)).add("executed", digitsOf(row.executed));
    return line;
  };
  JsonLine phases(manifest.digits());
  for (const auto &[phase, row] : totals.phases)
    phases.add(phase.c_str(), numbers(row));
  JsonLine kinds(manifest.digits());
  for (const auto &[phase, operations] : totals.executed) {
    JsonLine ofPhase(manifest.digits());
    for (const auto &[kind, number] : operations)
      ofPhase.add(kind.c_str(), digitsOf(number));
    kinds.add(phase.c_str(), ofPhase);
  }
  JsonLine line = event("executed");
  line.add("training", numbers(totals.training)).add("phases", phases).add("by_kind", kinds).add("agrees", totals.differences.empty());
  write(line);
}
