// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports ops of sequence models beside Attention: rotary positions, linear attention, causal convolution, caches and gates.
#include "Composition.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// The rows of a table, [positions, half] taken at position_ids or [N, length, half] as they are, with a unit for the heads.
static Value rotaryTable(Composition &c, size_t input, int64_t half, int64_t headAxis) {
  Value table = c.fixedInput(input);
  if (table && c.node.has(3)) {
    Value positions = c.input(3);
    if (!positions || c.rankOf(positions) != 2 || c.rankOf(table) != 2) {
      (void)c.node.wrong("expects position_ids of 2 dimensions and tables of 2");
      return {};
    }
    Shape rows = c.shapeOf(table), taken = c.shapeOf(positions);
    int64_t size = rows.here[1];
    rows.insert(0, 1);
    taken.insert(2, size);
    table = c.reshape(c.op("gather", {c.reshape(table, rows), positions}), taken);
  }
  if (!table)
    return {};
  Shape shape = c.shapeOf(table);
  if (shape.rank() != 3 || shape.here[2] != half) {
    (void)c.node.wrong("expects tables of " + Twine(half) + " numbers for each position");
    return {};
  }
  shape.insert(headAxis, 1);
  return c.reshape(table, shape);
}

/// The first rotary_embedding_dim elements of each head as points of a plane, rotated by angles that follow from the position:
/// (x1 cos - x2 sin, x1 sin + x2 cos).
static LogicalResult importRotaryEmbedding(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  if (!x)
    return failure();
  Shape given = c.shapeOf(x), shape = given;
  int64_t heads = node.integer("num_heads", 0), headAxis = 1;
  if (shape.rank() == 3) {
    if (heads < 1 || shape.here[2] % heads != 0)
      return node.wrong("expects num_heads to divide " + Twine(shape.here[2]) + " elements, got " + Twine(heads));
    shape.set(2, shape.here[2] / heads);
    shape.insert(2, heads);
    headAxis = 2;
  } else if (shape.rank() != 4) {
    return node.wrong("expects an input of 3 or 4 dimensions, got " + Twine(shape.rank()));
  }
  x = c.reshape(x, shape);
  int64_t size = shape.here[3], rotated = node.integer("rotary_embedding_dim", 0), half = (rotated ? rotated : size) / 2;
  if (half < 1 || 2 * half > size)
    return node.wrong("expects rotary_embedding_dim within heads of " + Twine(size) + " elements, got " + Twine(rotated));
  Value cosine = rotaryTable(c, 1, half, headAxis), sine = rotaryTable(c, 2, half, headAxis);
  bool interleaved = node.integer("interleaved", 0) != 0;
  int64_t step = interleaved ? 2 : 1;
  Value first = c.slice(x, 3, 0, half, step), second = c.slice(x, 3, interleaved ? 1 : half, half, step);
  Value a = c.mul(first, cosine), b = c.mul(second, sine), d = c.mul(first, sine), e = c.mul(second, cosine);
  Value real = c.sub(a, b), imaginary = c.add(d, e);
  if (!real || !imaginary)
    return failure();
  Value y;
  if (interleaved) {
    Shape unit = c.shapeOf(real);
    unit.insert(4, 1);
    Value left = c.reshape(real, unit), right = c.reshape(imaginary, unit);
    Value pairs = c.concat({left, right}, 4);
    y = pairs ? c.reshape(pairs, c.shapeOf(pairs).merged(3, 5)) : pairs;
  } else {
    y = c.concat({real, imaginary}, 3);
  }
  if (2 * half < size) {
    Value rest = c.slice(x, 3, 2 * half, size - 2 * half);
    y = c.concat({y, rest}, 3);
  }
  return c.result(c.reshape(y, given), 0, node.elementType(0));
}

/// [N, length, heads * size] as [N, heads, length, size]; null after an error.
static Value splitHeads(Composition &c, Value x, int64_t heads) {
  if (!x)
    return {};
  Shape shape = c.shapeOf(x);
  if (shape.rank() != 3 || shape.here[2] % heads != 0) {
    (void)c.node.wrong("expects inputs of 3 dimensions, the last of which " + Twine(heads) + " heads divide");
    return {};
  }
  int64_t size = shape.here[2] / heads;
  shape.set(2, size);
  shape.insert(2, heads);
  return c.transpose(c.reshape(x, shape), {0, 2, 1, 3});
}

namespace {
/// The inputs of LinearAttention, [N, heads, length, ...]; gates are null where the rule has none.
struct Recurrence {
  Value q, k, v, decay, beta;
  int64_t groups, queries; ///< heads of keys, and query heads for each
};
} // namespace

