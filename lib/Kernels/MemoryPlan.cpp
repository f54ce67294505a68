// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory plan: offsets from the lifetimes of a straight line of calls.
#include "MemoryPlan.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tally/Kernels/KernelSignature.h"

using namespace mlir;
using namespace tally;

int64_t tally::assignOffsets(MutableArrayRef<Interval> intervals) {
  SmallVector<Interval *> order;
  for (Interval &interval : intervals)
    order.push_back(&interval);
  llvm::sort(order, [](Interval *a, Interval *b) { return a->bytes != b->bytes ? a->bytes > b->bytes : a < b; });
  SmallVector<Interval *> placed; // sorted by offset
  int64_t total = 0;
  for (Interval *interval : order) {
    int64_t size = alignUp(interval->bytes), cursor = 0, best = -1, bestGap = 0;
    for (Interval *other : placed) {
      if (other->last < interval->first || interval->last < other->first)
        continue;
      int64_t gap = other->offset - cursor;
      if (gap >= size && (best < 0 || gap < bestGap)) {
        best = cursor;
        bestGap = gap;
      }
      cursor = std::max(cursor, other->offset + alignUp(other->bytes));
    }
    interval->offset = best < 0 ? cursor : best;
    total = std::max(total, interval->offset + size);
    placed.insert(llvm::upper_bound(placed, interval, [](Interval *a, Interval *b) { return a->offset < b->offset; }),
                  interval);
  }
  return total;
}

VariableLayout::VariableLayout(train::ProgramOp program) {
  int64_t end = 0;
  auto append = [&](StringAttr name, Type type) {
    offsets[name] = end;
    end += alignUp(sizeInBytes(type));
  };
  Block &block = program->getRegion(0).front();
  for (auto parameter : block.getOps<train::ParameterOp>())
    append(parameter.getSymNameAttr(), parameter.getType());
  for (auto state : block.getOps<train::StateOp>())
    append(state.getSymNameAttr(), state.getType());
  persistentBytes = end;
  for (auto table : block.getOps<train::TableOp>())
    append(table.getSymNameAttr(), table.getValue().getShapedType());
  temporaries = end;
}

func::FuncOp tally::kernelOf(func::CallOp call) {
  return cast<func::FuncOp>(SymbolTable::lookupNearestSymbolFrom(call, call.getCalleeAttr()));
}

BodyPlan::BodyPlan(Block &block, const VariableLayout &layout) : layout(layout) {
  collect(block);
  writeInPlace(block);
  shareTemporaries(block);
  place();
}

void BodyPlan::collect(Block &block) {
  auto add = [&](Value value, StringAttr variable) {
    buffers[value] = places.size();
    Buffer &buffer = places.emplace_back();
    buffer.variable = variable;
    buffer.bytes = sizeInBytes(value.getType());
    buffer.first = buffer.last = finalPosition;
  };
  llvm::DenseMap<StringAttr, int64_t> variables;
  for (Operation &op : block) {
    positions[&op] = ++finalPosition;
    if (auto read = dyn_cast<train::ReadOp>(op)) {
      auto [entry, isNew] = variables.try_emplace(read.getVariableAttr().getAttr(), places.size());
      if (isNew)
        add(read.getValue(), read.getVariableAttr().getAttr());
      buffers[read.getValue()] = entry->second;
    } else if (isa<train::DatasetOp>(op)) {
      add(op.getResult(0), {});
      places.back().dataset = true;
    } else if (isa<func::CallOp>(op)) {
      for (Value result : op.getResults())
        add(result, {});
      KernelSignature signature(kernelOf(cast<func::CallOp>(op)));
      for (OpOperand &operand : op.getOpOperands().drop_front(signature.inputs)) {
        unsigned result = operand.getOperandNumber() - signature.inputs;
        if (result < signature.destinations) {
          undefined[&operand] = find(op.getResult(result));
          continue;
        }
        undefined[&operand] = places.size();
        Buffer scratch;
        scratch.bytes = sizeInBytes(operand.get().getType());
        scratch.first = scratch.last = finalPosition;
        places.push_back(scratch);
      }
    } else if (op.getNumResults() == 1 && !isa<tensor::EmptyOp>(op)) {
      buffers[op.getResult(0)] = find(op.getOperand(0)); // a view
    }
    for (OpOperand &operand : op.getOpOperands())
      if (!undefined.contains(&operand)) {
        Buffer &buffer = places[find(operand.get())];
        buffer.last = finalPosition;
        if (buffer.variable && isa<func::CallOp, train::WriteOp>(op))
          reads[buffer.variable].push_back(&operand);
      }
  }
  ++finalPosition;
}

