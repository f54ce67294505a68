// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports RNN, GRU and LSTM, unrolled over the steps of time.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

namespace {
/// A function of the gates, with numbers.
struct Activation {
  std::string name; ///< in lower case
  double alpha, beta;
};

/// Functions with numbers: their defaults are those of the ops of that name.
struct Parameters {
  StringLiteral name;
  bool hasAlpha, hasBeta;
  double alpha, beta;
};

/// What steps share. W: [gates * hidden, inputs], R: [gates * hidden, hidden]; parts that are absent are null.
struct Cell {
  Composition &c;
  int64_t gates, hidden;
  SmallVector<Activation> activations; ///< f, g, h
  std::optional<double> clip;
  bool linearBeforeReset, inputForget;
  Value recurrent, resetRecurrent; ///< R; of GRU without linear_before_reset those of z and r, and that of h
  Value resetBias;                 ///< [hidden]: the bias of R in gate h of GRU with linear_before_reset
  SmallVector<Value> peepholes;    ///< [hidden]: of i, o and f

  /// f, g or h of x, which the limits of `clip` bound but for h, as in ONNX Runtime.
  Value activate(size_t function, Value x);
  /// Gate `index` of all gates, [N, gates * hidden].
  Value gate(Value all, int64_t index) { return c.slice(all, 1, index * hidden, hidden); }
  Value product(Value state, Value weight) {
    return c.op("matmul", {state, weight}, {c.node.attr("transpose_y", c.node.getBuilder().getUnitAttr())});
  }
  Value sum(Value a, Value b) { return b ? c.add(a, b) : a; }
};

/// The states before or after a step, [N, hidden]; null for zero. `cell` is that of LSTM.
struct State {
  Value hidden, cell;
};
} // namespace

static constexpr Parameters parameters[] = {
    {"affine", true, true, 1, 0},         {"leakyrelu", true, false, 0.01, 0},   {"thresholdedrelu", true, false, 1, 0},
    {"scaledtanh", true, true, 1, 1},     {"hardsigmoid", true, true, 0.2, 0.5}, {"elu", true, false, 1, 0},
    {"sigmoid", false, false, 0, 0},      {"tanh", false, false, 0, 0},          {"relu", false, false, 0, 0},
    {"softsign", false, false, 0, 0},     {"softplus", false, false, 0, 0},
};

Value Cell::activate(size_t function, Value x) {
  const Activation &activation = activations[function];
  NodeReader &node = c.node;
  if (clip && function < 2)
    x = c.op("clip", x, {node.attr("minimum", -*clip), node.attr("maximum", *clip)});
  StringRef name = activation.name;
  if (name == "affine")
    return c.add(c.mul(x, activation.alpha), activation.beta);
  if (name == "scaledtanh")
    return c.mul(c.op("tanh", c.mul(x, activation.beta)), activation.alpha);
  if (name == "leakyrelu")
    return c.op("leaky_relu", x, {node.attr("alpha", activation.alpha)});
  if (name == "thresholdedrelu")
    return c.op("thresholded_relu", x, {node.attr("alpha", activation.alpha)});
  if (name == "elu")
    return c.op("elu", x, {node.attr("alpha", activation.alpha)});
  if (name == "hardsigmoid")
    return c.op("hard_sigmoid", x, {node.attr("alpha", activation.alpha), node.attr("beta", activation.beta)});
  return c.op(name, x);
}

// One step of each kind from gates = W x + bias, [N, gates * hidden].

/// h' = f(W x + R h).
static State stepRnn(Cell &cell, Value gates, State state) {
  Value recurrent = state.hidden ? cell.product(state.hidden, cell.recurrent) : Value();
  return {cell.activate(0, cell.sum(gates, recurrent)), {}};
}

/// z = f(.), r = f(.), n = g(W x + R (r h)) or, linear before the reset, g(W x + r (R h + b)); h' = (1 - z) n + z h = n + z (h - n).
static State stepGru(Cell &cell, Value gates, State state) {
  Composition &c = cell.c;
  int64_t hidden = cell.hidden;
  Value h = state.hidden, both = c.slice(gates, 1, 0, 2 * hidden), candidate = cell.gate(gates, 2), product;
  if (h) {
    product = cell.product(h, cell.recurrent);
    both = c.add(both, cell.linearBeforeReset ? c.slice(product, 1, 0, 2 * hidden) : product);
  }
  both = cell.activate(0, both);
  Value z = cell.gate(both, 0), r = cell.gate(both, 1), change;
  if (cell.linearBeforeReset) {
    change = h ? cell.sum(cell.gate(product, 2), cell.resetBias) : cell.resetBias;
    change = change ? c.mul(r, change) : change;
  } else if (h) {
    change = cell.product(c.mul(r, h), cell.resetRecurrent);
  }
  Value n = cell.activate(1, cell.sum(candidate, change));
  return {h ? c.add(n, c.mul(z, c.sub(h, n))) : c.sub(n, c.mul(z, n)), {}};
}

