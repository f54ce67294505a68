// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Time and energy in the cost report.
#include "ReportTable.h"
#include "tally/Cost/Machine.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tally;
namespace json = llvm::json;

/// How many of the rows that take longest are shown.
static constexpr size_t shownRows = 20;

static const char *boundOf(const MachineRow &row) { return row.isComputeBound() ? "compute" : "memory"; }

json::Value tally::toJson(const MachineReport &report) {
  json::Object peak;
  for (const auto &[type, rate] : report.machine.operationsPerSecond)
    peak[type] = rate;
  json::Array layers;
  for (const auto &[charge, row] : report.rows)
    layers.push_back(json::Object{{"phase", stringifyPhase(charge.phase)},
                                  {"layer", charge.layer},
                                  {"op", charge.op},
                                  {"operations", row.operations.str()},
                                  {"bytes", row.bytes.str()},
                                  {"seconds", row.seconds},
                                  {"joules", row.joules},
                                  {"bound", boundOf(row)}});
  return json::Object{{"name", report.machine.name},
                      {"seconds", report.training.seconds},
                      {"compute_seconds", report.training.computeSeconds},
                      {"memory_seconds", report.training.memorySeconds},
                      {"joules", report.training.joules},
                      {"bytes", report.training.bytes.str()},
                      {"evaluation_seconds", report.evaluation.seconds},
                      {"evaluation_joules", report.evaluation.joules},
                      {"peak_operations_per_second", std::move(peak)},
                      {"bytes_per_second", report.machine.stores.back().bytesPerSecond},
                      {"layers", std::move(layers)}};
}

/// "1.23 ms": a number in the unit below it, of units and thousandths down to billionths.
static std::string scale(double number, const char *unit) {
  const char *prefix = "";
  for (const char *smaller : {"m", "u", "n"})
    if (number < 1 && number > 0) {
      number *= 1000;
      prefix = smaller;
    }
  return llvm::formatv("{0:f2} {1}{2}", number, prefix, unit);
}

/// "3 h 25 min", "12 min 3 s", "4.50 ms".
static std::string describeSeconds(double seconds) {
  auto whole = static_cast<int64_t>(seconds);
  if (whole >= 3600)
    return llvm::formatv("{0} h {1} min", whole / 3600, whole / 60 % 60);
  if (whole >= 60)
    return llvm::formatv("{0} min {1} s", whole / 60, whole % 60);
  return scale(seconds, "s");
}

/// "12.30 kJ".
static std::string describeJoules(double joules) { return joules >= 1000 ? scale(joules / 1000, "kJ") : scale(joules, "J"); }

/// One line of a table: seconds, energy, bound.
static void printRow(const std::string &name, const MachineRow &row, size_t width, llvm::raw_ostream &os) {
  os << llvm::formatv("  {0} {1,12}  {2,12}  {3}\n", llvm::left_justify(name, width), describeSeconds(row.seconds), describeJoules(row.joules), boundOf(row));
}

void tally::printMachine(const MachineReport &report, llvm::raw_ostream &os) {
  const MachineRow &all = report.training;
  os << "time        " << describeSeconds(all.seconds) << " by the roofline of " << report.machine.name << " (" << describeSeconds(all.computeSeconds) << " of operations, "
     << describeSeconds(all.memorySeconds) << " of moving data, one hidden behind the other in each op), and " << describeJoules(all.joules) << '\n';
}

void tally::printMachineDetails(const MachineReport &report, llvm::raw_ostream &os) {
  std::map<Phase, MachineRow> phases;
  std::vector<std::pair<std::string, MachineRow>> rows;
  for (const auto &[charge, row] : report.rows) {
    phases[charge.phase] += row;
    rows.emplace_back(stringifyPhase(charge.phase).str() + " " + charge.layer + " (" + charge.op + ")", row);
  }
  os << "\ntime and energy on " << report.machine.name << " by phase, and what binds it\n";
  for (const auto &[phase, row] : phases)
    printRow(stringifyPhase(phase).str(), row, 16, os);
  llvm::stable_sort(rows, [](const auto &a, const auto &b) { return a.second.seconds > b.second.seconds; });
  size_t all = rows.size(), width = 0;
  rows.resize(std::min(all, shownRows));
  for (const auto &[name, row] : rows)
    width = std::max(width, name.size());
  os << "\nwhat takes longest: " << rows.size() << " of " << all << '\n';
  for (const auto &[name, row] : rows)
    printRow(name, row, width, os);
}
