// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pages to look at: one HTML file with all that it needs.
#ifndef TALLY_REPORT_PAGE_H
#define TALLY_REPORT_PAGE_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/LogicalResult.h"

namespace tally {

/// The pages; each is drawn by a script of tools/report.
enum class Page { Cost, Runs };

/// Writes a page that draws `data` (tools/report/README.md says what each page expects) to the file `output` ("-" is standard output). The page
/// holds template, styles, scripts, Chart.js and data, and asks the network for nothing. An error is printed where a part of it is not installed, or
/// the file cannot be written.
llvm::LogicalResult writePage(Page page, llvm::StringRef title, const llvm::json::Value &data, llvm::StringRef output);

/// A cost report (tally-cost/1) as pages hold it: rows of `segments` that cost the same are one, of all their steps together, because a long run has
/// hundreds of them.
llvm::json::Value joinSegments(llvm::json::Value report);

} // namespace tally

#endif
