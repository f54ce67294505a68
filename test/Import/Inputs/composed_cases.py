# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""More cases for values.py: ops that are compositions of many. Where ONNX's reference computes less than the newest opset says, `until` is the
last one that ONNX Runtime knows."""
import itertools

import numpy as np

from cases import case, f32, i64, weights

BATCH = {"batch": "N"}

# Einsum: transposes, sums, diagonals, ellipses, products of two and of three, outer products, units that broadcast.
for equation in ("nij->nji", "nij->n", "nij->jn", "...ij->...ji", "nij", "...->...", " n i j -> i n j"):
    case("Einsum", (2, 3, 4), "x", equation=equation, since=12, until=27)
case("Einsum", (2, 3, 3), "x", equation="nii->ni", since=12, until=27, **BATCH)
case("Einsum", (2, 3, 3), "x", equation="...ii->...", until=27)
case("Einsum", (2, 4, 3, 3), "x", equation="nijj->in", until=27)
case("Einsum", (2, 4), "x", weights(4, 5), equation="ni,io->no", until=27, **BATCH)
case("Einsum", (2, 4), "x", weights(5, 4), equation="ni,oi->no", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", weights(4, 5, 6), equation="nti,ihd->nhtd", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", weights(3, 4), equation="nti,ti->nt", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", weights(3, 4), equation="nti,ti->nti", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", weights(5), equation="nti,k->nkit", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", weights(2, 4, 5), equation="...ij,...jk->...ik", until=27)
case("Einsum", (2, 3, 4, 5), "x", "x", equation="nhqd,nhkd->nhqk", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", "x", equation="nij,nij->n", until=27, **BATCH)
case("Einsum", (2, 3, 4), "x", weights(1, 4, 6), weights(6, 2), equation="nij,njk,kl->nil", until=27)
case("Einsum", (2, 3, 4), "x", "x", "x", equation="nia,nja,nka->nijk", until=27, **BATCH)
case("Einsum", (2, 4), "x", weights(4), equation="ni,i", until=27)
case("Einsum", (2, 4), weights(4), "x", equation="z,nz->n", until=27, **BATCH)

# Sums and products so far
for op, exclusive, reverse in itertools.product(("CumSum", "CumProd"), (0, 1), (0, 1)):
    first = 11 if op == "CumSum" else 26
    for size, axis in ((1, 1), (2, 2), (5, 1), (8, -1), (13, -2)):
        shape = (2, 3, size) if axis in (2, -1) else (2, size, 3)
        case(op, shape, "x", np.array(axis, np.int32), since=first, exclusive=exclusive, reverse=reverse, **BATCH)

# Selections
for k, largest in itertools.product((1, 2, 5, 9), (0, 1)):
    case("TopK", (3, 9), "x", i64(k), since=11, largest=largest, **BATCH)
    case("TopK", (3, 9, 2), "x", i64(k), since=11, largest=largest, axis=1, outputs=2)
case("TopK", (3, 9), "x", until=9, k=4)
case("TopK", (3, 9), "x", i64(9), since=10, until=10)
case("OneHot", (3, 5), "x", f32(4), f32(-1, 2), since=11, **BATCH)
for axis in (0, 1, 2, -2):
    case("OneHot", (3, 5), "x", f32(3), f32(0.5, 3), since=11, axis=axis)
case("OneHot", (3, 5), "x", f32(3), f32(0, 1), until=10, since=9, low=0)
case("Hardmax", (3, 5), since=13, **BATCH)
for axis in (1, -1, -2):
    case("Hardmax", (3, 5, 2), axis=axis)
    case("Hardmax", (3, 5, 2), axis=axis, until=12)
case("Compress", (3, 5), "x", [np.array([True, False, False, True, True])], since=9, axis=1, **BATCH)
case("Compress", (3, 5), "x", [np.array([False, True])], axis=-1)
for size in (1, 2, 3, 4, 5):
    case("Det", (3, size, size), since=11, **BATCH)

# Fourier transforms
for inverse, parts, length in itertools.product((0, 1), (1, 2), (None, 4, 9, 12)):
    inputs = ["x", None if length is None else np.array(length, np.int64)]
    case("DFT", (2, 9, 3, parts), *inputs, np.array(1, np.int64), since=20, inverse=inverse, **BATCH)
    case("DFT", (2, 3, 9, parts), *(inputs if length else inputs[:1]), since=17, until=19, axis=2, inverse=inverse)
case("DFT", (2, 9, 3, 1), "x", None, np.array(1, np.int64), onesided=1)
case("DFT", (2, 8, 3, 1), "x", None, np.array(-3, np.int64), onesided=1)
for length in (8, 9):
    case("DFT", (2, 5, 3, 2), "x", np.array(length, np.int64), np.array(1, np.int64), onesided=1, inverse=1)
case("STFT", (2, 20, 1), "x", np.array(3, np.int64), None, np.array(8, np.int64), since=17, **BATCH)
case("STFT", (2, 20, 1), "x", np.array(4, np.int64), weights(7), since=17)
case("STFT", (2, 20, 2), "x", np.array(4, np.int64), weights(8), np.array(8, np.int64), since=17, onesided=0)

# Attention and what goes with it
HEADS = (2, 3, 4, 8)
KEYS = weights(2, 3, 6, 8)
for options in ({}, {"is_causal": 1}, {"scale": 0.3}, {"softcap": 1.5}, {"is_causal": 1, "softcap": 0.5, "scale": 1.0}):
    case("Attention", HEADS, "x", KEYS, weights(2, 3, 6, 5), since=23, **options)
    case("Attention", HEADS, "x", "x", "x", since=23, **options, **BATCH)
    case("Attention", (2, 4, 24), "x", "x", "x", since=23, q_num_heads=3, kv_num_heads=3, **options, **BATCH)
    case("Attention", (2, 4, 24), "x", weights(2, 6, 8), weights(2, 6, 10), since=23, q_num_heads=6, kv_num_heads=2, **options)
    case("Attention", (2, 6, 4, 8), "x", weights(2, 2, 5, 8), weights(2, 2, 5, 8), since=23, **options)
MASK = np.random.default_rng(2).random((4, 6)) < 0.6
MASK[1] = False
for mask in (MASK, [MASK], np.where(MASK, weights(4, 6), -np.inf).astype(np.float32), weights(4, 6), weights(3, 1, 6), MASK[:, :4], MASK[0]):
    for causal in (0, 1):
        case("Attention", HEADS, "x", KEYS, KEYS, mask, since=24, is_causal=causal)
case("Attention", HEADS, "x", weights(2, 3, 2, 8), KEYS[:, :, :2], None, KEYS, weights(2, 3, 6, 8), since=24, is_causal=1)
case("Attention", HEADS, "x", KEYS, KEYS, None, None, None, i64(5, 2), since=24)
case("Attention", HEADS, "x", KEYS, KEYS, MASK, None, None, i64(5, 2), since=24, is_causal=1)
for left, right in ((1, -1), (-1, 1), (2, 0), (0, 2)):
    case("Attention", HEADS, "x", KEYS, KEYS, since=25, left_window_size=left, right_window_size=right)
    case("Attention", HEADS, "x", KEYS, KEYS, None, None, None, i64(6, 4), since=25, left_window_size=left, right_window_size=right)
for interleaved, rotary in itertools.product((0, 1), (0, 4)):
    half = (rotary or 8) // 2
    case("RotaryEmbedding", HEADS, "x", weights(9, half), weights(9, half)[::-1].copy(), i64(*range(8)).reshape(2, 4), since=23,
         interleaved=interleaved, rotary_embedding_dim=rotary)
    case("RotaryEmbedding", (2, 4, 24), "x", weights(2, 4, half), weights(2, 4, half), since=23, interleaved=interleaved, rotary_embedding_dim=rotary,
         num_heads=3)
for rule, extra in (("linear", []), ("gated", [None, -abs(weights(2, 5, 12))]), ("gated", [None, -abs(weights(2, 5, 3))]), ("delta", [None, None, weights(2, 5, 3)]),
                    ("gated_delta", [weights(2, 3, 4, 2), -abs(weights(2, 5, 3)), weights(2, 5, 1)])):
    case("LinearAttention", (2, 5, 24), "x", weights(2, 5, 12), weights(2, 5, 6), *extra, since=27, q_num_heads=6, kv_num_heads=3, update_rule=rule)
for activation in ("none", "silu"):
    case("CausalConvWithState", (2, 3, 7), "x", weights(3, 1, 4), weights(3), since=27, activation=activation, **BATCH)
    case("CausalConvWithState", (2, 3, 7), "x", weights(3, 1, 4), None, weights(2, 3, 3), since=27, activation=activation)
for mode, start in (("linear", i64(1, 3)), ("circular", i64(4, 0))):
    case("TensorScatter", (2, 3, 6, 4), "x", weights(2, 3, 3, 4), start, since=24, mode=mode)
    case("TensorScatter", (2, 6, 3, 4), "x", weights(2, 3, 3, 4), start, since=24, mode=mode, axis=1)
case("TensorScatter", (2, 6, 4), "x", weights(2, 6, 3), since=24, axis=-1)
case("SwiGLU", (3, 5), "x", weights(3, 5), since=28, alpha=1.5)

# Recurrent networks: x is [time, batch, inputs].
STEPS, HIDDEN = (5, 2, 3), 4
for (op, gates), direction in itertools.product((("RNN", 1), ("GRU", 3), ("LSTM", 4)), ("forward", "reverse", "bidirectional")):
    number = 2 if direction == "bidirectional" else 1
    w, r, b = weights(number, gates * HIDDEN, 3), weights(number, gates * HIDDEN, HIDDEN), weights(number, 2 * gates * HIDDEN)
    common = {"hidden_size": HIDDEN, "direction": direction, "until": 22}
    lengths, start = np.array([3, 5], np.int32), weights(number, 2, HIDDEN)
    case(op, STEPS, "x", w, r, **common)
    case(op, STEPS, "x", w, r, b, **common)
    case(op, STEPS, "x", w, r, b, None, start, **common)
    case(op, STEPS, "x", w, r, b, lengths, start, outputs=2, **common)
    case(op, STEPS, "x", w, r, b, clip=0.7, **common)
    if op == "GRU":
        case(op, STEPS, "x", w, r, b, lengths, start, linear_before_reset=1, **common)
        case(op, STEPS, "x", w, r, None, None, start, linear_before_reset=1, **common)
    if op == "LSTM":
        peepholes = weights(number, 3 * HIDDEN)
        case(op, STEPS, "x", w, r, b, None, start, start, peepholes, **common)
        case(op, STEPS, "x", w, r, b, lengths, start, weights(number, 2, HIDDEN), peepholes, outputs=3, **common)
        case(op, STEPS, "x", w, r, input_forget=1, **common)
    functions = {"RNN": 1, "GRU": 2, "LSTM": 3}[op] * number
    for names, numbers in ((("Relu", "Softsign", "Tanh"), {}), (("HardSigmoid", "Elu", "LeakyRelu"), {}), (("Sigmoid", "Softplus", "Softsign"), {}),
                           (("ScaledTanh", "Affine", "ThresholdedRelu"), {"activation_alpha": [0.3, 0.5, 0.6] * number, "activation_beta": [0.4, 0.1] * number})):
        case(op, STEPS, "x", w, r, b, activations=list(itertools.islice(itertools.cycle(names), functions)), **common, **numbers)
