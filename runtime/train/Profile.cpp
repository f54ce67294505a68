// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chrome trace events of kind X (complete), in microseconds.
#include "train/Profile.h"

#include <cstdio>
#include <nlohmann/json.hpp>

using namespace tally::rt;

Profile::Profile(const std::string &path) : file(path, /*append=*/false) {
  pending = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
}

int64_t Profile::now() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count();
}

void Profile::add(const std::string &name, int64_t start) {
  char times[96];
  std::snprintf(times, sizeof(times), ",\"ts\":%.3f,\"dur\":%.3f}", static_cast<double>(start) / 1e3,
                static_cast<double>(now() - start) / 1e3);
  pending += first ? "\n" : ",\n";
  first = false;
  pending += "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"name\":" + nlohmann::json(name).dump() + times;
  if (pending.size() > 1 << 16) {
    file.write(pending);
    pending.clear();
  }
}

void Profile::finish() {
  file.write(pending + "\n]}\n");
  pending.clear();
  file.close();
}
