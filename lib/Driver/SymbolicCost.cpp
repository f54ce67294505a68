// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Interpolates what a run costs from the costs of other runs.
#include "tally/Driver/SymbolicCost.h"
#include "mlir/Analysis/Presburger/Fraction.h"
#include "tally/Driver/Session.h"
#include "tally/Support/CountText.h"

using namespace mlir;
using namespace tally;
using presburger::Fraction;

/// The largest power of one key: attention has the fourth of the image size.
static constexpr size_t mostDegree = 4;
/// Points that an interpolation has not seen and has to meet.
static constexpr size_t furtherPoints = 2;

/// The numbers of a report that get a form.
static std::vector<std::pair<std::string, Count>> numbersOf(const CostReport &report) {
  std::vector<std::pair<std::string, Count>> numbers{{"parameters", report.parameters}};
  for (size_t i = 0; i <= static_cast<size_t>(Phase::Monitoring); ++i)
    numbers.emplace_back(stringifyPhase(static_cast<Phase>(i)).str(), report.operationsOf(static_cast<Phase>(i)));
  numbers.emplace_back("operations", report.operations().total());
  if (report.reported.span == Span::Run)
    numbers.emplace_back("complexity", report.complexity());
  return numbers;
}

/// The value of a key in a run, where it is one that can be varied.
static std::optional<int64_t> valueOf(const CostReport &report, StringRef key) {
  if (key == "epochs") {
    auto epochs = report.info.getAs<FloatAttr>("epochs");
    double value = epochs ? epochs.getValueAsDouble() : 0;
    return epochs ? std::optional(std::max<int64_t>(1, static_cast<int64_t>(value))) : std::nullopt;
  }
  if (key == "batch_size") {
    auto size = report.info.getAs<IntegerAttr>("batch_size");
    return size ? std::optional(size.getInt()) : std::nullopt;
  }
  auto data = report.info.getAs<DictionaryAttr>("data");
  auto shape = data && key == imageSizeKey ? data.getAs<ArrayAttr>("shape") : ArrayAttr();
  return shape && shape.size() == 3 ? std::optional(cast<IntegerAttr>(shape[1]).getInt()) : std::nullopt;
}

static Fraction toFraction(const Count &count) { return Fraction(llvm::DynamicAPInt(llvm::APInt(128, count.str(), 10))); }

/// The coefficients of x^0, x^1, ... of the polynomial through (x, values), by Newton's divided differences.
static std::vector<Fraction> interpolate(ArrayRef<int64_t> x, std::vector<Fraction> values) {
  for (size_t order = 1; order < x.size(); ++order)
    for (size_t i = x.size() - 1; i >= order; --i)
      values[i] = (values[i] - values[i - 1]) / Fraction(x[i] - x[i - order]);
  std::vector<Fraction> coefficients;
  for (size_t i = x.size(); i-- > 0;) { // coefficients * (x - x[i]) + values[i]
    coefficients.insert(coefficients.begin(), Fraction(0));
    for (size_t power = 0; power + 1 < coefficients.size(); ++power)
      coefficients[power] -= coefficients[power + 1] * Fraction(x[i]);
    coefficients[0] += values[i];
  }
  coefficients.resize(x.size());
  return coefficients;
}

namespace {
/// One key and the values that it takes, in order.
struct Axis {
  std::string key;
  int64_t base, distance;
  int64_t at(size_t i) const { return base + static_cast<int64_t>(i) * distance; }
};

/// A number of places along each axis.
using Point = std::vector<size_t>;

/// Derives the numbers of the report at points.
class Sampler {
public:
  Sampler(const CostRequest &request, ArrayRef<Axis> axes) : request(request), axes(axes) {}