bool BodyPlan::mayOverwrite(train::WriteOp write, func::CallOp call, unsigned result) {
  int64_t position = positions.lookup(call);
  func::FuncOp kernel = kernelOf(call);
  return llvm::all_of(reads.lookup(write.getVariableAttr().getAttr()), [&](OpOperand *use) {
    Operation *reader = use->getOwner();
    if (isa<train::WriteOp>(reader))
      return false; // copied at the end
    return positions.lookup(reader) < position ||
           (reader == call && mayShare(kernel, use->getOperandNumber(), result));
  });
}

/// Lets the producer of a written value compute right in the variable, where no one else still needs the old content.
void BodyPlan::writeInPlace(Block &block) {
  llvm::DenseMap<int64_t, func::CallOp> producers;
  llvm::DenseMap<int64_t, unsigned> results;
  for (auto call : block.getOps<func::CallOp>())
    for (OpResult result : call->getResults()) {
      producers[find(result)] = call;
      results[find(result)] = result.getResultNumber();
    }
  for (auto write : block.getOps<train::WriteOp>()) {
    StringAttr variable = write.getVariableAttr().getAttr();
    int64_t index = find(write.getValue());
    Buffer &buffer = places[index];
    if (buffer.variable == variable)
      continue; // its own old content, or already computed here
    func::CallOp producer = producers.lookup(index);
    if (producer && !buffer.variable && mayOverwrite(write, producer, results[index])) {
      buffer.variable = variable;
      continue;
    }
    copies.push_back({write, variable});
    buffer.last = finalPosition;
  }
  for (auto [number, copy] : llvm::enumerate(copies)) {
    StringAttr source = places[find(copy.write->getOperand(0))].variable;
    if (!source || !llvm::any_of(copies, [&](const FinalCopy &other) { return other.variable == source; }))
      continue;
    stages[number] = places.size();
    Buffer stage = places[find(copy.write->getOperand(0))];
    stage.variable = {};
    stage.first = stage.last = finalPosition;
    places.push_back(stage);
  }
}

/// An elementwise kernel may write where its dying input lies.
void BodyPlan::shareTemporaries(Block &block) {
  for (auto call : block.getOps<func::CallOp>()) {
    func::FuncOp kernel = kernelOf(call);
    KernelSignature signature(kernel);
    int64_t position = positions.lookup(call);
    llvm::SmallDenseSet<int64_t> taken;
    for (unsigned result = 0; result < signature.destinations; ++result) {
      int64_t to = find(call.getResult(result));
      if (places[to].variable)
        continue;
      for (unsigned input = 0; input < signature.inputs; ++input) {
        int64_t from = find(call.getOperand(input));
        Buffer &old = places[from];
        auto isFrom = [&](Value operand) { return find(operand) == from; };
        if (taken.contains(from) || old.variable || old.dataset || old.last != position || old.bytes != places[to].bytes ||
            llvm::count_if(call.getOperands().take_front(signature.inputs), isFrom) != 1 || !mayShare(kernel, input, result))
          continue;
        taken.insert(from);
        old.last = places[to].last;
        for (auto &entry : buffers)
          if (entry.second == to)
            entry.second = from;
        undefined[&call->getOpOperand(signature.inputs + result)] = from;
        places[to].bytes = 0;
        break;
      }
    }
  }
}

void BodyPlan::place() {
  SmallVector<Interval> intervals;
  SmallVector<Buffer *> owners;
  for (Buffer &buffer : places) {
    if (buffer.variable) {
      buffer.offset = layout.offsets.lookup(buffer.variable);
    } else if (!buffer.dataset && buffer.bytes != 0) {
      intervals.push_back({buffer.bytes, buffer.first, buffer.last});
      owners.push_back(&buffer);
    }
  }
  end = layout.temporaries + assignOffsets(intervals);
  for (auto [interval, owner] : llvm::zip_equal(intervals, owners))
    owner->offset = layout.temporaries + interval.offset;
}

std::optional<int64_t> BodyPlan::offsetOf(OpOperand &operand) const {
  auto entry = undefined.find(&operand);
  const Buffer &buffer = places[entry == undefined.end() ? find(operand.get()) : entry->second];
  return buffer.dataset ? std::nullopt : std::optional(buffer.offset);
}

std::optional<int64_t> BodyPlan::stageOf(size_t index) const {
  auto stage = stages.find(index);
  return stage == stages.end() ? std::nullopt : std::optional(places[stage->second].offset);
}
