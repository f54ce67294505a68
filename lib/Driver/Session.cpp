// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registers all dialects in a context.
#include "tally/Driver/Session.h"
#include "tally/InitAll.h"

using namespace mlir;

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  tally::registerAllDialects(registry);
  return registry;
}

tally::Session::Session() : context(makeRegistry()), diagnostics(sources, &context) { context.printOpOnDiagnostic(false); }