/// i, o, f = f(.), C' = f C + i g(.), h' = o h(C'); gates see the state C where there are peepholes, o that of after the step.
static State stepLstm(Cell &cell, Value gates, State state) {
  Composition &c = cell.c;
  if (state.hidden)
    gates = c.add(gates, cell.product(state.hidden, cell.recurrent));
  auto at = [&](int64_t index, Value seen, size_t peephole) {
    Value gate = cell.gate(gates, index);
    if (seen && !cell.peepholes.empty())
      gate = c.add(gate, c.mul(cell.peepholes[peephole], seen));
    return cell.activate(0, gate);
  };
  Value input = at(0, state.cell, 0);
  Value forget = cell.inputForget ? c.sub(1, input) : at(2, state.cell, 2);
  Value kept = state.cell ? c.mul(forget, state.cell) : Value();
  Value next = cell.sum(c.mul(input, cell.activate(1, cell.gate(gates, 3))), kept);
  Value output = at(1, next, 1);
  return {c.mul(output, cell.activate(2, next)), next};
}

/// The functions of one direction; false after an error.
static bool readActivations(NodeReader &node, ArrayRef<StringRef> defaults, size_t direction, size_t directions, SmallVector<Activation> &result) {
  auto numbers = [&](StringRef name) {
    const NodeAttribute *found = node.attribute(name);
    return found ? ArrayRef(found->floats) : ArrayRef<float>();
  };
  const NodeAttribute *given = node.attribute("activations");
  ArrayRef<float> alphas = numbers("activation_alpha"), betas = numbers("activation_beta");
  size_t number = defaults.size();
  if (given && given->strings.size() < number * directions) {
    (void)node.wrong("expects at least " + Twine(number * directions) + " activations, got " + Twine(given->strings.size()));
    return false;
  }
  for (size_t index = 0; index < number * directions; ++index) {
    std::string name = StringRef(given ? StringRef(given->strings[index]) : defaults[index % number]).lower();
    const Parameters *known = llvm::find_if(parameters, [&](const Parameters &candidate) { return candidate.name == name; });
    if (known == std::end(parameters)) {
      (void)node.wrong("activation '" + name + "' does not exist");
      return false;
    }
    // Numbers are used up in the order of the functions that take them.
    Activation activation = {name, known->alpha, known->beta};
    for (auto [takes, list, value] : {std::tuple(known->hasAlpha, &alphas, &activation.alpha), {known->hasBeta, &betas, &activation.beta}})
      if (takes && !list->empty()) {
        *value = list->front();
        *list = list->drop_front();
      }
    if (index / number == direction)
      result.push_back(activation);
  }
  return true;
}

/// True for an input that is absent or known to be zero: a state that need not be computed with.
static bool isZero(NodeReader &node, size_t input) {
  if (!node.has(input))
    return true;
  auto known = node.constants(input);
  auto isNull = [](const HostTensor &host) { return llvm::all_of(host.reals, [](double element) { return element == 0; }); };
  return known && node.binding(input).kind == Binding::Kind::Host && isNull(known->first) && isNull(known->second);
}

/// Row `direction` of x, [directions, ...], without that dimension.
static Value ofDirection(Composition &c, Value x, int64_t direction) {
  if (!x)
    return {};
  Shape shape = c.shapeOf(x);
  if (shape.rank() < 2) {
    (void)c.node.wrong("expects weights, biases and states with a dimension for directions");
    return {};
  }
  shape.erase(0);
  return c.reshape(c.slice(x, 0, direction, 1), shape);
}

namespace {
using Step = State (*)(Cell &, Value, State);

/// What an op of the family has.
struct Kind {
  int64_t gates;
  Step step;
  SmallVector<StringRef> activations;
};

/// The inputs, with time first: x is [T, N, inputs], initial states are [directions, N, hidden] or null for zero.
struct Inputs {
  Value x, w, r, b, hidden, cell, peepholes;
  Value lengths; ///< [N, 1], or null where all sequences are as long as x
};
} // namespace

