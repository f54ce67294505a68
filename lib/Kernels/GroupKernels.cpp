// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --group-kernels: calls of small kernels that need nothing of each other become one call.
#include "dialects/Train/Train.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"
#include "tally/Support/Attribution.h"
#include "llvm/ADT/MapVector.h"
#include <map>
#include <queue>

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_GROUPKERNELS
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

/// Whether no op of a kernel has more than `most` iterations and no argument more elements: what waits for the others of a group then
/// keeps little memory.
static bool isSmall(func::FuncOp kernel, int64_t most) {
  auto isFew = [&](ArrayRef<int64_t> sizes) { return llvm::none_of(sizes, ShapedType::isDynamic) && ShapedType::getNumElements(sizes) <= most; };
  return isKernel(kernel) &&
         llvm::all_of(kernel.getArgumentTypes(), [&](Type type) { return isFew(cast<RankedTensorType>(type).getShape()); }) &&
         llvm::all_of(kernel.getBody().front().without_terminator(), [&](Operation &op) {
           if (auto loops = dyn_cast<linalg::LinalgOp>(op))
             return isFew(loops.getStaticLoopRanges());
           return op.getNumRegions() == 0;
         });
}

/// Puts every op after its producers and otherwise keeps the order of calls: what is no call comes as early as it can, so that a call that
/// moved up lets no other pass while it waits for a read.
static void sortStably(Block &block) {
  std::vector<Operation *> ops;
  for (Operation &op : block)
    ops.push_back(&op);
  llvm::stable_sort(ops, [](Operation *a, Operation *b) { return !isa<func::CallOp>(a) && isa<func::CallOp>(b); });
  llvm::DenseMap<Operation *, unsigned> numbers;
  for (auto [number, op] : llvm::enumerate(ops))
    numbers[op] = number;
  std::vector<unsigned> waiting(ops.size());
  std::priority_queue<unsigned, std::vector<unsigned>, std::greater<>> ready;
  for (auto [number, op] : llvm::enumerate(ops)) {
    waiting[number] = llvm::count_if(op->getOperands(), [&](Value operand) { return numbers.contains(operand.getDefiningOp()); });
    if (waiting[number] == 0)
      ready.push(number);
  }
  while (!ready.empty()) {
    Operation *op = ops[ready.top()];
    ready.pop();
    op->moveBefore(&block, block.end());
    for (OpOperand &use : op->getUses())
      if (unsigned user = numbers.lookup(use.getOwner()); --waiting[user] == 0)
        ready.push(user);
  }
}

namespace {
/// Groups the calls of one program.
class Grouper {
public:
  Grouper(train::ProgramOp program, int64_t mostIterations) : symbols(program), mostIterations(mostIterations) {
    program.walk([&](func::CallOp call) { ++callers[kernelOf(call)]; });
  }

  /// Groups small calls that no large one needs (`late`) or that need no large one, directly or not: what is large never waits for
  /// other large calls because of a group. Of these, how many small calls stand between a call and the end or the start of the body, at
  /// most, is a number that changes along each dependence between small calls, and never turns back: calls of one number are independent,
  /// and groups never wait for each other in a circle. Returns by how many calls there are fewer.
  unsigned group(Block &block, bool late) {
    llvm::DenseSet<Operation *> small;
    for (auto call : block.getOps<func::CallOp>())
      if (func::FuncOp kernel = kernelOf(call); kernel && isSmall(kernel, mostIterations))
        small.insert(call);
    llvm::DenseMap<Operation *, unsigned> levels; // of ops without a large call beyond them
    llvm::MapVector<std::pair<Phase, unsigned>, SmallVector<func::CallOp>> groups;
    auto visit = [&](Operation &op) {
      unsigned level = 0;
      bool reachesLarge = isa<func::CallOp>(op) && !small.contains(&op);
      auto follow = [&](Operation *other) {
        auto beyond = levels.find(other);
        reachesLarge |= beyond == levels.end();
        if (!reachesLarge)
          level = std::max<unsigned>(level, beyond->second + small.contains(other));
      };
      if (late)
        llvm::for_each(op.getUsers(), follow);
      else
        for (Value operand : op.getOperands())
          follow(operand.getDefiningOp());
      if (reachesLarge)
        return;
      levels[&op] = level;
      if (small.contains(&op))
        groups[{phaseOf(op.getLoc()).value_or(Phase::Forward), level}].push_back(cast<func::CallOp>(op));
    };
    if (late)
      llvm::for_each(llvm::reverse(block), visit);
    else
      llvm::for_each(block, visit);
    unsigned saved = 0;
    for (auto &[key, calls] : groups) {
      if (late)
        std::reverse(calls.begin(), calls.end());
      if (calls.size() > 1)
        merge(calls, key.first);
      saved += calls.size() - 1;
    }
    if (saved)
      sortStably(block);
    return saved;
  }

private:
  func::FuncOp kernelOf(func::CallOp call) { return symbols.lookup<func::FuncOp>(call.getCallee()); }

