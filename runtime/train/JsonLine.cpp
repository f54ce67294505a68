// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes numbers with a fixed count of significant digits, which JSON libraries do not offer.
#include "train/JsonLine.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace tally::rt;

JsonLine &JsonLine::addRaw(const char *key, const std::string &value) {
  if (!members.empty())
    members += ',';
  members += nlohmann::json(key).dump() + ":" + value;
  return *this;
}

JsonLine &JsonLine::add(const char *key, const std::string &value) {
  // Paths need not be UTF-8.
  return addRaw(key, nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

JsonLine &JsonLine::add(const char *key, double value) {
  if (!std::isfinite(value))
    return addRaw(key, "null");
  char text[40];
  std::snprintf(text, sizeof(text), "%.*g", digits, value);
  return addRaw(key, text);
}
