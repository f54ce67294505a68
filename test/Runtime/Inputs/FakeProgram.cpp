// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program object written by hand: a small deterministic "training" whose state depends on every step, image and draw,
// so that the runtime is tested without the compiler. TALLY_FAKE_PATCH (a JSON merge patch) changes its manifest,
// TALLY_FAKE_STEP_US slows its steps down, TALLY_FAKE_KERNEL_US a part of their gradient, TALLY_FAKE_KERNELS gives them
// more calls of kernels, TALLY_FAKE_NAN_STEP makes the loss of that step (from 1) not a number, TALLY_FAKE_COUNT lets it
// count what it executes.
#include "tally-rt/Runtime.h"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace {
const int64_t moreKernels = std::getenv("TALLY_FAKE_KERNELS") ? std::atoi(std::getenv("TALLY_FAKE_KERNELS")) : 0;
const bool counts = std::getenv("TALLY_FAKE_COUNT") != nullptr;
constexpr int64_t trainImages = 40, testImages = 20, recordBytes = 3073, batch = 4, stepsPerEpoch = 10, steps = 25,
                  weights = 16, evaluationBatch = 8;

struct Arena {
  int64_t step, seed;
  float weight[weights], velocity[weights], average[weights];
  int64_t permutation[trainImages];
  float loss, lr;
  int64_t correct[2];
  double evaluationLoss[2];
  int64_t evaluationPosition;
  int64_t records[batch], flip[batch], dy[batch], dx[batch];
  // Not persistent from here on.
  alignas(64) float lrTable[steps];
  float gradient[weights];
};
constexpr size_t persistentBytes = offsetof(Arena, lrTable);

struct Blob {
  float weight[weights], lrTable[steps];
  char onnx[8]; // HEAD, then TAIL
};
constexpr size_t onnxWeights = 4;

Blob makeBlob() {
  Blob blob = {};
  for (int64_t i = 0; i < weights; ++i)
    blob.weight[i] = 0.25f * static_cast<float>(i % 5) - 0.5f;
  for (int64_t t = 0; t < steps; ++t)
    blob.lrTable[t] = 0.5f / static_cast<float>(t + 2);
  std::memcpy(blob.onnx, "HEADTAIL", sizeof(blob.onnx));
  return blob;
}
const Blob blob = makeBlob();

Arena &at(unsigned char *arena) { return *reinterpret_cast<Arena *>(arena); }

