// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads machines and prices the ops of a training run by them.
#include "tally/Cost/Machine.h"
#include "tally/Cost/Monitoring.h"
#include "tally/Support/CountText.h"
#include "tally/Support/TypeSize.h"
#include "tally/Support/Yaml.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tally;

static constexpr StringLiteral machinesFolder = "share/tally/machines", energyFolder = "share/tally/machines/energy";

/// The types of number that a machine may name.
static const StringRef numberTypes[] = {"f64", "f32", "bf16", "f16", "i64", "i32", "i8", "index", "other"};

static constexpr double pico = 1e-12;

/// The entry of a name, or of those that are not named.
template <typename Map> static const typename Map::mapped_type &entryOf(const Map &map, const std::string &name) {
  auto entry = map.find(name);
  return entry == map.end() ? map.find("other")->second : entry->second;
}

const Machine::Store &Machine::storeOf(int64_t bytes) const {
  auto holds = [&](const Store &store) { return store.size >= bytes; };
  auto store = llvm::find_if(stores, holds);
  return store == stores.end() ? stores.back() : *store;
}

double Machine::secondsOf(const OpCount &operations) const {
  double seconds = 0;
  for (const auto &[type, number] : operations.byType())
    seconds += toDouble(number) / entryOf(operationsPerSecond, type);
  return seconds;
}

double Machine::joulesOf(const OpCount &operations) const {
  double sum = 0;
  for (const auto &[key, number] : operations.byKindAndType())
    sum += toDouble(number) * entryOf(entryOf(joules, key.second), stringifyOperationKind(key.first).str());
  return sum;
}

MachineRow &MachineRow::operator+=(const MachineRow &other) {
  operations += other.operations;
  bytes += other.bytes;
  computeSeconds += other.computeSeconds;
  memorySeconds += other.memorySeconds;
  seconds += other.seconds;
  joules += other.joules;
  return *this;
}

/// What an execution of an op takes.
static MachineRow priceOp(Operation *op, const OpCount &operations, const Machine &machine) {
  MachineRow row;
  row.operations = operations.total();
  row.computeSeconds = machine.secondsOf(operations);
  row.joules = machine.joulesOf(operations);
  auto move = [&](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape())
      return;
    int64_t bytes = sizeInBytes(tensor);
    const Machine::Store &store = machine.storeOf(bytes);
    row.bytes += bytes;
    row.memorySeconds += static_cast<double>(bytes) / store.bytesPerSecond;
    row.joules += static_cast<double>(bytes) * store.joulesPerByte;
  };
  llvm::for_each(op->getResultTypes(), move);
  // What is only moved is read as often as it is written, however large the tensor is that it comes from.
  if (op->hasTrait<ZeroCost>())
    llvm::for_each(op->getResultTypes(), move);
  else
    for (Value operand : llvm::SetVector<Value>(op->operand_begin(), op->operand_end()))
      move(operand.getType());
  row.seconds = std::max(row.computeSeconds, row.memorySeconds);
  return row;
}

/// All executions.
static MachineRow times(MachineRow row, Count executions) {
  double factor = toDouble(executions);
  row.operations *= executions;
  row.bytes *= executions;
  row.computeSeconds *= factor;
  row.memorySeconds *= factor;
  row.seconds *= factor;
  row.joules *= factor;
  return row;
}

FailureOr<MachineReport> tally::estimate(train::ProgramOp program, const Machine &machine) {
  MachineReport report;
  report.machine = machine;
  for (auto body : program.getOps<BodyOpInterface>()) {
    llvm::DenseSet<Operation *> monitoring = findMonitoring(body);
    for (Operation &op : *body.getBody()) {
      FailureOr<OpCount> operations = countGraphOp(&op);
      if (failed(operations))
        return failure();
      if (isPlace(&op))
        continue;
      Location loc = monitoring.contains(&op) ? withPhase(op.getLoc(), Phase::Monitoring) : op.getLoc();
      std::optional<Charge> charge = chargeOf(body, &op, loc);
      if (!charge)
        continue; // an op without a phase that costs nothing: the count refuses others
      MachineRow row = times(priceOp(&op, *operations, machine), body.getExecutions());
      report.rows[*charge] += row;
      if (isTraining(charge->phase))
        report.training += row;
      else if (charge->phase == Phase::Evaluation)
        report.evaluation += row;
    }
  }
  return report;
}

/// A number above zero; an error otherwise.
static double readPositive(YamlNode &node, YamlProblems &problems) {
  std::optional<Decimal> value = readDecimal(node, problems);
  if (value && (value->isZero() || value->isNegative()))
    problems.error(node.loc) << "expects a number above 0, got " << value->str();
  return value ? value->toDouble() : 1;
}

