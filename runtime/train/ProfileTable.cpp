// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What takes the time, by calls of kernels.
#include "train/Profile.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace tally::rt;
using nlohmann::json;

static constexpr size_t shownRows = 20;

namespace {
enum Part { Steps, Initialization, Evaluation };
const char *const partNames[] = {"steps", "initialization", "evaluation"};

/// All executions of one call of a kernel.
struct Row {
  const KernelCall *call;
  Timing timing;
  double share; // of the time of its part

  double rate(int64_t each) const {
    return timing.nanoseconds == 0 ? 0 : static_cast<double>(each) * static_cast<double>(timing.times) /
                                             static_cast<double>(timing.nanoseconds);
  }
  double gigaOperations() const { return rate(call->operations); }
  double gigaBytes() const { return rate(call->bytesRead + call->bytesWritten); }
};

struct Table {
  Timing total[3]; // of each part: steps done, and calls of functions otherwise
  std::vector<Row> rows[3];

  Table(const Manifest &manifest, const Timings &timings) {
    std::vector<Part> parts(manifest.functions.size(), Steps);
    for (size_t function : manifest.initialize)
      parts[function] = Initialization;
    if (manifest.evaluate)
      for (const EvaluationPlan::Batches &batches : manifest.evaluate->batches)
        parts[batches.function] = Evaluation;
    for (size_t function = 0; function < parts.size(); ++function) {
      total[parts[function]].times += timings.functions[function].times;
      total[parts[function]].nanoseconds += timings.functions[function].nanoseconds;
    }
    total[Steps] = timings.steps;
    for (size_t call = 0; call < manifest.calls.size(); ++call) {
      Part part = parts[manifest.calls[call].function];
      if (timings.calls[call].times > 0)
        rows[part].push_back({&manifest.calls[call], timings.calls[call], shareOf(part, timings.calls[call].nanoseconds)});
    }
    for (std::vector<Row> &part : rows)
      std::stable_sort(part.begin(), part.end(),
                       [](const Row &a, const Row &b) { return a.timing.nanoseconds > b.timing.nanoseconds; });
  }

  double shareOf(Part part, int64_t nanoseconds) const {
    return total[part].nanoseconds == 0 ? 0
                                        : static_cast<double>(nanoseconds) / static_cast<double>(total[part].nanoseconds);
  }
};
} // namespace

static double milliseconds(int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

/// At most `width` characters: the end of a name tells more than its beginning.
static std::string shorten(const std::string &text, size_t width) {
  return text.size() <= width ? text : ".." + text.substr(text.size() - width + 2);
}

std::string tally::rt::rowsAsJson(const Manifest &manifest, const Timings &timings) {
  Table table(manifest, timings);
  json rows = json::array();
  for (Part part : {Steps, Initialization, Evaluation})
    for (const Row &row : table.rows[part])
      rows.push_back({{"part", partNames[part]},
                      {"function", manifest.functions[row.call->function]},
                      {"kernel", row.call->kernel},
                      {"phase", join(row.call->phases)},
                      {"layer", join(row.call->layers)},
                      {"calls", row.timing.times},
                      {"milliseconds", milliseconds(row.timing.nanoseconds)},
                      {"share", row.share},
                      {"operations", row.call->operations},
                      {"bytes_read", row.call->bytesRead},
                      {"bytes_written", row.call->bytesWritten},
                      {"gflops", row.gigaOperations()},
                      {"gigabytes_per_second", row.gigaBytes()}});
  std::string text = "[";
  for (const json &row : rows)
    text += (text.size() > 1 ? ",\n" : "\n") + row.dump();
  return text + "\n]";
}

static void printRest(const char *what, const Table &table, Part part, int64_t nanoseconds) {
  std::printf("%10.2f %6.1f %%  %s\n", milliseconds(nanoseconds), 100 * table.shareOf(part, nanoseconds), what);
}

static void printPart(const Table &table, Part part) {
  const std::vector<Row> &rows = table.rows[part];
  std::printf("%10s %8s %8s %8s %8s  %-17s %-34s %s\n", "ms", "share", "calls", "GFLOP/s", "GB/s", "phase", "layer", "kernel");
  int64_t inKernels = 0, further = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row &row = rows[i];
    inKernels += row.timing.nanoseconds;
    if (i >= shownRows) {
      further += row.timing.nanoseconds;
      continue;
    }
    const std::vector<std::string> &layers = row.call->layers;
    std::string others = layers.size() > 1 ? " +" + std::to_string(layers.size() - 1) : "";
    std::string layer = shorten(layers.empty() ? "" : layers.front(), 34 - others.size()) + others;
    std::printf("%10.2f %6.1f %% %8" PRId64 " %8.2f %8.2f  %-17s %-34s %s\n", milliseconds(row.timing.nanoseconds),
                100 * row.share, row.timing.times, row.gigaOperations(), row.gigaBytes(), join(row.call->phases).c_str(),
                layer.c_str(), row.call->kernel.c_str());
  }
  if (rows.size() > shownRows)
    printRest((std::to_string(rows.size() - shownRows) + " more kernels").c_str(), table, part, further);
  printRest("between kernels", table, part, table.total[part].nanoseconds - inKernels);
}

void tally::rt::printTimings(const Manifest &manifest, const Timings &timings) {
  Table table(manifest, timings);
  std::printf("\n");
  // Without steps (--evaluate) the evaluation is what was asked about.
  Part shown = table.total[Steps].times > 0 ? Steps : Evaluation;
  if (table.total[shown].times > 0)
    printPart(table, shown);
  for (Part part : {Steps, Initialization, Evaluation})
    if (table.total[part].times > 0)
      std::printf("%s: %.2f ms in %" PRId64 " %s%s%s\n", partNames[part], milliseconds(table.total[part].nanoseconds),
                  table.total[part].times, part == Steps ? "step" : "call", table.total[part].times == 1 ? "" : "s",
                  part == Steps ? "" : " of functions");
  if (table.total[Steps].times + table.total[Initialization].times + table.total[Evaluation].times == 0)
    std::printf("nothing ran that --profile-steps asks for\n");
}