/// Runs one direction: y is [T, N, hidden] where it is wanted.
static LogicalResult runDirection(Cell &cell, const Kind &kind, const Inputs &in, int64_t direction, bool backwards, bool wantsY, Value &y, State &last) {
  Composition &c = cell.c;
  int64_t gates = kind.gates, hidden = cell.hidden;
  Value w = ofDirection(c, in.w, direction), bias = ofDirection(c, in.b, direction), peepholes = ofDirection(c, in.peepholes, direction);
  cell.recurrent = ofDirection(c, in.r, direction);
  cell.resetRecurrent = cell.resetBias = {};
  cell.peepholes.clear();
  for (int64_t index = 0; peepholes && index < 3; ++index)
    cell.peepholes.push_back(c.slice(peepholes, 0, index * hidden, hidden));
  if (bias) {
    Value ofW = c.slice(bias, 0, 0, gates * hidden), ofR = c.slice(bias, 0, gates * hidden, gates * hidden);
    if (cell.linearBeforeReset) {
      cell.resetBias = c.slice(ofR, 0, 2 * hidden, hidden);
      Value left = c.slice(ofW, 0, 0, 2 * hidden), right = c.slice(ofR, 0, 0, 2 * hidden), candidate = c.slice(ofW, 0, 2 * hidden, hidden);
      Value both = c.add(left, right);
      bias = c.concat({both, candidate}, 0);
    } else {
      bias = c.add(ofW, ofR);
    }
  }
  if (kind.step == stepGru && !cell.linearBeforeReset) {
    cell.resetRecurrent = c.slice(cell.recurrent, 0, 2 * hidden, hidden);
    cell.recurrent = c.slice(cell.recurrent, 0, 0, 2 * hidden);
  }
  // W x of all steps is one product.
  Shape shape = c.shapeOf(in.x), all = shape;
  all.set(2, gates * hidden);
  Value products = cell.sum(cell.product(c.reshape(in.x, shape.merged(0, 2)), w), bias);
  products = c.reshape(products, all);
  last = {ofDirection(c, in.hidden, direction), ofDirection(c, in.cell, direction)};
  int64_t length = shape.here[0];
  SmallVector<Value> steps(length);
  all.erase(0);
  Shape single = all;
  single.set(1, hidden);
  single.insert(0, 1);
  for (int64_t index = 0; index < length; ++index) {
    int64_t time = backwards ? length - 1 - index : index;
    State next = kind.step(cell, c.reshape(c.slice(products, 0, time, 1), all), last);
    if (!next.hidden)
      return failure();
    Value output = next.hidden;
    if (in.lengths) {
      // Behind its end a sequence keeps its state, and its output is 0.
      Value runs = c.compare(nn::Relation::Less, c.number(static_cast<double>(time), in.lengths), in.lengths);
      auto kept = [&](Value after, Value before) { return after ? c.select(runs, after, before ? before : c.number(0, after)) : after; };
      output = wantsY ? kept(next.hidden, {}) : Value();
      next.hidden = kept(next.hidden, last.hidden);
      next.cell = kept(next.cell, last.cell);
    }
    last = next;
    if (wantsY)
      steps[time] = c.reshape(output, single);
  }
  if (wantsY)
    y = c.concat(steps, 0);
  return success(last.hidden && (!wantsY || y));
}

/// The parts of the directions, each without their dimension, as one tensor with dimension `axis` for them.
static Value joinDirections(Composition &c, ArrayRef<Value> parts, int64_t axis) {
  SmallVector<Value> units;
  for (Value part : parts) {
    if (!part)
      return {};
    Shape shape = c.shapeOf(part);
    shape.insert(axis, 1);
    units.push_back(c.reshape(part, shape));
  }
  return units.size() == 1 ? units.front() : c.concat(units, axis);
}

/// Reads the inputs; x is null after an error.
static Inputs readInputs(Composition &c, bool batchFirst) {
  NodeReader &node = c.node;
  Value x = c.input(0);
  FailureOr<Value> w = node.weight(1, "linear.weight", "weight"), r = node.weight(2, "linear.weight", "recurrence");
  if (!x || failed(w) || failed(r))
    return {};
  if (c.rankOf(x) != 3 || c.rankOf(*w) != 3 || c.rankOf(*r) != 3) {
    (void)node.wrong("expects inputs of 3 dimensions");
    return {};
  }
  Inputs in = {batchFirst ? c.transpose(x, {1, 0, 2}) : x, *w, *r, {}, {}, {}, {}, {}};
  auto state = [&](size_t input, Value &value) {
    if (isZero(node, input))
      return true;
    value = c.input(input);
    if (value && c.rankOf(value) == 3 && batchFirst)
      value = c.transpose(value, {1, 0, 2});
    return static_cast<bool>(value);
  };
  auto weight = [&](size_t input, StringRef kind, StringRef slot, Value &value) {
    if (isZero(node, input))
      return true;
    FailureOr<Value> read = node.weight(input, kind, slot);
    value = succeeded(read) ? *read : Value();
    return static_cast<bool>(value);
  };
  bool isLstm = node.getRow().target == "lstm";
  bool fine = weight(3, "bias", "bias", in.b) && state(5, in.hidden) && (!isLstm || (state(6, in.cell) && weight(7, "other", "peephole", in.peepholes)));
  auto known = node.constants(4);
  int64_t length = c.shapeOf(in.x).here[0];
  bool isFull = known && llvm::all_of(known->first.integers, [&](int64_t element) { return element == length; });
  if (fine && node.has(4) && !isFull) {
    Value lengths = c.input(4);
    Shape column = c.shapeOf(lengths);
    column.insert(column.rank(), 1);
    fine = static_cast<bool>(in.lengths = c.reshape(lengths, column));
  }
  if (!fine)
    in.x = {};
  return in;
}