/// One step of the state S, [N, heads, key size, value size] (null for zero): S = exp(decay) S, then S += k (beta (v - S^T k))^T.
static Value stepState(Composition &c, const Recurrence &in, Value state, int64_t time) {
  auto at = [&](Value x) { return c.slice(x, 2, time, 1); };
  Value key = at(in.k), value = at(in.v);
  if (in.decay && state) {
    Value factor = c.op("exp", at(in.decay));
    state = factor ? c.mul(state, c.transpose(factor, {0, 1, 3, 2})) : Value();
  }
  if (in.beta) {
    Value known = state ? c.op("matmul", {key, state}) : Value();
    Value change = known ? c.sub(value, known) : value;
    value = c.mul(at(in.beta), change);
  }
  if (!key || !value)
    return {};
  Value update = c.mul(c.transpose(key, {0, 1, 3, 2}), value);
  return state ? c.add(state, update) : update;
}

/// y[t] = scale * q[t]^T S[t] with a state that each step changes (the rules linear, gated, delta and gated_delta).
static LogicalResult importLinearAttention(NodeReader &node) {
  Composition c(node);
  StringRef rule = node.string("update_rule", "gated_delta");
  node.ignore({"chunk_size"}); // of an implementation
  int64_t heads = node.integer("q_num_heads", 0), groups = node.integer("kv_num_heads", 0);
  if (!llvm::is_contained({"linear", "gated", "delta", "gated_delta"}, rule))
    return node.wrong("expects 'linear', 'gated', 'delta' or 'gated_delta' as update_rule, got '" + rule + "'");
  if (groups < 1 || heads < 1 || heads % groups != 0)
    return node.wrong("expects q_num_heads, " + Twine(heads) + ", to be a multiple of kv_num_heads, " + Twine(groups));
  bool hasDecay = rule.starts_with("gated"), hasBeta = rule.ends_with("delta");
  if (hasDecay != node.has(4) || hasBeta != node.has(5))
    return node.wrong("expects decay for gated rules and beta for delta rules alone");
  Value k = c.input(1);
  Recurrence in = {splitHeads(c, c.input(0), heads), splitHeads(c, k, groups), splitHeads(c, c.input(2), groups), {}, {}, groups, heads / groups};
  if (!in.q || !in.k || !in.v)
    return failure();
  if (hasDecay) {
    // A number for each head, or one for each element of a key.
    Value decay = c.input(4);
    if (!decay || !(in.decay = splitHeads(c, decay, groups)))
      return failure();
  }
  if (hasBeta) {
    Value beta = c.input(5);
    if (!beta || !(in.beta = splitHeads(c, beta, c.rankOf(beta) == 3 ? c.shapeOf(beta).here[2] : groups)))
      return failure();
  }
  Shape shape = c.shapeOf(in.q);
  int64_t length = shape.here[2], keySize = shape.here[3], valueSize = c.shapeOf(in.v).here[3];
  if (shape.isBatch(2))
    return node.unsupported("attention along the batch is not supported");
  double scale = node.real("scale", 0);
  if (scale == 0)
    scale = 1 / std::sqrt(static_cast<double>(keySize));
  Value q = c.mul(in.q, scale), state = c.input(3, /*optional=*/true);
  SmallVector<Value> steps;
  for (int64_t time = 0; time < length; ++time) {
    state = stepState(c, in, state, time);
    if (!state)
      return failure();
    // The query heads of one state are rows: [N, groups, queries, key size].
    Shape rows = shape, flat = shape;
    rows.set(1, groups);
    rows.set(2, in.queries);
    Value y = c.op("matmul", {c.reshape(c.slice(q, 2, time, 1), rows), state});
    flat.erase(3);
    flat.set(1, 1);
    flat.set(2, heads * valueSize);
    steps.push_back(c.reshape(y, flat));
  }
  if (failed(c.result(c.concat(steps, 1), 0, node.elementType(0))))
    return failure();
  return c.result(state, 1, node.has(3) ? node.elementType(3) : node.elementType(0));
}