  /// One call in the place of the first of `calls`, of a kernel that holds the bodies of theirs one after the other.
  void merge(ArrayRef<func::CallOp> calls, Phase phase) {
    llvm::MapVector<Value, unsigned> places; // of inputs among the arguments
    SmallVector<Value> destinations;
    SmallVector<Location> locations;
    for (func::CallOp call : calls) {
      KernelSignature signature(kernelOf(call));
      for (Value input : call.getOperands().take_front(signature.inputs))
        places.try_emplace(input, places.size());
      llvm::append_range(destinations, call.getOperands().drop_front(signature.inputs));
      locations.push_back(call.getLoc());
    }
    SmallVector<Value> operands = llvm::to_vector(llvm::make_first_range(places));
    llvm::append_range(operands, destinations);

    OpBuilder builder(kernelOf(calls.front()));
    Location loc = builder.getFusedLoc(locations);
    std::string name = ("tally." + stringifyPhase(phase) + ".group." + std::to_string(numbers[phase]++)).str();
    auto kernel = func::FuncOp::create(builder, loc, name, builder.getFunctionType(TypeRange(operands), TypeRange(destinations)));
    kernel.setPrivate();
    kernel->setAttr(kernelAttribute, builder.getUnitAttr());
    symbols.insert(kernel);
    Block *entry = kernel.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    SmallVector<DictionaryAttr> attributes(operands.size());
    SmallVector<Value> results;
    unsigned destination = places.size();
    for (func::CallOp call : calls) {
      func::FuncOp part = kernelOf(call);
      unsigned inputs = KernelSignature(part).inputs;
      IRMapping mapping;
      for (auto [number, argument] : llvm::enumerate(part.getArguments())) {
        unsigned place = number < inputs ? places.lookup(call.getOperand(number)) : destination++;
        mapping.map(argument, entry->getArgument(place));
        attributes[place] = part.getArgAttrDict(number);
      }
      Block &body = part.getBody().front();
      for (Operation &op : body.without_terminator())
        builder.clone(op, mapping);
      for (Value result : body.getTerminator()->getOperands())
        results.push_back(mapping.lookup(result));
    }
    func::ReturnOp::create(builder, loc, results);
    kernel.setAllArgAttrs(attributes);

    builder.setInsertionPoint(calls.front());
    auto merged = func::CallOp::create(builder, loc, kernel, operands);
    callers[kernel] = 1;
    unsigned result = 0;
    for (func::CallOp call : calls) {
      call->replaceAllUsesWith(merged->getResults().slice(result, call->getNumResults()));
      result += call->getNumResults();
      func::FuncOp part = kernelOf(call);
      call.erase();
      if (--callers[part] == 0)
        symbols.erase(part);
    }
  }

  SymbolTable symbols;
  int64_t mostIterations;
  llvm::DenseMap<Operation *, unsigned> callers; ///< the number of calls of each kernel
  std::map<Phase, unsigned> numbers;             ///< of the next group
};

struct GroupKernels : tally::impl::GroupKernelsBase<GroupKernels> {
  using GroupKernelsBase::GroupKernelsBase;

  void runOnOperation() override {
    for (auto program : getOperation().getOps<train::ProgramOp>()) {
      Grouper grouper(program, maxIterations);
      for (Operation &body : program->getRegion(0).front())
        if (!isa<func::FuncOp>(body) && body.getNumRegions() != 0) {
          // First what is needed late (updates), then what is ready early (constants of layers).
          grouped += grouper.group(body.getRegion(0).front(), /*late=*/true);
          grouped += grouper.group(body.getRegion(0).front(), /*late=*/false);
        }
    }
  }
};
} // namespace