static LogicalResult importRecurrent(NodeReader &node) {
  Composition c(node);
  StringRef target = node.getRow().target;
  Kind kind = target == "rnn"   ? Kind{1, stepRnn, {"tanh"}}
              : target == "gru" ? Kind{3, stepGru, {"sigmoid", "tanh"}}
                                : Kind{4, stepLstm, {"sigmoid", "tanh", "tanh"}};
  StringRef order = node.string("direction", "forward");
  if (order != "forward" && order != "reverse" && order != "bidirectional")
    return node.wrong("expects 'forward', 'reverse' or 'bidirectional' as direction, got '" + order + "'");
  int64_t directions = order == "bidirectional" ? 2 : 1;
  bool batchFirst = node.integer("layout", 0) != 0;
  Inputs in = readInputs(c, batchFirst);
  if (!in.x)
    return failure();
  Shape shape = c.shapeOf(in.x);
  int64_t hidden = node.integer("hidden_size", c.shapeOf(in.r).here[2]);
  if (c.shapeOf(in.w).here != SmallVector<int64_t>{directions, kind.gates * hidden, shape.here[2]} ||
      c.shapeOf(in.r).here != SmallVector<int64_t>{directions, kind.gates * hidden, hidden})
    return node.wrong("expects W of [" + Twine(directions) + ", " + Twine(kind.gates * hidden) + ", " + Twine(shape.here[2]) + "] and R of [" +
                      Twine(directions) + ", " + Twine(kind.gates * hidden) + ", " + Twine(hidden) + "]");
  if (shape.isBatch(0) || shape.isBatch(2))
    return node.unsupported("steps of time along the batch are not supported");
  Cell cell = {c, kind.gates, hidden, {}, {}, false, false, {}, {}, {}, {}};
  if (double clip = node.real("clip", 0); clip > 0)
    cell.clip = clip;
  cell.linearBeforeReset = target == "gru" && node.integer("linear_before_reset", 0) != 0;
  cell.inputForget = target == "lstm" && node.integer("input_forget", 0) != 0;
  auto wants = [&](size_t output) { return output < node.getNode().outputs.size() && !node.getNode().outputs[output].empty(); };
  SmallVector<Value> all, lastHidden, lastCell;
  for (int64_t direction = 0; direction < directions; ++direction) {
    cell.activations.clear();
    if (!readActivations(node, kind.activations, direction, directions, cell.activations))
      return failure();
    Value y;
    State last;
    if (failed(runDirection(cell, kind, in, direction, order == "reverse" || direction == 1, wants(0), y, last)))
      return failure();
    all.push_back(y);
    lastHidden.push_back(last.hidden);
    lastCell.push_back(last.cell);
  }
  // [T, directions, N, hidden] and [directions, N, hidden], or with the batch first.
  if (wants(0)) {
    Value y = joinDirections(c, all, 1);
    if (!y || failed(c.result(batchFirst ? c.transpose(y, {2, 0, 1, 3}) : y, 0, node.elementType(0))))
      return failure();
  }
  for (auto [output, parts] : {std::pair(size_t(1), &lastHidden), {2, &lastCell}}) {
    if (!wants(output))
      continue;
    Value state = joinDirections(c, *parts, 0);
    if (!state || failed(c.result(batchFirst ? c.transpose(state, {1, 0, 2}) : state, output, node.elementType(0))))
      return failure();
  }
  return success();
}

ArrayRef<OpRow> tally::onnx::getRecurrentRows() {
  static const OpRow rows[] = {
      {"RNN", {7}, importRecurrent, "rnn", 3, 2},
      {"GRU", {7}, importRecurrent, "gru", 3, 2},
      {"LSTM", {7}, importRecurrent, "lstm", 3, 3},
  };
  return rows;
}
