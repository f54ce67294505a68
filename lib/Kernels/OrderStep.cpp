// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --order-step: an order of the ops of a body that needs little memory and lets updates happen in place.
#include "MemoryPlan.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"
#include "llvm/ADT/StringMap.h"
#include <set>

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_ORDERSTEP
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

/// Needs no time and no memory of its own: it goes where its first user goes.
static bool isFree(Operation *op) {
  return isa<train::ReadOp, train::DatasetOp, tensor::EmptyOp>(op) || isView(op) || matchPattern(op, m_Constant());
}

/// The operand in whose memory a value lies: of a view, or of a boundary that hands tensors on; null where there is none.
static Value handedOn(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && isView(op))
    return op->getOperand(0);
  if (isa_and_nonnull<BoundaryOpInterface>(op) && op->getNumOperands() == op->getNumResults())
    return op->getOperand(cast<OpResult>(value).getResultNumber());
  return {};
}

/// Below views and boundaries, the value that holds the bytes.
static Value contentOf(Value value) {
  while (Value source = handedOn(value))
    value = source;
  return value;
}

namespace {
/// The dependences of one body and what each op would free.
struct Scheduler {
  struct Node {
    SmallVector<Value> inputs; // contents made by other nodes, each once; none of a boundary, which uses nothing up
    llvm::SmallSetVector<unsigned, 4> successors;
    unsigned waiting = 0; // predecessors that are not done
    int64_t allocated = 0;
  };
  Block &block;
  std::vector<Operation *> ops;
  std::vector<Node> nodes;
  llvm::DenseMap<Operation *, unsigned> numbers;
  llvm::DenseMap<Value, unsigned> readers; // of a content, not done
  llvm::DenseMap<Value, SmallVector<unsigned>> users;
  llvm::StringMap<SmallVector<train::ReadOp>> reads;

  explicit Scheduler(Block &block) : block(block) {
    for (auto read : block.getOps<train::ReadOp>())
      reads[read.getVariable()].push_back(read);
    for (Operation &op : block)
      if (!isFree(&op) && !isa<train::WriteOp>(op)) {
        numbers[&op] = ops.size();
        ops.push_back(&op);
      }
    nodes.resize(ops.size());
    for (unsigned i = 0; i < ops.size(); ++i)
      addDependences(i);
    for (auto write : block.getOps<train::WriteOp>())
      addUpdate(write);
  }

  void addEdge(unsigned from, unsigned to) {
    if (nodes[from].successors.insert(to))
      ++nodes[to].waiting;
  }

  void addDependences(unsigned number) {
    bool boundary = isa<BoundaryOpInterface>(ops[number]);
    llvm::SmallSetVector<Value, 8> inputs;
    ops[number]->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        for (Value value = operand; value; value = handedOn(value))
          if (auto producer = numbers.find(value.getDefiningOp()); producer != numbers.end() && producer->second != number) {
            addEdge(producer->second, number);
            if (!boundary && !handedOn(value))
              inputs.insert(value);
          }
    });
    for (Value input : inputs) {
      nodes[number].inputs.push_back(input);
      users[input].push_back(number);
      ++readers[input];
    }
    if (boundary)
      nodes[number].allocated = -1; // as soon as all that it waits for is there
    else
      for (Value result : ops[number]->getResults())
        if (isa<RankedTensorType>(result.getType()))
          nodes[number].allocated += sizeInBytes(result.getType());
  }

  bool reaches(unsigned from, unsigned to) {
    llvm::SmallSetVector<unsigned, 8> seen;
    seen.insert(from);
    for (unsigned i = 0; i < seen.size(); ++i) {
      if (seen[i] == to)
        return true;
      for (unsigned next : nodes[seen[i]].successors)
        seen.insert(next);
    }
    return false;
  }

  /// The op that makes the new content comes after all other readers of the old one, where the data allow it.
  void addUpdate(train::WriteOp write) {
    Value content = contentOf(write.getValue());
    ++readers[content];
    auto producer = numbers.find(content.getDefiningOp());
    if (producer == numbers.end())
      return;
    nodes[producer->second].allocated -= sizeInBytes(content.getType());
    for (train::ReadOp read : reads[write.getVariable()]) {
      SmallVector<Operation *> users(read->user_begin(), read->user_end());
      for (unsigned i = 0; i < users.size(); ++i) {
        Operation *user = block.findAncestorOpInBlock(*users[i]);
        if (auto reader = numbers.find(user); reader != numbers.end()) {
          if (reader->second != producer->second && !reaches(producer->second, reader->second))
            addEdge(reader->second, producer->second);
        } else if (isFree(user)) {
          users.append(user->user_begin(), user->user_end());
        }
      }
    }
  }

  int64_t growth(const Node &node) const {
    int64_t bytes = node.allocated;
    for (Value input : node.inputs)
      if (readers.lookup(input) == 1)
        bytes -= sizeInBytes(input.getType());
    return bytes;
  }

  /// The first ready op that frees more than it needs; otherwise the first ready op.
  std::vector<Operation *> run() {
    std::vector<Operation *> order;
    std::set<unsigned> ready, freeing; // ready ops; those of them that free more than they need
    auto look = [&](unsigned number) {
      if (ready.contains(number) && growth(nodes[number]) < 0)
        freeing.insert(number);
    };
    auto makeReady = [&](unsigned number) {
      ready.insert(number);
      look(number);
    };
    for (unsigned i = 0; i < nodes.size(); ++i)
      if (nodes[i].waiting == 0)
        makeReady(i);
    while (!ready.empty()) {
      unsigned number = freeing.empty() ? *ready.begin() : *freeing.begin();
      ready.erase(number);
      freeing.erase(number);
      order.push_back(ops[number]);
      for (Value input : nodes[number].inputs)
        if (--readers[input] == 1)
          llvm::for_each(users[input], look);
      for (unsigned next : nodes[number].successors)
        if (--nodes[next].waiting == 0)
          makeReady(next);
    }
    return order;
  }
};

struct OrderStep : tally::impl::OrderStepBase<OrderStep> {
  using OrderStepBase::OrderStepBase;

  void runOnOperation() override {
    getOperation().walk([](BodyOpInterface body) { reorder(*body.getBody()); });
  }

private:
  static void reorder(Block &block) {
    std::vector<Operation *> order = Scheduler(block).run();
    SmallVector<Operation *> rest;
    for (Operation &op : block)
      if (isFree(&op) || isa<train::WriteOp>(op))
        rest.push_back(&op);
    llvm::DenseSet<Operation *> placed;
    for (Operation *op : order)
      place(op, block, placed);
    for (Operation *op : rest)
      place(op, block, placed);
  }

  static void place(Operation *op, Block &block, llvm::DenseSet<Operation *> &placed) {
    if (!placed.insert(op).second)
      return;
    op->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (Operation *producer = operand.getDefiningOp(); producer && producer->getBlock() == &block && isFree(producer))
          place(producer, block, placed);
    });
    op->moveBefore(&block, block.end());
  }
};
} // namespace
