// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Learning-rate schedules as factors per step.
#include "tally/Recipe/Resolve.h"
#include <cmath>
#include <numbers>

using namespace tally;

/// Half a cosine wave from `from` (at 0) to `to` (at 1).
static double cosineBetween(double from, double to, double at) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * at));
}

/// f(t/T), linear between the points and constant outside.
static double interpolate(const std::vector<std::pair<double, double>> &points, double at) {
  if (at <= points.front().first)
    return points.front().second;
  for (size_t i = 1; i < points.size(); ++i) {
    auto [x0, y0] = points[i - 1];
    auto [x1, y1] = points[i];
    if (at < x1)
      return y0 + (y1 - y0) * ((at - x0) / (x1 - x0));
  }
  return points.back().second;
}

std::vector<double> tally::scheduleFactors(const ScheduleSpec &schedule, int64_t total, int64_t stepsPerEpoch) {
  std::vector<double> factors(total, 1.0);
  auto fill = [&](auto factor) {
    for (int64_t step = 0; step < total; ++step)
      factors[step] = factor(step);
  };
  switch (schedule.kind) {
  case ScheduleSpec::Kind::Constant:
    break;
  case ScheduleSpec::Kind::Step: {
    std::vector<int64_t> drops;
    for (const Time &time : schedule.milestones)
      drops.push_back(*time.toStep(total, stepsPerEpoch));
    if (schedule.every)
      for (int64_t period = *schedule.every->toStep(total, stepsPerEpoch), at = period; at < total; at += period)
        drops.push_back(at);
    llvm::sort(drops);
    double gamma = schedule.gamma.toDouble();
    fill([&](int64_t step) { return std::pow(gamma, llvm::upper_bound(drops, step) - drops.begin()); });
    break;
  }
  case ScheduleSpec::Kind::Cosine: {
    double warmup = static_cast<double>(*schedule.warmup.toStep(total, stepsPerEpoch));
    double start = schedule.start.toDouble(), end = schedule.final.toDouble();
    fill([&](int64_t step) {
      return step < warmup ? start + (1 - start) * (step / warmup)
                           : cosineBetween(1, end, (step - warmup) / (total - warmup));
    });
    break;
  }
  case ScheduleSpec::Kind::OneCycle: { // torch.optim.lr_scheduler.OneCycleLR, anneal_strategy cos
    double first = schedule.pctStart.toDouble() * total - 1, last = total - 1;
    double low = 1 / schedule.divFactor.toDouble(), end = low / schedule.finalDivFactor.toDouble();
    fill([&](int64_t step) {
      return step <= first ? cosineBetween(low, 1, first > 0 ? step / first : 1)
                           : cosineBetween(1, end, last > first ? (step - first) / (last - first) : 1);
    });
    break;
  }
  case ScheduleSpec::Kind::PiecewiseLinear: {
    std::vector<std::pair<double, double>> points;
    for (const auto &[time, factor] : schedule.points)
      points.push_back({time.toFraction(total, stepsPerEpoch), factor.toDouble()});
    fill([&](int64_t step) { return interpolate(points, static_cast<double>(step) / total); });
    break;
  }
  }
  return factors;
}
