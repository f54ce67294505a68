// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A topological order of a block whose ops are merged in pairs.
#include "BlockOrder.h"

using namespace mlir;
using namespace tally;

BlockOrder::BlockOrder(Block &block, unsigned window) : block(block), window(window) {
  for (Operation &op : block) {
    unsigned number = nodes.size();
    Node node{&op, {}, number, number};
    op.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands()) {
        Operation *producer = operand.getDefiningOp();
        auto known = numbers.find(producer ? block.findAncestorOpInBlock(*producer) : nullptr);
        if (known != numbers.end() && !llvm::is_contained(node.producers, known->second))
          node.producers.push_back(known->second);
      }
    });
    numbers[&op] = number;
    nodes.push_back(std::move(node));
    order.push_back(number);
  }
}

unsigned BlockOrder::find(unsigned node) const {
  while (nodes[node].replacement != node)
    node = nodes[node].replacement = nodes[nodes[node].replacement].replacement;
  return node;
}

llvm::BitVector BlockOrder::findUsers(unsigned begin, unsigned end) const {
  llvm::BitVector users(end - begin + 1);
  users.set(0);
  for (unsigned place = begin + 1; place <= end; ++place)
    if (order[place] >= 0 && llvm::any_of(nodes[order[place]].producers, [&](unsigned producer) {
          unsigned from = nodes[find(producer)].place;
          return from >= begin && from < place && users.test(from - begin);
        }))
      users.set(place - begin);
  return users;
}

bool BlockOrder::needs(Operation *later, Operation *earlier, bool direct) const {
  unsigned begin = placeOf(earlier), end = placeOf(later);
  if (end - begin > window)
    return true;
  llvm::BitVector users = findUsers(begin, end);
  return llvm::any_of(nodes[order[end]].producers, [&](unsigned producer) {
    unsigned from = nodes[find(producer)].place;
    return (direct ? from >= begin : from > begin) && from < end && users.test(from - begin);
  });
}

void BlockOrder::merge(Operation *first, Operation *second, Operation *merged) {
  unsigned begin = placeOf(first), end = placeOf(second);
  if (begin > end)
    std::swap(begin, end);
  unsigned gone = order[begin], kept = order[end];
  llvm::BitVector users = findUsers(begin, end);
  // What needs the first op comes after both.
  SmallVector<int> before, after;
  for (unsigned place = begin + 1; place < end; ++place)
    if (order[place] >= 0)
      (users.test(place - begin) ? after : before).push_back(order[place]);
  before.push_back(kept);
  llvm::append_range(before, after);
  before.resize(end - begin + 1, -1);
  for (auto [index, node] : llvm::enumerate(before)) {
    order[begin + index] = node;
    if (node >= 0)
      nodes[node].place = begin + index;
  }
  nodes[gone].replacement = kept;
  llvm::append_range(nodes[kept].producers, nodes[gone].producers);
  llvm::erase_if(nodes[kept].producers, [&](unsigned producer) { return find(producer) == kept; });
  nodes[kept].op = merged;
  numbers[merged] = kept;
}

void BlockOrder::apply() {
  for (int node : order)
    if (node >= 0)
      nodes[node].op->moveBefore(&block, block.end());
}
