// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A line on a terminal that grows stage by stage.
#include "tally/Driver/BuildProgress.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace tally;

BuildProgress::BuildProgress(BuildProgressStyle wanted) : style(wanted) {
  if (style == BuildProgressStyle::Auto)
    style = llvm::sys::Process::StandardErrIsDisplayed() ? BuildProgressStyle::Bar : BuildProgressStyle::None;
}

BuildProgress::~BuildProgress() { clear(); }

void BuildProgress::endStage() {
  if (stage.empty())
    return;
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  std::string text = llvm::formatv("{0} {1:f1} s", stage, seconds);
  if (style == BuildProgressStyle::Plain)
    llvm::errs() << text << '\n';
  line += (line.empty() ? "" : ", ") + text;
  stage.clear();
}

void BuildProgress::begin(llvm::StringRef next) {
  if (next == stage)
    return;
  endStage();
  stage = next.str();
  started = std::chrono::steady_clock::now();
  if (style != BuildProgressStyle::Bar)
    return;
  std::string text = line + (line.empty() ? "" : ", ") + stage + " ...";
  size_t columns = llvm::sys::Process::StandardErrColumns(), width = columns > 1 ? columns - 1 : 79;
  if (text.size() > width)
    text = "..." + text.substr(text.size() - (width - 3));
  llvm::errs() << '\r' << text << "\x1b[K";
  drawn = true;
}

void BuildProgress::clear() {
  if (drawn)
    llvm::errs() << "\r\x1b[K";
  drawn = false;
}

void BuildProgress::finish() {
  endStage();
  clear();
  if (style == BuildProgressStyle::Bar)
    llvm::errs() << line << '\n';
}
