// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One JSON object on one line, members in the order in which they are added.
#ifndef TALLY_RT_TRAIN_JSONLINE_H
#define TALLY_RT_TRAIN_JSONLINE_H

#include <cstdint>
#include <string>

namespace tally::rt {

class JsonLine {
public:
  /// `digits`: how many significant digits real numbers get.
  explicit JsonLine(int digits) : digits(digits) {}
  JsonLine &add(const char *key, const std::string &value);
  JsonLine &add(const char *key, const char *value) { return add(key, std::string(value)); }
  JsonLine &add(const char *key, int64_t value) { return addRaw(key, std::to_string(value)); }
  JsonLine &add(const char *key, int value) { return add(key, static_cast<int64_t>(value)); }
  JsonLine &add(const char *key, bool value) { return addRaw(key, value ? "true" : "false"); }
  /// What is not finite has no JSON form and becomes null.
  JsonLine &add(const char *key, double value);
  JsonLine &add(const char *key, const JsonLine &value) { return addRaw(key, value.text()); }
  template <typename Optional> JsonLine &addOptional(const char *key, const Optional &value) {
    return value ? add(key, *value) : addRaw(key, "null");
  }
  /// `value` is JSON already.
  JsonLine &addRaw(const char *key, const std::string &value);
  std::string text() const { return "{" + members + "}"; }

private:
  int digits;
  std::string members;
};

} // namespace tally::rt
#endif
