# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a model with functions, bodies or sequences: flow_models.py NAME FILE."""
import sys

import onnx

HEADER = '<ir_version: 10, opset_import: ["": {opset}, "local": 1]>\n'
MODELS = {}

MODELS["functions"] = """
net (float[N,4] x) => (float[N,3] y)
<float[4,4] first = {0.5,-1,2,0.25,1,1.5,-0.5,0.75,-2,1,0.5,1,0.5,0.5,-1,2}, float[4,4] second = {1,-0.5,1,0.25,-1,0.5,0.5,2,-2,1,0.5,1,-0.5,0.5,-1,1},
 float[4] zeros = {0,0,0,0}, float[4,3] head = {1,0,-1,0.5,2,1,-1,1,0.5,0.25,-2,1}>
{
  [one] a, trace = local.block <alpha = 0.25> (x, first, zeros)
  [two] b, unused = local.block <alpha = 0.5> (a, second, zeros)
  [three] c = local.shift <beta = 3.0> (b)
  [head] y = MatMul (c, head)
}
<domain: "local", opset_import: ["": 17, "local": 1]>
block <alpha> (x, weight, bias) => (y, product)
{
  [product] product = Gemm (x, weight, bias)
  [inner] y = local.act <slope: float = @alpha> (product)
}
<domain: "local", opset_import: ["": 20]>
act <slope, scale: float = 2.0> (x, mask) => (y)
{
  leaky = LeakyRelu <alpha: float = @slope> (x)
  [scale] scale = Constant <value_float: float = @scale> ()
  y = Mul (leaky, scale)
}
<domain: "local", opset_import: ["": 20]>
shift <beta: float = 1.0> (x) => (y)
{
  shift = Constant <value_float: float = @beta> ()
  y = Add (x, shift)
}
"""

# What neither ONNX Runtime nor the reference implementation runs.
MODELS["overloads"] = """
net (float[N,4] x) => (float[N,4] y)
<bool yes = {1}>
{
  [plain] a = local.shift (x)
  [other] b = local.shift:other (a)
  [known] y = If (yes) <
    then_branch = yes_graph () => (float[N,4] t) { [relu] t = Relu (b) },
    else_branch = no_graph () => (float[N,4] e) { [never] e = Unheard (b) } >
}
<domain: "local", opset_import: ["": 20]>
shift (x) => (y) { [add] y = Add (x, x) }
<domain: "local", overload: "other", opset_import: ["": 20]>
shift (x) => (y) { [mul] y = Mul (x, x) }
"""

MODELS["branches"] = """
net (float[N,4] x) => (float[N,4] y, float[N,4] z, float[N,2] w)
<float[4] scale = {1,-2,3,0.5}, bool yes = {1}, float[2,4] table = {1,2,3,4,5,6,7,8}>
{
  [known] y = If (yes) <
    then_branch = yes_graph () => (float[N,4] t) { [mul] t = Mul (x, scale) },
    else_branch = no_graph () => (float[N,4] e) { [never] e = Neg (x) } >
  total = ReduceSum <keepdims = 0> (x)
  zero = Constant <value_float = 0.0> ()
  positive = Greater (total, zero)
  [data] z, parts = If (positive) <
    then_branch = positive_graph () => (float[N,4] t, seq(float[N,2]) s) <float[4] own = {4,3,2,1}> {
      t = Add (y, own)
      two = Constant <value_int = 2> ()
      s = SplitToSequence <axis = 1> (x, two)
    },
    else_branch = negative_graph () => (float[N,4] e, seq(float[N,2]) r) {
      e = Identity (x)
      lows = Constant <value_ints = [0]> ()
      mids = Constant <value_ints = [2]> ()
      highs = Constant <value_ints = [4]> ()
      ones = Constant <value_ints = [1]> ()
      low = Slice (y, lows, mids, ones)
      high = Slice (y, mids, highs, ones)
      r = SequenceConstruct (high, low)
    } >
  at = Constant <value_int = -1> ()
  w = SequenceAt (parts, at)
}
"""

MODELS["loops"] = """
net (float[N,4] x) => (float[N,4] y, float[3,N,4] steps, int64[3] numbers, float[N,4] ended)
<int64 three = {3}, int64 many = {9223372036854775807}, bool yes = {1}, float[4,4] weight = {0.5,-0.1,0.2,0.25,0.1,0.15,-0.5,0.75,-0.2,0.1,0.5,0.1,0.5,0.5,-0.1,0.2},
 float[4] ones = {1,1,1,1}>
{
  [loop] y, steps, numbers = Loop (three, yes, x) <body = step (int64 i, bool c, float[N,4] h) => (bool d, float[N,4] out, float[N,4] kept, int64 square)
    <float[4] own = {0.5,1,-1,2}> {
      d = Identity (c)
      [product] product = MatMul (h, weight)
      [bias] biased = Add (product, own)
      [tanh] out = Tanh (biased)
      kept = Mul (biased, ones)
      square = Mul (i, i)
    } >
  none = Constant <value_int = 0> ()
  [until] last, ended = Loop (many, yes, none, x) <body = count (int64 i, bool c, int64 n, float[N,4] h) => (bool d, int64 m, float[N,4] out) {
      two = Constant <value_int = 2> ()
      m = Add (n, two)
      seven = Constant <value_int = 7> ()
      d = Less (m, seven)
      [nested] out = If (d) <then_branch = a () => (float[N,4] p) { p = Mul (h, h) }, else_branch = b () => (float[N,4] q) { q = Identity (h) }>
    } >
}
"""