static double requirePositive(MapReader &reader, StringRef key) {
  YamlNode *node = reader.require(key);
  return node ? readPositive(*node, reader.problems) : 1;
}

/// {key: number above zero}, `other` among them, for the keys that `names` has.
static Machine::ByType readNumbers(YamlNode &node, YamlProblems &problems, StringRef what, ArrayRef<StringRef> names, double unit) {
  Machine::ByType numbers{{"other", 1}};
  MapReader reader(node, problems, what);
  reader.require("other");
  for (StringRef name : names)
    if (YamlNode *value = reader.find(name))
      numbers[name.str()] = readPositive(*value, problems) * unit;
  reader.finish();
  return numbers;
}

/// [{size, KEY: number above zero}], by size.
static std::vector<std::pair<int64_t, double>> readCaches(MapReader &owner, StringRef key) {
  std::vector<std::pair<int64_t, double>> caches;
  YamlNode *list = owner.find("caches");
  if (!list)
    return caches;
  if (list->kind != YamlNode::Kind::List)
    owner.problems.error(list->loc) << "expects a list of caches, got " << list->describe();
  for (YamlNode &item : list->items) {
    MapReader reader(item, owner.problems, "caches");
    int64_t size = 1;
    if (reader.require("size"))
      reader.readInteger("size", size, 1, int64_t{1} << 50);
    double number = requirePositive(reader, key);
    reader.finish();
    if (!caches.empty() && size <= caches.back().first)
      owner.problems.error(item.loc) << "expects caches from the smallest to the largest, got " << size << " bytes after " << caches.back().first;
    caches.push_back({size, number});
  }
  return caches;
}

/// Reads a table of energies and prices operations and stores by it.
static void readEnergy(YamlNode &node, YamlProblems &problems, Machine &machine) {
  MapReader reader(node, problems, "energy");
  std::vector<StringRef> kinds{"other"};
#define TALLY_OPERATION_KIND(Name, name) kinds.push_back(name);
#include "tally/Support/OperationKinds.def"
  machine.joules["other"]["other"] = 1;
  if (YamlNode *operations = reader.require("operations")) {
    MapReader types(*operations, problems, "operations");
    types.require("other");
    for (StringRef type : numberTypes)
      if (YamlNode *numbers = types.find(type))
        machine.joules[type.str()] = readNumbers(*numbers, problems, type, kinds, pico);
    types.finish();
  }
  std::vector<std::pair<int64_t, double>> caches = readCaches(reader, "byte");
  machine.stores.back().joulesPerByte = requirePositive(reader, "memory") * pico;
  reader.finish();
  // A cache is priced as the smallest of the table that is as large, or as its largest.
  for (Machine::Store &store : llvm::drop_end(machine.stores)) {
    auto entry = llvm::find_if(caches, [&](const auto &cache) { return cache.first >= store.size; });
    store.joulesPerByte = caches.empty() ? machine.stores.back().joulesPerByte : (entry == caches.end() ? caches.back() : *entry).second * pico;
  }
}

FailureOr<Machine> tally::readMachine(StringRef nameOrFile, MLIRContext *context) {
  FailureOr<NamedYaml> file = readNamedYaml(nameOrFile, machinesFolder, "a machine", "machines", UnknownLoc::get(context));
  if (failed(file))
    return failure();
  YamlProblems problems;
  Machine machine;
  machine.name = llvm::sys::path::stem(file->path).str();
  MapReader reader(file->root, problems, "machine");
  if (YamlNode *peak = reader.require("operations_per_second"))
    machine.operationsPerSecond = readNumbers(*peak, problems, "operations_per_second", numberTypes, 1);
  for (auto [size, bandwidth] : readCaches(reader, "bytes_per_second"))
    machine.stores.push_back({size, bandwidth, 0});
  machine.stores.push_back({std::numeric_limits<int64_t>::max(), requirePositive(reader, "bytes_per_second"), 0});
  if (YamlNode *energy = reader.require("energy")) {
    if (energy->kind != YamlNode::Kind::Scalar)
      readEnergy(*energy, problems, machine);
    else if (FailureOr<NamedYaml> table = readNamedYaml(energy->text, energyFolder, "a table of energies", "tables of energies", energy->loc); succeeded(table))
      readEnergy(table->root, problems, machine);
    else
      problems.wrong = true;
  }
  reader.finish();
  if (problems.wrong)
    return failure();
  return machine;
}