/// A convolution of each channel with what came before, and the inputs that the next part needs.
static LogicalResult importCausalConvWithState(NodeReader &node) {
  Composition c(node);
  Value x = c.input(0);
  FailureOr<Value> weight = node.weight(1, "conv.weight", "weight");
  if (!x || failed(weight))
    return failure();
  Shape shape = c.shapeOf(x), filter = c.shapeOf(*weight);
  StringRef activation = node.string("activation", "none");
  if (!llvm::is_contained({"none", "silu", "swish"}, activation))
    return node.wrong("expects 'none', 'silu' or 'swish' as activation, got '" + activation + "'");
  if (shape.rank() != 3 || filter.rank() != 3 || filter.here[0] != shape.here[1] || filter.here[1] != 1)
    return node.wrong("expects [N, C, length] as input and [C, 1, k] as weight");
  int64_t channels = shape.here[1], before = filter.here[2] - 1;
  Value past = c.input(3, /*optional=*/true);
  if (node.has(3) && !past)
    return failure();
  Value padded = past ? c.concat({past, x}, 2) : c.padWithZeros(x, 2, before, 0);
  if (!padded)
    return failure();
  Shape image = c.shapeOf(padded);
  int64_t length = image.here[2];
  image.insert(2, 1);
  filter.insert(2, 1);
  Value y = c.op("conv", {c.reshape(padded, image), c.reshape(*weight, filter)},
                 {node.attr("strides", {1, 1}), node.attr("dilations", {1, 1}), node.attr("pads", {0, 0, 0, 0}), node.integerAttr("group", channels)});
  y = c.reshape(y, shape);
  if (node.has(2)) {
    FailureOr<Value> bias = node.weight(2, "bias", "bias");
    if (failed(bias))
      return failure();
    y = c.add(y, c.reshape(*bias, {{channels, 1}, {channels, 1}}));
  }
  if (activation != "none")
    y = swish(node, y, 1);
  if (failed(c.result(y, 0, node.elementType(0))))
    return failure();
  return c.result(c.slice(padded, 2, length - before, before), 1, node.elementType(0));
}

/// past_cache with the update in place of the elements of `axis` from write_indices on.
static LogicalResult importTensorScatter(NodeReader &node) {
  Composition c(node);
  Value cache = c.input(0), update = c.input(1);
  std::optional<int64_t> axis = cache ? c.axis(node.integer("axis", -2), c.rankOf(cache)) : std::nullopt;
  StringRef mode = node.string("mode", "linear");
  if (!axis || !update)
    return failure();
  Shape shape = c.shapeOf(cache), part = c.shapeOf(update);
  if (mode != "linear" && mode != "circular")
    return node.wrong("expects 'linear' or 'circular' as mode, got '" + mode + "'");
  if (*axis == 0 || part.rank() != shape.rank() || part.here[*axis] > shape.here[*axis])
    return node.wrong("expects an axis behind the batch, and an update that fits into the cache");
  int64_t size = shape.here[*axis], number = part.here[*axis];
  Value places = c.integers(llvm::to_vector(llvm::seq<int64_t>(0, number)), {1, number});
  if (node.has(2)) {
    Value start = c.input(2);
    if (!start)
      return failure();
    Shape column = c.shapeOf(start);
    if (column.rank() != 1)
      return node.wrong("expects a list as write_indices");
    column.insert(1, 1);
    places = c.add(c.reshape(start, column), places);
    if (mode == "circular")
      places = c.op("remainder", {places, c.number(static_cast<double>(size), places)});
  }
  // The axis behind the batch, the others as one.
  SmallVector<int64_t> forth = llvm::to_vector(llvm::seq<int64_t>(0, shape.rank())), back = forth;
  forth.erase(forth.begin() + *axis);
  forth.insert(forth.begin() + 1, *axis);
  for (auto [to, from] : llvm::enumerate(forth))
    back[from] = to;
  Value rows = c.transpose(cache, forth), updates = c.transpose(update, forth);
  if (!rows || !updates)
    return failure();
  Shape moved = c.shapeOf(rows);
  auto flat = [&](Value value) { return c.reshape(value, c.shapeOf(value).merged(2, shape.rank())); };
  Value flatRows = flat(rows), flatUpdates = flat(updates);
  auto none = node.getBuilder().getI32IntegerAttr(static_cast<int32_t>(nn::ScatterReduction::None));
  Value y = c.reshape(c.op("scatter", {flatRows, places, flatUpdates}, {node.attr("reduction", none)}), moved);
  return y ? c.result(c.transpose(y, back), 0, node.elementType(0)) : failure();
}

/// a sigmoid(alpha a) b.
static LogicalResult importSwiGlu(NodeReader &node) {
  Composition c(node);
  Value a = c.input(0), b = c.input(1);
  if (!a || !b)
    return failure();
  if (c.shapeOf(a) != c.shapeOf(b))
    return node.wrong("expects two inputs of one shape");
  return c.result(c.mul(swish(node, a, node.real("alpha", 1)), b));
}

ArrayRef<OpRow> tally::onnx::getSequenceRows() {
  static const OpRow rows[] = {
      {"RotaryEmbedding", {23}, importRotaryEmbedding, "", 3},
      {"LinearAttention", {27}, importLinearAttention, "", 3, 2},
      {"CausalConvWithState", {27}, importCausalConvWithState, "", 2, 2},
      {"TensorScatter", {24}, importTensorScatter, "", 2},
      {"SwiGLU", {28}, importSwiGlu, "", 2},
  };
  return rows;
}