  /// Null after an error, which was printed.
  const std::vector<Fraction> *sample(const Point &point) {
    auto [entry, isNew] = samples.try_emplace(point);
    if (!isNew)
      return &entry->second;
    CostRequest changed = request;
    std::string where;
    for (auto [axis, i] : llvm::zip_equal(axes, point)) {
      changed.changes.push_back({axis.key, std::to_string(axis.at(i))});
      where += (where.empty() ? "" : ", ") + axis.key + "=" + changed.changes.back().value;
    }
    Session session;
    DerivedCost derived = deriveCost(changed, session.context);
    status = derived.status;
    if (status != DriverStatus::Fine) {
      llvm::errs() << "note: with " << where << '\n';
      return nullptr;
    }
    for (const auto &[name, number] : numbersOf(derived.report))
      entry->second.push_back(toFraction(number));
    return &entry->second;
  }

  DriverStatus status = DriverStatus::Fine;
  int64_t derivations() const { return static_cast<int64_t>(samples.size()); }

private:
  const CostRequest &request;
  ArrayRef<Axis> axes;
  std::map<Point, std::vector<Fraction>> samples;
};

/// A polynomial: a coefficient for the powers of each key.
class Form {
public:
  explicit Form(ArrayRef<Axis> axes) : axes(axes) {}
  std::map<Point, Fraction> coefficients;

  Fraction at(const Point &point) const {
    Fraction sum(0);
    for (const auto &[powers, coefficient] : coefficients) {
      Fraction term = coefficient;
      for (auto [axis, power, i] : llvm::zip_equal(axes, powers, point))
        for (size_t k = 0; k < power; ++k)
          term *= Fraction(axis.at(i));
      sum += term;
    }
    return sum;
  }

  /// The highest powers first: "3/2*image_size^2*batch_size - 4".
  std::string str() const {
    std::string text;
    for (const auto &[powers, coefficient] : llvm::reverse(coefficients)) {
      if (coefficient == Fraction(0))
        continue;
      bool isNegative = coefficient < Fraction(0);
      text += text.empty() ? (isNegative ? "-" : "") : isNegative ? " - " : " + ";
      std::string number = describe(presburger::abs(coefficient)), names;
      for (auto [axis, power] : llvm::zip_equal(axes, powers))
        if (power)
          names += (names.empty() ? "" : "*") + axis.key + (power > 1 ? "^" + std::to_string(power) : "");
      text += names.empty() ? number : number == "1" ? names : number + "*" + names;
    }
    return text.empty() ? "0" : text;
  }

private:
  static std::string describe(const Fraction &fraction) {
    auto digits = [](const llvm::DynamicAPInt &number) {
      std::string text;
      llvm::raw_string_ostream(text) << number;
      std::optional<Count> count = Count::parse(text);
      return count ? groupDigits(*count) : text;
    };
    return digits(fraction.num) + (fraction.den == 1 ? "" : "/" + digits(fraction.den));
  }

  ArrayRef<Axis> axes;
};
} // namespace

/// The smallest degree in which `values` at x = axis.at(0), ... lie on a polynomial with at least `furtherPoints` to spare.
static std::optional<size_t> findDegree(const Axis &axis, ArrayRef<Fraction> values) {
  for (size_t degree = 0; degree + furtherPoints < values.size(); ++degree) {
    SmallVector<int64_t> x;
    for (size_t i = 0; i <= degree; ++i)
      x.push_back(axis.at(i));
    std::vector<Fraction> coefficients = interpolate(x, std::vector<Fraction>(values.begin(), values.begin() + degree + 1));
    bool fits = true;
    for (size_t i = degree + 1; i < values.size(); ++i) {
      Fraction sum(0);
      for (size_t power = degree + 1; power-- > 0;)
        sum = sum * Fraction(axis.at(i)) + coefficients[power];
      fits &= sum == values[i];
    }
    if (fits)
      return degree;
  }
  return std::nullopt;
}

/// Calls `visit` for each point whose places are at most `last`.
static bool forEachPoint(const Point &last, llvm::function_ref<bool(const Point &)> visit) {
  Point point(last.size());
  while (true) {
    if (!visit(point))
      return false;
    size_t axis = 0;
    while (axis < point.size() && point[axis] == last[axis])
      point[axis++] = 0;
    if (axis == point.size())
      return true;
    ++point[axis];
  }
}

