# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports models of one node that must be refused: composed_refusals.py TALLY_TRANSLATE FOLDER. Prints status and messages of each."""
import pathlib
import sys

import numpy as np
from cases import CASES, case, f32, i64, weights
from window_refusals import main

CASES.clear()
HEADS, STEPS = (2, 3, 4, 8), (5, 2, 3)
case("Einsum", (2, 3, 4), "x", equation="ni,ij->nj")
case("Einsum", (2, 3, 4), "x", equation="nij->nk")
case("Einsum", (2, 3), "x", weights(4, 5), equation="ni,ij->nj")
case("Einsum", (2, 3), "x", equation="n1->n")
case("CumSum", (2, 3), "x", i64(0, 1))
case("TopK", (2, 3), "x", i64(4))
case("TopK", (2, 3), "x", "x")
case("OneHot", (2, 3), "x", f32(0), f32(0, 1))
case("Compress", (2, 3), "x", [np.ones(4, bool)], axis=1)
case("Unique", (2, 3), "x")
case("Det", (2, 9, 9))
case("DFT", (2, 9, 3), "x", None, np.array(1))
case("STFT", (2, 9, 1), "x", np.array(2), weights(10))
case("Attention", HEADS, "x", weights(2, 2, 6, 8), weights(2, 2, 6, 8))
case("Attention", (2, 4, 24), "x", weights(2, 4, 24), weights(2, 4, 24), q_num_heads=5, kv_num_heads=3)
case("Attention", HEADS, "x", weights(2, 3, 4, 8), weights(2, 3, 4, 8), weights(4, 5))
case("RotaryEmbedding", HEADS, "x", weights(2, 4, 3), weights(2, 4, 3))
case("LinearAttention", (2, 5, 24), "x", weights(2, 5, 24), weights(2, 5, 24), q_num_heads=3, kv_num_heads=3)
case("LSTM", STEPS, "x", weights(1, 16, 3), weights(1, 12, 4), hidden_size=4)
case("GRU", STEPS, "x", weights(1, 12, 3), weights(1, 12, 4), hidden_size=4, activations=["Sigmoid", "Sine"])
case("RNN", STEPS, "x", weights(1, 4, 3), weights(1, 4, 4), hidden_size=4, direction="sideways")
case("QuantizeLinear", (2, 3), "x", f32(1, 2), np.zeros(2, np.uint8))
case("BitCast", (2, 3), to=7)

if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
