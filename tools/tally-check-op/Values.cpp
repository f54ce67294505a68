// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compares what a function computes with what it says is expected.
#include "Checks.h"
#include <cmath>
#include <cstdio>

using namespace mlir;
using namespace tally;

std::string tally::printNumber(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.12g", number);
  return text;
}

LogicalResult tally::checkValues(Jit &jit, func::FuncOp function) {
  if (function.getNumArguments() != 0 || function.getNumResults() == 0 || function.getNumResults() % 2 != 0)
    return function.emitError("check_values requires no arguments and results in two halves: actual, expected");
  size_t half = function.getNumResults() / 2;
  double tolerance = 1e-6;
  if (auto given = function->getAttrOfType<FloatAttr>("check_values"))
    tolerance = given.getValueAsDouble();
  FailureOr<std::vector<HostTensor>> results = jit.call(function, {});
  if (failed(results))
    return failure();
  int64_t compared = 0;
  for (size_t number = 0; number < half; ++number) {
    const HostTensor &actual = (*results)[number], &expected = (*results)[half + number];
    if (actual.type != expected.type)
      return function.emitError("result ") << number << " is of type " << actual.type << ", expected is " << expected.type;
    compared += actual.size();
    for (int64_t i = 0; i < actual.size(); ++i) {
      double a = actual.get(i), e = expected.get(i);
      bool equal = a == e || (std::isnan(a) && std::isnan(e)) || std::abs(a - e) <= tolerance * std::max(1.0, std::abs(e));
      if (!equal)
        return function.emitError("result ") << number << ", element " << i << " is " << printNumber(a) << ", expected " << printNumber(e);
    }
  }
  if (compared == 0)
    return function.emitError("check_values found no element to compare");
  return success();
}
