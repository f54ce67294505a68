// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chrome trace events of kind X (complete), in microseconds: kernels in functions in steps, on one track. A kernel's time is that of the thread
// that calls it, until all threads are done.
#include "train/Profile.h"
#include "core/Failure.h"
#include "train/Program.h"

#include <cstdio>
#include <nlohmann/json.hpp>

using namespace tally::rt;
using nlohmann::json;

static std::string headOf(const char *kind, const std::string &name, const json &arguments) {
  return R"({"ph":"X","pid":1,"tid":1,"cat":")" + std::string(kind) + R"(","name":)" + json(name).dump() +
         R"(,"args":)" + arguments.dump();
}

static std::string metadata(const char *name, const std::string &value) {
  return json{{"ph", "M"}, {"pid", 1}, {"tid", 1}, {"name", name}, {"args", {{"name", value}}}}.dump();
}

Profile::Profile(const Manifest &manifest, const Options &options)
    : manifest(manifest), options(options), file(options.profile, /*append=*/false) {
  timings.functions.resize(manifest.functions.size());
  timings.calls.resize(manifest.calls.size());
  for (const KernelCall &call : manifest.calls)
    callHeads.push_back(headOf("kernel", call.kernel,
                               {{"phase", join(call.phases)},
                                {"layer", join(call.layers)},
                                {"operations", call.operations},
                                {"bytes", call.bytesRead + call.bytesWritten}}));
  pending = R"({"displayTimeUnit":"ms","traceEvents":[)" "\n" + metadata("process_name", manifest.name) + ",\n" +
            metadata("thread_name", "kernels, each on up to " + std::to_string(options.threads) + " threads");
}

int64_t Profile::now() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - origin).count();
}

void Profile::begin(Kind kind, size_t number) {
  open.push_back(slices.size());
  slices.push_back({kind, number, now(), 0});
}

void Profile::end() {
  slices[open.back()].end = now();
  open.pop_back();
}

void Profile::beginStep(int64_t step) {
  if (options.profiles(step))
    begin(Step, static_cast<size_t>(step));
}

void Profile::endStep() {
  if (open.empty())
    return;
  end();
  flush();
}

void Profile::beginFunction(size_t function) {
  if (open.empty() && !options.profilesAll())
    return;
  begin(Function, function);
  records = true;
}

void Profile::endFunction() {
  if (!records)
    return;
  records = false;
  end();
  if (open.empty())
    flush();
}

void Profile::flush() {
  for (const Slice &slice : slices) {
    Timing &timing = slice.kind == Step       ? timings.steps
                     : slice.kind == Function ? timings.functions[slice.number]
                                              : timings.calls[slice.number];
    ++timing.times;
    timing.nanoseconds += slice.end - slice.start;
    pending += ",\n";
    pending += slice.kind == Kernel     ? callHeads[slice.number]
               : slice.kind == Function ? headOf("function", manifest.functions[slice.number], json::object())
                                        : headOf("step", "step " + std::to_string(slice.number), json::object());
    char times[96];
    std::snprintf(times, sizeof(times), ",\"ts\":%.3f,\"dur\":%.3f}", static_cast<double>(slice.start) / 1e3,
                  static_cast<double>(slice.end - slice.start) / 1e3);
    pending += times;
  }
  slices.clear();
  if (pending.size() > 1 << 16) {
    write(pending);
    pending.clear();
  }
}

void Profile::write(std::string_view text) {
  try {
    file.write(text);
  } catch (const Failure &failure) {
    throw Failure(failure.status, std::string(failure.what()) + "; --profile-steps A..B makes a smaller trace");
  }
}

void Profile::finish() {
  write(pending + "\n],\n\"kernels\":" + rowsAsJson(manifest, timings) + "}\n");
  pending.clear();
  file.close();
  printTimings(manifest, timings);
  std::printf("all kernels, and when each ran: %s\n", options.profile.c_str());
}

int tally::rt::runProfiled(const Options &options, Program &program, int (*run)(const Options &, Program &)) {
  if (options.profile.empty())
    return run(options, program);
  Profile profile(program.manifest, options);
  program.profile = &profile;
  int status = 0;
  try {
    status = run(options, program);
  } catch (...) {
    profile.finish(); // of a run that was stopped, too
    throw;
  }
  profile.finish();
  return status;
}