MODELS["recurrent"] = """
net (float[N,4] x) => (float[N,4] y)
<int64 three = {3}, bool yes = {1}, float[4] zeros = {0,0,0,0}, float[4,4] weight = {0.5,-0.1,0.2,0.25,0.1,0.15,-0.5,0.75,-0.2,0.1,0.5,0.1,0.5,0.5,-0.1,0.2},
 float[4,4] other = {1,-0.5,1,0.25,-1,0.5,0.5,2,-2,1,0.5,1,-0.5,0.5,-1,1}>
{
  [loop] h = Loop (three, yes, x) <body = step (int64 i, bool c, float[N,4] a) => (bool d, float[N,4] b) {
      d = Identity (c)
      [product] product = MatMul (a, weight)
      [bias] biased = Add (product, zeros)
      [tanh] b = Tanh (biased)
    } >
  [head] y = Gemm (h, other, zeros)
}
"""

MODELS["scan"] = """
net (float[N,4,3] x) => (float[N,3] sum, float[N,3,4] back, float[4,N,3] forth, float[N] scalar)
<int64[1] axes = {1}>
{
  start = ReduceSum <keepdims = 0> (x, axes)
  [scan] sum, back, forth = Scan (start, x, x) <num_scan_inputs = 2, scan_input_axes = [1, -2], scan_input_directions = [0, 1],
      scan_output_axes = [-1, 0], scan_output_directions = [1, 0],
      body = step (float[N,3] s, float[N,3] a, float[N,3] b) => (float[N,3] t, float[N,3] u, float[N,3] v) {
        [weighted] twice = Add (b, b)
        [next] t = Add (s, twice)
        u = Mul (t, a)
        v = Sub (a, b)
      } >
  scalar = ReduceSum <keepdims = 0> (sum, axes)
}
"""

MODELS["batches"] = """
net (float[2,3] start, float[2,4,3] x) => (float[2,3] sum, float[2,4,3] all)
<int64[2] lengths = {4, 2}>
{
  [scan] sum, all = Scan (lengths, start, x) <num_scan_inputs = 1, directions = [1],
      body = step (float[3] s, float[3] a) => (float[3] t, float[3] u) {
        t = Add (s, a)
        u = Mul (t, a)
      } >
}
"""

MODELS["sequences"] = """
net (float[N,7] x) => (float[N,7] swapped, float[N,1] middle, float[N,5] joined, float[5,N] stacked, int64 length, float[N,6] mapped, float[N,4] looped)
<int64 two = {2}, int64 three = {3}, int64 one = {1}, int64 none = {0}, int64 back = {-1}, bool yes = {1}>
{
  parts = SplitToSequence <axis = 1> (x, three)
  a = SequenceAt (parts, none)
  c = SequenceAt (parts, back)
  shorter = SequenceErase (parts, one)
  longer = SequenceInsert (shorter, c, none)
  length = SequenceLength (longer)
  b = SequenceAt (parts, one)
  pair = SequenceConstruct (c, b, a)
  swapped = ConcatFromSequence <axis = 1> (pair)
  last = SequenceErase (longer)
  joined = ConcatFromSequence <axis = -1> (longer)
  middle = SequenceAt (last, none)
  singles = SplitToSequence <axis = 1, keepdims = 0> (joined)
  stacked = ConcatFromSequence <axis = 0, new_axis = 1> (singles)
  same = SequenceErase (pair, none)
  [map] doubled = SequenceMap (same, c) <body = twice (float[N,3] e, float[N,1] shift) => (float[N,3] f) { d = Add (e, e) f = Add (d, shift) }>
  mapped = ConcatFromSequence <axis = 1> (doubled)
  empty = SequenceEmpty <dtype = 1> ()
  [collect] collected = Loop (two, yes, empty) <body = add (int64 i, bool g, seq(float[N,2]) s) => (bool h, seq(float[N,2]) t) {
      h = Identity (g)
      p = SequenceAt (pair, i)
      starts = Constant <value_ints = [0]> ()
      axes = Constant <value_ints = [1]> ()
      r = SequenceLength (s)
      shape = Shape <start = 1> (p)
      q = ReduceSum <keepdims = 1> (p, axes)
      w = Concat <axis = 1> (q, q)
      t = SequenceInsert (s, w)
    } >
  looped = ConcatFromSequence <axis = 1> (collected)
}
"""


def build(name):
    return onnx.parser.parse_model(HEADER.format(opset=8 if name == "batches" else 20) + MODELS[name])


if __name__ == "__main__":
    onnx.save(build(sys.argv[1]), sys.argv[2])
