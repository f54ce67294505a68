// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the manifest and checks that every offset, name and count in it is possible.
#include "train/Manifest.h"
#include "core/Failure.h"
#include "data/Cifar.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace tally::rt;
using nlohmann::json;

[[noreturn]] static void refuse(const std::string &reason) {
  throw Failure(ProgramWrong, "the program's manifest is wrong: " + reason);
}

static void require(bool condition, const std::string &reason) {
  if (!condition)
    refuse(reason);
}

static bool fits(uint64_t offset, uint64_t bytes, uint64_t size) { return bytes <= size && offset <= size - bytes; }

static uint64_t elementBytes(const std::string &type) {
  if (type == "f64" || type == "i64")
    return 8;
  if (type == "f32" || type == "i32")
    return 4;
  if (type == "i8" || type == "i1")
    return 1;
  refuse("unknown element type '" + type + "'");
}

int64_t Variable::elements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

const Variable *Manifest::find(const std::string &name) const {
  auto found = std::find_if(variables.begin(), variables.end(), [&](const Variable &v) { return v.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

bool Manifest::isEvaluated(int64_t step) const {
  if (!evaluate || step == 0)
    return false;
  return step == steps || (evaluate->everyEpochs > 0 && step % (evaluate->everyEpochs * stepsPerEpoch) == 0);
}

std::string tally::rt::join(const std::vector<std::string> &names) {
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

namespace {
/// Reads one manifest; its members are what several parts of the reading need.
struct Reader {
  const json &text;
  const tally_rt_program &program;
  Manifest &out;

  const Variable *variable(const json &name) const {
    const Variable *found = out.find(name.get<std::string>());
    require(found, "unknown variable " + name.dump());
    return found;
  }

  const Variable *optionalVariable(const json &object, const char *key) const {
    return object.contains(key) ? variable(object[key]) : nullptr;
  }

  size_t function(const json &name) const {
    auto found = std::find(out.functions.begin(), out.functions.end(), name.get<std::string>());
    require(found != out.functions.end(), "unknown function " + name.dump());
    return static_cast<size_t>(found - out.functions.begin());
  }

  void readVariables() {
    for (const json &entry : text.at("variables")) {
      Variable v{entry.at("name"),   entry.at("role"),  entry.at("type"), entry.at("shape"),
                 entry.at("offset"), entry.at("bytes"), std::nullopt};
      if (entry.contains("blob_offset"))
        v.blobOffset = entry["blob_offset"].get<uint64_t>();
      require(v.bytes == static_cast<uint64_t>(v.elements()) * elementBytes(v.type),
              "size of variable '" + v.name + "' disagrees with its shape");
      require(fits(v.offset, v.bytes, out.arenaBytes), "variable '" + v.name + "' is outside of the arena");
      require(!v.blobOffset || fits(*v.blobOffset, v.bytes, static_cast<uint64_t>(program.blob_bytes)),
              "value of variable '" + v.name + "' is outside of the blob");
      out.variables.push_back(std::move(v));
    }
    // Only now: no more variables come, so that pointers to them stay.
    const json &log = text.at("log");
    out.logLoss = variable(log.at("loss"));
    out.logLr = optionalVariable(log, "lr");
    out.step = variable("step");
    out.seed = variable("seed");
    for (const Variable *v : {out.step, out.seed})
      require(v->type == "i64" && v->bytes == 8, "variable '" + v->name + "' is no 64-bit integer");
    if (!text.contains("order") || text["order"].is_null())
      return;
    out.orderRecords = variable(text["order"].at("records"));
    out.orderFlip = optionalVariable(text["order"], "flip");
    out.orderDy = optionalVariable(text["order"], "dy");
    out.orderDx = optionalVariable(text["order"], "dx");
  }

  void readPlan() {
    for (const json &entry : text.at("initialize"))
      out.initialize.push_back(function(entry));
    int64_t next = 0;
    for (const json &entry : text.at("segments")) {
      Segment segment{entry.at("first_step"), entry.at("steps"), entry.at("batch"), {}};
      require(segment.firstStep == next && segment.steps > 0 && segment.batch > 0, "segments leave a gap");
      for (const json &body : entry.at("bodies")) {
        segment.bodies.push_back({function(body.at("function")), body.at("times")});
        require(segment.bodies.back().times > 0, "a segment runs a function no times");
      }
      require(!segment.bodies.empty(), "a segment runs nothing");
      next += segment.steps;
      out.segments.push_back(segment);
    }
    require(next == out.steps, "segments do not cover all steps");
    for (const json &entry : text.at("events")) {
      std::string when = entry.at("when");
      require(when == "before" || when == "after", "unknown time '" + when + "' of an event");
      Event event{function(entry.at("function")), when == "before", entry.at("first"), entry.at("period"),
                  entry.at("trips")};
      require(event.first >= 0 && event.period > 0 && event.trips >= 0, "impossible times of an event");
      out.events.push_back(event);
    }
  }

  void readEvaluation() {
    if (text.contains("target") && !text["target"].is_null()) {
      const json &target = text["target"];
      std::string of = target.value("of", "mean");
      require(of == "mean" || of == "each", "unknown target of '" + of + "'");
      out.target = Target{target.at("accuracy"), target.at("view"), of == "each"};
    }
    if (!text.contains("evaluate") || text["evaluate"].is_null()) {
      require(!out.target, "a target without an evaluation");
      return;
    }
    const json &entry = text["evaluate"];
    EvaluationPlan plan{entry.at("every_epochs"),
                        entry.at("samples"),
                        entry.at("split"),
                        entry.at("views"),
                        {},
                        optionalVariable(entry, "correct"),
                        variable(entry.at("loss")),
                        0};
    for (const json &batches : entry.at("batches"))
      plan.batches.push_back({function(batches.at("function")), batches.at("batches")});
    require(plan.samples > 0 && !plan.views.empty(), "an evaluation of nothing");
    require(plan.everyEpochs >= 0, "impossible times of an evaluation");
    require(plan.correct || !out.target, "a target without an accuracy");
    for (const Variable *v : {plan.correct, plan.loss})
      if (v)
        require(v->elements() == static_cast<int64_t>(plan.views.size()),
                "variable '" + v->name + "' does not have one element for each view");
    auto view = plan.views.begin();
    if (entry.contains("target_view"))
      view = std::find(plan.views.begin(), plan.views.end(), entry["target_view"].get<std::string>());
    if (out.target)
      view = std::find(plan.views.begin(), plan.views.end(), out.target->view);
    require(view != plan.views.end(), "the target's view is not evaluated");
    plan.targetView = static_cast<size_t>(view - plan.views.begin());
    out.evaluate = std::move(plan);
  }

  void readData() {
    const json &data = text.at("data");
    out.data = {data.at("name"),         data.at("classes"),      data.at("train_images"), data.at("test_images"),
                data.at("record_bytes"), data.at("label_offset"), data.at("pixel_offset")};
    DataPlan &plan = out.data;
    require(plan.trainImages >= 0 && plan.testImages >= 0, "impossible numbers of images");
    plan.subset = data.value("subset", int64_t{0});
    plan.format = data.value("format", plan.format);
    bool agrees = plan.labelOffset >= 0 && plan.labelOffset < plan.pixelOffset;
    if (plan.format == "cifar") {
      const CifarLayout *layout = CifarLayout::byName(plan.name);
      require(layout, "unknown data set '" + plan.name + "'");
      auto labels = static_cast<int64_t>(layout->labels.size());
      agrees = agrees && plan.recordBytes == layout->recordBytes() && plan.pixelOffset == labels &&
               plan.classes == layout->labels[static_cast<size_t>(plan.labelOffset)].classes;
    } else {
      require(plan.format == "raw" || plan.format == "npy", "unknown format of data '" + plan.format + "'");
      plan.shape = data.at("shape");
      plan.labelBytes = data.at("label_bytes");
      agrees = agrees && plan.labelOffset == 0 && plan.labelBytes == plan.pixelOffset && plan.labelBytes <= 2 &&
               plan.shape[0] > 0 && plan.shape[1] > 0 && plan.shape[2] > 0 &&
               plan.recordBytes == plan.labelBytes + plan.pixelBytes();
    }
    require(agrees, "its records are not those of " + plan.name);
  }

  void readProcessor() {
    const json &entry = text.at("processor");
    out.processor = {entry.at("name"), entry.at("features").get<std::vector<std::string>>()};
    for (const std::string &feature : out.processor.features)
      require(isKnownFeature(feature), "unknown processor feature '" + feature + "'");
  }

  void readCalls() {
    for (const json &entry : text.at("calls")) {
      KernelCall call{function(entry.at("function")), entry.at("kernel"), entry.at("operations"), entry.at("bytes_read"),
                      entry.at("bytes_written"),      {},                 {}};
      auto add = [](std::vector<std::string> &names, const std::string &name) {
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
          names.push_back(name);
      };
      for (const json &origin : entry.at("layers")) {
        add(call.phases, origin.at("phase"));
        add(call.layers, origin.at("layer"));
      }
      out.calls.push_back(std::move(call));
    }
  }

  /// "add f32 12, multiply f32 13"
  static void add(Operations &sum, const json &entry) {
    std::istringstream words(entry.get<std::string>());
    std::string kind, type;
    for (int64_t number; words >> kind; words.ignore(1)) {
      require(bool(words >> type >> number), "operations that cannot be read: " + entry.dump());
      sum[kind + " " + type] += number;
    }
  }

  void readCounts() {
    for (const json &entry : text.value("blocks", json::array())) {
      CountedBlock block{entry.at("kernel"), {}};
      for (const json &cost : entry.at("costs"))
        add(block.layers[cost.at("layer")], cost.at("operations"));
      out.blocks.push_back(std::move(block));
    }
    for (const json &entry : text.value("expected", json::array())) {
      ExpectedCount expected{function(entry.at("function")), entry.at("phase"), entry.at("layer"), {}, {}, {}};
      add(expected.operations, entry.at("operations"));
      for (const json &number : entry.at("surplus"))
        add(expected.surplus, number);
      for (const json &number : entry.at("avoided"))
        add(expected.avoided, number);
      out.expected.push_back(std::move(expected));
    }
  }

  void readExport() {
    if (!text.contains("export") || text["export"].is_null())
      return;
    const json &entry = text["export"];
    ExportPlan plan{entry.at("blob_offset"), entry.at("bytes"), {}};
    for (const json &tensor : entry.at("tensors"))
      plan.tensors.push_back({variable(tensor.at("variable")), tensor.at("offset"), tensor.at("bytes")});
    std::sort(plan.tensors.begin(), plan.tensors.end(),
              [](const ExportPlan::Tensor &a, const ExportPlan::Tensor &b) { return a.offset < b.offset; });
    uint64_t end = 0, pieces = plan.bytes;
    for (const ExportPlan::Tensor &tensor : plan.tensors) {
      require(tensor.offset >= end && fits(tensor.offset, tensor.bytes, plan.bytes) &&
                  tensor.bytes == tensor.variable->bytes,
              "the export of variable '" + tensor.variable->name + "' does not fit");
      end = tensor.offset + tensor.bytes;
      pieces -= tensor.bytes;
    }
    require(fits(plan.blobOffset, pieces, static_cast<uint64_t>(program.blob_bytes)), "the export template is outside of the blob");
    out.exportPlan = std::move(plan);
  }

  void read() {
    require(text.at("schema") == "tally-program/1", "unknown schema");
    out.name = text.at("name");
    out.precision = text.at("precision");
    out.toolVersion = text.at("tool_version");
    out.modelSha256 = text.at("model_sha256");
    out.recipeSha256 = text.at("recipe_sha256");
    out.programSha256 = text.at("program_sha256");
    out.operations = text.at("operations").at("total");
    out.arenaBytes = text.at("arena_bytes");
    out.persistentBytes = text.at("persistent_bytes");
    require(out.persistentBytes <= out.arenaBytes, "more persistent bytes than arena bytes");
    out.functions = text.at("functions").get<std::vector<std::string>>();
    require(static_cast<int64_t>(out.functions.size()) == program.function_count, "wrong number of functions");
    out.steps = text.at("steps");
    out.stepsPerEpoch = text.at("steps_per_epoch");
    out.epochs = text.at("epochs");
    out.batchSize = text.at("batch_size");
    out.firstSeed = text.at("seeds").at(0);
    out.lastSeed = text.at("seeds").at(1);
    out.logEvery = text.at("log_every");
    require(out.steps >= 0 && out.stepsPerEpoch > 0 && out.batchSize > 0 && out.logEvery > 0 &&
                out.firstSeed <= out.lastSeed,
            "an impossible plan");
    readProcessor();
    readVariables();
    readPlan();
    readEvaluation();
    readData();
    readCalls();
    readCounts();
    readExport();
  }
};
} // namespace

Manifest::Manifest(const tally_rt_program &program) {
  if (program.version != TALLY_RT_VERSION)
    refuse("expects version " + std::to_string(TALLY_RT_VERSION) + " (got " + std::to_string(program.version) + ")");
  try {
    json text = json::parse(program.manifest, program.manifest + program.manifest_bytes);
    Reader{text, program, *this}.read();
  } catch (const json::exception &error) {
    refuse(error.what());
  }
}
