# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases for gradients.py: ops that are compositions of many."""
from __main__ import case, i64

import numpy as np

AXIS = np.array(1)
MASK = np.array([[1, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], bool)

case("Einsum", (2, 3, 4), (4, 5), (5, 2), opset=12, equation="nij,jk,kl->nil")
case("Einsum", (2, 3, 3), (2, 3), opset=12, equation="nii,nj->nj")
case("Einsum", (2, 3, 4), (1, 4, 2), opset=12, equation="...ij,...jk")
case("CumSum", (2, 3, 4), AXIS, opset=14, reverse=1)
case("CumSum", (2, 7), AXIS, opset=14, exclusive=1)
case("CumProd", (2, 7), AXIS, opset=26)
case("CumProd", (2, 6), AXIS, opset=26, exclusive=1, reverse=1)
case("TopK", (2, 6), i64(3), opset=11)
case("TopK", (2, 4), i64(4), opset=11, largest=0)
case("Det", (2, 3, 3), opset=22)
case("DFT", (2, 5, 3, 2), None, AXIS, opset=20)
case("STFT", (2, 10, 1), np.array(3), (4,), opset=17)
case("Attention", (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3), opset=23, is_causal=1, softcap=1.5)
case("Attention", (2, 4, 3, 4), (2, 2, 3, 4), (2, 2, 3, 3), (3, 3), opset=23, scale=0.7)
case("Attention", (2, 3, 8), (2, 5, 4), (2, 5, 4), MASK, opset=24, q_num_heads=4, kv_num_heads=2)
case("Attention", (2, 2, 3, 4), (2, 2, 2, 4), (2, 2, 2, 4), None, (2, 2, 3, 4), (2, 2, 3, 4), opset=24, outputs=4, is_causal=1, qk_matmul_output_mode=3)
case("RotaryEmbedding", (2, 2, 3, 4), (2, 3, 2), (2, 3, 2), opset=23, interleaved=1)
case("LinearAttention", (2, 3, 8), (2, 3, 4), (2, 3, 6), (2, 2, 2, 3), (2, 3, 4), (2, 3, 2), opset=27, outputs=2, q_num_heads=4, kv_num_heads=2)
case("CausalConvWithState", (2, 3, 5), (3, 1, 3), (3,), (2, 3, 2), opset=27, outputs=2, activation="silu")
case("TensorScatter", (2, 2, 5, 3), (2, 2, 2, 3), i64(1, 3), opset=24)
case("Swish", (2, 5), opset=24, alpha=1.5)
case("SwiGLU", (2, 5), (2, 5), opset=28, alpha=1.5)
case("RNN", (3, 2, 3), (2, 4, 3), (2, 4, 4), (2, 8), None, (2, 2, 4), opset=22, outputs=2, hidden_size=4, direction="bidirectional")
case("GRU", (3, 2, 3), (1, 12, 3), (1, 12, 4), (1, 24), np.array([3, 2], np.int32), (1, 2, 4), opset=22, outputs=2, hidden_size=4)
case("GRU", (3, 2, 3), (1, 12, 3), (1, 12, 4), (1, 24), opset=22, outputs=2, hidden_size=4, linear_before_reset=1)
case("LSTM", (3, 2, 3), (1, 16, 3), (1, 16, 4), (1, 32), None, (1, 2, 4), (1, 2, 4), (1, 12), opset=22, outputs=3, hidden_size=4)
case("LSTM", (2, 3, 3), (2, 16, 3), (2, 16, 4), (2, 32), opset=22, outputs=3, hidden_size=4, direction="bidirectional", layout=1)
