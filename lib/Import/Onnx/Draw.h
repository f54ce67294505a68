// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The random numbers of numpy.random.RandomState(seed), by which ONNX's reference implementation draws.
#ifndef TALLY_IMPORT_ONNX_DRAW_H
#define TALLY_IMPORT_ONNX_DRAW_H

#include <cmath>
#include <optional>
#include <random>

namespace tally::onnx {

/// MT19937, 53 bits for each number (numpy/random/src/mt19937, legacy-distributions.c).
class Draw {
public:
  explicit Draw(uint32_t seed) : engine(seed) {}

  /// In [0, 1).
  double uniform() {
    uint64_t high = engine() >> 5, low = engine() >> 6;
    return static_cast<double>((high << 26) + low) / 9007199254740992.0;
  }

  /// Of mean 0 and deviation 1, by Marsaglia's polar method, which makes two.
  double normal() {
    if (second) {
      double number = *second;
      second.reset();
      return number;
    }
    double x, y, square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double scale = std::sqrt(-2 * std::log(square) / square);
    second = scale * x;
    return scale * y;
  }

private:
  std::mt19937 engine;
  std::optional<double> second;
};

} // namespace tally::onnx

#endif