/// Splitmix64: what the program draws is a function of seed and place alone.
uint64_t draw(int64_t seed, int64_t use, int64_t place) {
  uint64_t z = static_cast<uint64_t>(seed * 1000003 + use * 7919 + place) + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void initialize(unsigned char *arena, const unsigned char *) {
  Arena &a = at(arena);
  for (int64_t i = 0; i < weights; ++i) {
    a.weight[i] += static_cast<float>(draw(a.seed, 0, i) % 1000) / 4000;
    a.average[i] = a.weight[i];
  }
}

void shuffle(unsigned char *arena, const unsigned char *) {
  Arena &a = at(arena);
  for (int64_t i = 0; i < trainImages; ++i)
    a.permutation[i] = i;
  for (int64_t i = trainImages - 1; i > 0; --i)
    std::swap(a.permutation[i], a.permutation[draw(a.seed, 1 + a.step / stepsPerEpoch, i) % (i + 1)]);
}

struct Batch {
  Arena &a;
  const unsigned char *dataset;
};

/// The gradients of the weights [begin, end): each depends on its own weight and pixels alone.
void gradient(void *context, int64_t begin, int64_t end) {
  auto [a, dataset] = *static_cast<Batch *>(context);
  static const char *const pause = std::getenv("TALLY_FAKE_KERNEL_US");
  if (pause && end == weights) // on the last thread only
    std::this_thread::sleep_for(std::chrono::microseconds(std::atoi(pause)));
  for (int64_t w = begin; w < end; ++w) {
    float sum = 0;
    for (int64_t i = 0; i < batch; ++i) {
      const unsigned char *record = dataset + a.records[i] * recordBytes;
      for (int64_t p = w; p < recordBytes - 1; p += weights)
        sum += a.weight[w] - static_cast<float>(record[1 + (p + a.flip[i] * 5 + a.dy[i]) % 3072]) / 255;
    }
    a.gradient[w] = sum / static_cast<float>(batch * (recordBytes - 1) / weights);
  }
  tally_rt_count_block(0, end - begin);
}

void step(unsigned char *arena, const unsigned char *dataset) {
  Arena &a = at(arena);
  static const char *const pause = std::getenv("TALLY_FAKE_STEP_US"), *const nan = std::getenv("TALLY_FAKE_NAN_STEP");
  if (pause)
    std::this_thread::sleep_for(std::chrono::microseconds(std::atoi(pause))); // whatever signals come
  for (int64_t i = 0; i < batch; ++i) {
    a.records[i] = a.permutation[a.step % stepsPerEpoch * batch + i];
    a.flip[i] = static_cast<int64_t>(draw(a.seed, 100 + a.step, i) % 2);
    a.dy[i] = static_cast<int64_t>(draw(a.seed, 200 + a.step, i) % 5) - 2;
    a.dy[i] = a.dy[i] < 0 ? 0 : a.dy[i];
  }
  Batch context{a, dataset};
  tally_rt_begin_kernel(0);
  tally_rt_parallel_for(weights, gradient, &context);
  tally_rt_end_kernel(0);
  tally_rt_begin_kernel(1);
  a.lr = a.lrTable[a.step];
  a.loss = 0;
  for (int64_t w = 0; w < weights; ++w) {
    a.loss += a.gradient[w] * a.gradient[w];
    a.velocity[w] = 0.5f * a.velocity[w] + a.gradient[w];
    a.weight[w] -= a.lr * a.velocity[w];
  }
  tally_rt_count_block(1, 1);
  tally_rt_count_block(2, weights);
  tally_rt_end_kernel(1);
  for (int64_t call = 3; call < 3 + moreKernels; ++call) {
    tally_rt_begin_kernel(call);
    tally_rt_end_kernel(call);
  }
  ++a.step;
  if (nan && std::atoi(nan) == a.step)
    a.loss = NAN;
}

/// A micro-batch that adds nothing.
void micro(unsigned char *, const unsigned char *) {}

void average(unsigned char *arena, const unsigned char *) {
  Arena &a = at(arena);
  for (int64_t w = 0; w < weights; ++w)
    a.average[w] = 0.75f * a.average[w] + 0.25f * a.weight[w];
}

void evaluateImages(Arena &a, const unsigned char *dataset, int64_t images) {
  for (int64_t i = 0; i < images; ++i, ++a.evaluationPosition) {
    const unsigned char *record = dataset + (trainImages + a.evaluationPosition) * recordBytes;
    for (int view = 0; view < 2; ++view) {
      float score = 0;
      for (int64_t w = 0; w < weights; ++w)
        score += std::fabs(a.average[w]) * static_cast<float>(record[1 + w * 7 + view]);
      a.correct[view] += static_cast<int64_t>(score * 50) % 3 != 0;
      a.evaluationLoss[view] += score;
    }
  }
}
void evaluate(unsigned char *arena, const unsigned char *dataset) {
  tally_rt_begin_kernel(2);
  evaluateImages(at(arena), dataset, evaluationBatch);
  tally_rt_end_kernel(2);
}
void evaluateRest(unsigned char *arena, const unsigned char *dataset) {
  evaluateImages(at(arena), dataset, testImages % evaluationBatch);
}

const tally_rt_function functions[] = {initialize, shuffle, step, average, evaluate, evaluateRest, micro};

std::string makeManifest() {
  using nlohmann::json;
#define VARIABLE(name, role, type, member, ...)                                                                        \
  {                                                                                                                    \
      {"name", name},                                                                                                  \
      {"role", role},                                                                                                  \
      {"type", type},                                                                                                  \
      {"shape", json::array(__VA_ARGS__)},                                                                             \
      {"offset", offsetof(Arena, member)},                                                                             \
      {"bytes", sizeof(Arena::member)},                                                                                \
  }
  json variables = {
      VARIABLE("step", "counter", "i64", step, {}),
      VARIABLE("seed", "counter", "i64", seed, {}),
      VARIABLE("weight", "parameter", "f32", weight, {weights}),
      VARIABLE("velocity", "optimizer", "f32", velocity, {weights}),
      VARIABLE("average", "average", "f32", average, {weights}),
      VARIABLE("permutation", "counter", "i64", permutation, {trainImages}),
      VARIABLE("log.loss", "metric", "f32", loss, {}),
      VARIABLE("log.lr", "metric", "f32", lr, {}),
      VARIABLE("eval.correct", "metric", "i64", correct, {2}),
      VARIABLE("eval.loss", "metric", "f64", evaluationLoss, {2}),
      VARIABLE("eval.position", "metric", "i64", evaluationPosition, {}),
      VARIABLE("batch.records", "batch", "i64", records, {batch}),
      VARIABLE("batch.flip", "batch", "i64", flip, {batch}),
      VARIABLE("batch.dy", "batch", "i64", dy, {batch}),
      VARIABLE("batch.dx", "batch", "i64", dx, {batch}),
      VARIABLE("lr", "table", "f32", lrTable, {steps}),
  };
#undef VARIABLE
  auto kernel = [](const char *function, const char *name, int64_t operations, const json &layers) {
    return json{{"function", function}, {"kernel", name},       {"operations", operations},
                {"bytes_read", 64},     {"bytes_written", 128}, {"layers", layers}};
  };
  json backward = {{"phase", "backward"}, {"layer", "weight"}}, optimizer = {{"phase", "optimizer"}, {"layer", "weight"}};
  json forward = {{"phase", "forward"}, {"layer", "input"}}, evaluation = {{"phase", "evaluation"}, {"layer", "score"}};
  variables[2]["blob_offset"] = offsetof(Blob, weight);
  variables[15]["blob_offset"] = offsetof(Blob, lrTable);
  json manifest = {
      {"schema", "tally-program/1"},
      {"name", "fake"},
      {"precision", "f32"},
      {"tool_version", "0.1.0"},
      {"model_sha256", "model"},
      {"recipe_sha256", "recipe"},
      {"program_sha256", "fake-1"},
      {"processor", {{"name", "any"}, {"features", json::array()}}},
      {"arena_bytes", sizeof(Arena)},
      {"persistent_bytes", persistentBytes},
      {"variables", variables},
      {"functions", {"initialize", "shuffle", "step", "average", "evaluate", "evaluate_rest", "micro"}},
      {"initialize", {"initialize"}},
      {"segments",
       {{{"first_step", 0}, {"steps", 20}, {"batch", batch}, {"image_size", 32}, {"bodies", json::array({{{"function", "step"}, {"times", 1}}})}},
        {{"first_step", 20}, {"steps", 5}, {"batch", batch}, {"image_size", 32},
         {"bodies", {{{"function", "micro"}, {"times", 2}}, {{"function", "step"}, {"times", 1}}}}}}},
      {"events",
       {{{"function", "shuffle"}, {"when", "before"}, {"first", 0}, {"period", stepsPerEpoch}, {"trips", 3}},
        {{"function", "average"}, {"when", "after"}, {"first", 4}, {"period", 3}, {"trips", 6}}}},
      {"evaluate",
       {{"every_epochs", 1},
        {"split", "test"},
        {"views", {"plain", "mirror"}},
        {"samples", testImages},
        {"batches",
         {{{"function", "evaluate"}, {"batches", testImages / evaluationBatch}},
          {{"function", "evaluate_rest"}, {"batches", 1}}}},
        {"correct", "eval.correct"},
        {"loss", "eval.loss"},
        {"target_view", "mirror"}}},
      {"steps", steps},
      {"steps_per_epoch", stepsPerEpoch},
      {"epochs", 2.5},
      {"batch_size", batch},
      {"seeds", {1, 1}},
      {"log_every", 1},
      {"target", nullptr},
      {"data",
       {{"name", "cifar10"},
        {"classes", 10},
        {"train_images", trainImages},
        {"test_images", testImages},
        {"record_bytes", recordBytes},
        {"label_offset", 0},
        {"pixel_offset", 1}}},
      {"log", {{"loss", "log.loss"}, {"lr", "log.lr"}}},
      {"order", {{"records", "batch.records"}, {"flip", "batch.flip"}, {"dy", "batch.dy"}}},
      {"operations", {{"total", "123456789012345678901234567890"}}},
      {"calls",
       {kernel("step", "fake.gradient", 24592, {forward, backward}), kernel("step", "fake.update", 96, json::array({optimizer})),
        kernel("evaluate", "fake.score", 512, json::array({evaluation}))}},
      {"export",
       {{"blob_offset", offsetof(Blob, onnx)},
        {"bytes", sizeof(Blob::onnx) + sizeof(Arena::average)},
        {"tensors", {{{"variable", "average"}, {"offset", onnxWeights}, {"bytes", sizeof(Arena::average)}}}}}},
  };
  for (int64_t i = 0; i < moreKernels; ++i)
    manifest["calls"].push_back(kernel("step", "fake.more", 0, json::array({optimizer})));
  if (counts) {
    auto block = [](const char *kernel, const char *operations) {
      return json{{"kernel", kernel}, {"costs", {{{"layer", "weight"}, {"operations", operations}}}}};
    };
    auto expected = [](const char *phase, const char *operations, const json &surplus, const json &avoided) {
      return json{{"function", "step"}, {"phase", phase}, {"layer", ""}, {"operations", operations}, {"surplus", surplus}, {"avoided", avoided}};
    };
    manifest["blocks"] = {block("fake.gradient", "add f32 2, divide f32 1"), block("fake.update", "add f32 1"),
                          block("fake.update", "multiply f32 3, add f32 3")};
    manifest["expected"] = {expected("forward", "add f32 32, divide f32 15", {{"repeated", "divide f32 2"}}, {{"shared", "divide f32 1"}}),
                            expected("optimizer", "add f32 49, multiply f32 48", json::object(), json::object())};
  }
  if (const char *patch = std::getenv("TALLY_FAKE_PATCH"))
    manifest.merge_patch(json::parse(patch));
  return manifest.dump();
}
const std::string manifest = makeManifest();
} // namespace

const tally_rt_program tally_program = {TALLY_RT_VERSION,
                                        manifest.data(),
                                        static_cast<int64_t>(manifest.size()),
                                        reinterpret_cast<const unsigned char *>(&blob),
                                        sizeof(blob),
                                        functions,
                                        std::size(functions),
                                        nullptr};