/// The polynomial of the degrees `last` through number `index` of the samples of a grid.
static Form interpolateGrid(Sampler &sampler, ArrayRef<Axis> axes, const Point &last, size_t index) {
  Form form(axes);
  forEachPoint(last, [&](const Point &point) {
    form.coefficients[point] = (*sampler.sample(point))[index];
    return true;
  });
  for (auto [number, axis] : llvm::enumerate(axes)) {
    Point firsts = last;
    firsts[number] = 0;
    forEachPoint(firsts, [&](Point point) {
      SmallVector<int64_t> x;
      std::vector<Fraction> values;
      for (point[number] = 0; point[number] <= last[number]; ++point[number]) {
        x.push_back(axis.at(point[number]));
        values.push_back(form.coefficients[point]);
      }
      std::vector<Fraction> coefficients = interpolate(x, std::move(values));
      for (point[number] = 0; point[number] <= last[number]; ++point[number])
        form.coefficients[point] = coefficients[point[number]];
      return true;
    });
  }
  return form;
}

DriverStatus tally::deriveSymbolic(const CostRequest &request, ArrayRef<std::string> keys, Sheet &sheet, int64_t &derivations) {
  std::vector<Axis> axes;
  std::vector<std::string> names;
  {
    Session session;
    DerivedCost derived = deriveCost(request, session.context);
    if (derived.status != DriverStatus::Fine)
      return derived.status;
    for (const auto &[name, number] : numbersOf(derived.report))
      names.push_back(name);
    for (const std::string &key : keys) {
      std::optional<int64_t> base = valueOf(derived.report, key);
      if (!base) {
        llvm::errs() << "error: --symbolic: expects epochs, batch_size or image_size, and a model and recipe that have it, got " << key << '\n';
        return DriverStatus::Usage;
      }
      axes.push_back({key, *base, key == imageSizeKey ? 32 : 1});
    }
  }
  Sampler sampler(request, axes);
  // Along each axis alone: the degree of each number, and whether it has one.
  std::vector<std::optional<Point>> degrees(names.size(), Point(axes.size()));
  for (size_t number = 0; number < axes.size(); ++number) {
    std::vector<std::vector<Fraction>> values(names.size());
    for (size_t i = 0; i <= mostDegree + furtherPoints; ++i) {
      Point point(axes.size());
      point[number] = i;
      const std::vector<Fraction> *sample = sampler.sample(point);
      if (!sample)
        return sampler.status;
      for (auto [index, value] : llvm::enumerate(*sample))
        values[index].push_back(value);
    }
    for (size_t index = 0; index < names.size(); ++index) {
      std::optional<size_t> degree = findDegree(axes[number], values[index]);
      if (degree && degrees[index])
        (*degrees[index])[number] = *degree;
      else
        degrees[index].reset();
    }
  }
  Point last(axes.size());
  for (const std::optional<Point> &degree : degrees)
    for (size_t number = 0; degree && number < axes.size(); ++number)
      last[number] = std::max(last[number], (*degree)[number]);
  if (!forEachPoint(last, [&](const Point &point) { return sampler.sample(point) != nullptr; }))
    return sampler.status;

  sheet.heads = {"number", "form"};
  for (size_t index = 0; index < names.size(); ++index) {
    bool fits = degrees[index].has_value();
    Form form(axes);
    if (fits)
      form = interpolateGrid(sampler, axes, *degrees[index], index);
    for (size_t further = 1; fits && further <= furtherPoints; ++further) {
      Point point = last;
      for (size_t &i : point)
        i += further;
      const std::vector<Fraction> *sample = sampler.sample(point);
      if (!sample)
        return sampler.status;
      fits = form.at(point) == (*sample)[index];
    }
    sheet.rows.push_back({names[index], fits ? form.str() : "not polynomial"});
  }
  derivations = sampler.derivations();
  return DriverStatus::Fine;
}
