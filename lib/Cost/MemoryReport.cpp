// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory in the cost report: sizes, the timeline of the body with the peak, what lies there at the peak, the process.
#include "tally/Cost/MemoryReport.h"
#include "ReportTable.h"
#include "llvm/Support/FormatVariadic.h"

using namespace tally;
namespace json = llvm::json;

/// Code, libraries, heap and stack of a trainer beside the other parts, as measured (README.md).
static constexpr int64_t processBytes = 5'000'000;

/// How many tensors of the peak the tables show, and lines the timeline has.
static constexpr size_t shownTensors = 12, timelineLines = 24;
static constexpr int64_t timelineWidth = 40;

std::vector<MemoryReport::Part> MemoryReport::resident() const {
  return {{"arena", peakBytes},
          {"data set", datasetBytes},
          {"initial values and tables in the program", initialValuesBytes},
          {"scratch of a thread", scratchBytesPerThread},
          {"code, libraries and heap", processBytes}};
}

json::Value tally::toJson(const MemoryReport &memory) {
  auto parts = [](const std::vector<MemoryReport::Part> &list) {
    json::Array rows;
    for (const MemoryReport::Part &part : list)
      rows.push_back(json::Object{{"name", part.name}, {"bytes", std::to_string(part.bytes)}});
    return rows;
  };
  json::Array timeline, atPeak;
  for (const MemoryReport::Moment &moment : memory.timeline)
    timeline.push_back(json::Object{{"phase", moment.phase}, {"layer", moment.layer}, {"op", moment.kernel}, {"bytes", std::to_string(moment.bytes)}});
  for (const MemoryReport::Tensor &tensor : memory.atPeak)
    atPeak.push_back(json::Object{{"name", tensor.name}, {"phase", tensor.phase}, {"layer", tensor.layer}, {"bytes", std::to_string(tensor.bytes)}});
  return json::Object{{"peak_bytes", std::to_string(memory.peakBytes)},
                      {"scratch_bytes_per_thread", std::to_string(memory.scratchBytesPerThread)},
                      {"parameters_bytes", std::to_string(memory.parametersBytes)},
                      {"state_bytes", std::to_string(memory.stateBytes)},
                      {"activations_bytes", std::to_string(memory.activationsBytes)},
                      {"body", memory.body},
                      {"bodies", parts(memory.bodies)},
                      {"timeline", std::move(timeline)},
                      {"at_peak", std::move(atPeak)},
                      {"resident", parts(memory.resident())}};
}

static void printParts(llvm::StringRef title, const std::vector<MemoryReport::Part> &parts, int64_t total, llvm::raw_ostream &os) {
  os << '\n' << title << '\n';
  ReportTable table;
  for (const MemoryReport::Part &part : parts)
    table.add(part.name, part.bytes, formatShare(part.bytes, total));
  table.print(os);
}

static void printPeak(const MemoryReport &memory, llvm::raw_ostream &os) {
  os << "\nin the arena at the peak, in " << memory.body << '\n';
  ReportTable table;
  size_t shown = std::min(memory.atPeak.size(), shownTensors);
  auto describe = [](const MemoryReport::Tensor &tensor) {
    return tensor.name + (tensor.phase.empty() ? "" : " of " + tensor.phase + " " + tensor.layer);
  };
  int64_t rest = memory.peakBytes;
  for (const MemoryReport::Tensor &tensor : llvm::ArrayRef(memory.atPeak).take_front(shown)) {
    table.add(describe(tensor), tensor.bytes, formatShare(tensor.bytes, memory.peakBytes));
    rest -= tensor.bytes;
  }
  if (size_t others = memory.atPeak.size() - shown)
    table.add(std::to_string(others) + " others, with what lies between", rest, formatShare(rest, memory.peakBytes));
  table.print(os);
}

/// The kernels of the body in order, so many in a line: the most that is in use while one of them runs.
static void printTimeline(const MemoryReport &memory, llvm::raw_ostream &os) {
  os << "\nbytes of the arena in use while " << memory.body << " runs\n";
  size_t count = memory.timeline.size(), each = (count + timelineLines - 1) / timelineLines;
  for (size_t first = 0; first < count; first += each) {
    llvm::ArrayRef<MemoryReport::Moment> kernels = llvm::ArrayRef(memory.timeline).slice(first, std::min(each, count - first));
    const MemoryReport::Moment &most =
        *std::max_element(kernels.begin(), kernels.end(), [](const auto &a, const auto &b) { return a.bytes < b.bytes; });
    int64_t width = memory.peakBytes ? most.bytes * timelineWidth / memory.peakBytes : 0;
    os << llvm::formatv("  {0,15}  {1}{2} {3}\n", groupDigits(most.bytes), llvm::left_justify(std::string(width, '#'), timelineWidth + 2), most.phase, most.layer);
  }
}

void tally::printMemory(const MemoryReport &memory, llvm::raw_ostream &os) {
  os << "\nbytes of memory\n";
  ReportTable table;
  table.add("peak", memory.peakBytes);
  table.add("parameters", memory.parametersBytes);
  table.add("state", memory.stateBytes);
  table.add("activations", memory.activationsBytes);
  table.add("scratch of each thread", memory.scratchBytesPerThread);
  table.print(os);
  printPeak(memory, os);
  printTimeline(memory, os);
  int64_t total = 0;
  std::vector<MemoryReport::Part> resident = memory.resident();
  for (const MemoryReport::Part &part : resident)
    total += part.bytes;
  resident.push_back({"resident at the peak", total});
  printParts("bytes of the process with one thread", resident, total, os);
}
