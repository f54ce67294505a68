// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A bar on a terminal, a line now and then elsewhere.
#include "train/Progress.h"

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace tally::rt;

/// Seconds between two drawings of the bar.
static constexpr double barInterval = 0.1;

std::string tally::rt::describeSeconds(double seconds) {
  auto whole = static_cast<long long>(seconds + 0.5);
  char text[40];
  if (whole >= 3600)
    std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  else
    std::snprintf(text, sizeof(text), "%lld:%02lld", whole / 60, whole % 60);
  return text;
}

static double secondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Progress::Progress(const Manifest &manifest, ProgressStyle wanted, double interval)
    : manifest(manifest), style(wanted), interval(interval) {
  if (style == ProgressStyle::Auto)
    style = ::isatty(STDERR_FILENO) ? ProgressStyle::Bar : ProgressStyle::Plain;
}

void Progress::start(int64_t newSeed, int64_t step, int64_t newLastStep) {
  finish();
  seed = newSeed;
  firstStep = latest = step;
  lastStep = newLastStep;
  started = drawn = Clock::now();
  loss = rate = std::nullopt;
  accuracy.clear();
  if (step > 0)
    note("seed " + std::to_string(seed) + ": resumed after step " + std::to_string(step));
  if (style == ProgressStyle::Plain)
    lines = std::jthread([this](const std::stop_token &stop) { printLines(stop); });
}

std::string Progress::describeRate() const {
  double seconds = secondsSince(started);
  if (latest <= firstStep || !rate)
    return "";
  double perStep = seconds / static_cast<double>(latest - firstStep);
  char text[96];
  std::snprintf(text, sizeof(text), "%.0f images/s, %s left", *rate,
                describeSeconds(perStep * static_cast<double>(lastStep - latest)).c_str());
  return text;
}

/// "seed 1: epoch 0.25/10".
static std::string describeEpoch(const Manifest &manifest, int64_t seed, int64_t step) {
  char text[96];
  std::snprintf(text, sizeof(text), "seed %lld: epoch %.2f/%g", static_cast<long long>(seed), manifest.epochAt(step),
                manifest.epochs);
  return text;
}

static std::string describeLoss(std::optional<double> loss) {
  if (!loss)
    return ", ";
  char text[40];
  std::snprintf(text, sizeof(text), ", loss %.4f, ", *loss);
  return text;
}

void Progress::step(int64_t step, std::optional<double> newLoss, std::optional<double> newRate) {
  std::lock_guard lock(mutex);
  latest = step;
  loss = newLoss;
  rate = newRate;
  if (style != ProgressStyle::Bar || secondsSince(drawn) < barInterval)
    return;
  drawn = Clock::now();
  drawBar();
}

void Progress::printLines(const std::stop_token &stop) {
  std::unique_lock lock(mutex);
  while (!stopped.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); }))
    print(describeEpoch(manifest, seed, latest) + ", step " + std::to_string(latest) + "/" + std::to_string(manifest.steps) +
          describeLoss(loss) + describeRate());
}

void Progress::drawBar() {
  struct winsize window = {};
  size_t width = 80;
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
    width = window.ws_col;
  constexpr size_t barWidth = 10;
  size_t filled = lastStep == 0 ? barWidth : barWidth * static_cast<size_t>(latest) / static_cast<size_t>(lastStep);
  filled = std::min(filled, barWidth);
  std::string text = "[" + std::string(filled, '=') + std::string(barWidth - filled, ' ') + "] " +
                     describeEpoch(manifest, seed, latest) + describeLoss(loss) + describeRate() + accuracy;
  if (text.size() >= width)
    text.resize(width - 1);
  std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
}

void Progress::evaluation(int64_t step, const Evaluation &evaluation) {
  bool counted = manifest.evaluate->correct != nullptr;
  char text[192], loss[32] = "";
  if (counted)
    std::snprintf(loss, sizeof(loss), ", loss %.4f", evaluation.loss);
  std::snprintf(text, sizeof(text), "seed %lld: epoch %g: %s%s", static_cast<long long>(seed), manifest.epochAt(step),
                describeEvaluation(manifest, evaluation).c_str(), loss);
  note(text);
  std::snprintf(text, sizeof(text), counted ? ", accuracy %.2f %%" : ", evaluation %.4f", counted ? 100 * evaluation.accuracy : evaluation.loss);
  accuracy = text;
}

void Progress::note(const std::string &text) {
  std::lock_guard lock(mutex);
  if (style != ProgressStyle::None)
    print(text);
}

void Progress::print(const std::string &line) {
  std::fprintf(stderr, "%s%s\n", style == ProgressStyle::Bar ? "\r\x1b[K" : "", line.c_str());
}

void Progress::finish() {
  lines = {}; // asks it to stop, and waits
  if (style == ProgressStyle::Bar)
    std::fputs("\r\x1b[K", stderr);
}
