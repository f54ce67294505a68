# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases of ops that cut, pad, repeat and rearrange."""
from cases import case, f32, i64

IMAGE = (2, 4, 7, 6)

# Split: the outputs one by one
for result in (0, 1, 2):
    case("Split", IMAGE, axis=3, outputs=3, result=result, num_outputs=3, since=18)
    case("Split", IMAGE, axis=-2, outputs=3, result=result, num_outputs=3, since=18, batch="N")
    case("Split", IMAGE, "x", i64(1, 4, 2), axis=2, outputs=3, result=result, since=13)
    case("Split", IMAGE, axis=2, outputs=3, result=result, split=[1, 4, 2], until=12)
    case("Split", IMAGE, axis=3, outputs=3, result=result, until=12)
    case("Split", IMAGE, axis=3, outputs=3, result=result, since=13, until=17)

PADS = [0, 0, 2, 1, 0, 0, 0, 3]
for mode in ("constant", "reflect", "edge"):
    case("Pad", IMAGE, "x", i64(*PADS), mode=mode, since=11)
    case("Pad", IMAGE, "x", i64(*PADS), mode=mode, since=11, batch="N")
    case("Pad", IMAGE, mode=mode, pads=PADS, until=10)
    case("Pad", IMAGE, "x", i64(2, 1, 1, 3), None, i64(-1, 2), mode=mode, since=18)
case("Pad", IMAGE, "x", i64(9, 1, 8, 20), None, i64(2, 3), mode="wrap", since=19)
case("Pad", IMAGE, "x", i64(0, 1, -2, 1, 0, 0, -1, -2), since=11)
case("Pad", IMAGE, "x", i64(*PADS), f32(2.5), since=11)
case("Pad", IMAGE, "x", i64(*PADS), [f32(-1)], batch="N", since=11)
case("Pad", IMAGE, pads=PADS, value=1.5, until=10)

for repeats in ((1, 1, 1, 1), (1, 2, 3, 1), (1, 1, 1, 4)):
    case("Tile", IMAGE, "x", i64(*repeats), batch="N")
case("Tile", (3, 5), "x", i64(2, 2))
for mode in ("DCR", "CRD"):
    case("DepthToSpace", (2, 12, 3, 5), blocksize=2, mode=mode, since=11)
    case("DepthToSpace", (2, 18, 3, 5), blocksize=3, mode=mode, since=11, batch="N")
    case("SpaceToDepth", (2, 3, 4, 6), blocksize=2, mode=mode, since=28)
case("DepthToSpace", (2, 12, 3, 5), blocksize=2, until=10)
case("SpaceToDepth", (2, 3, 4, 6), blocksize=2, batch="N", until=27)
for upper in (0, 1):
    case("Trilu", (2, 4, 5), upper=upper, since=14)
    for k in (-2, 1, 9):
        case("Trilu", (2, 3, 4, 5), "x", i64(k).reshape(()), upper=upper, since=14, batch="N")
case("ReverseSequence", (5, 3, 2), "x", i64(1, 5, 4), since=10)
case("ReverseSequence", (3, 5), "x", i64(1, 5, 2), batch_axis=0, time_axis=1, since=10)
case("CenterCropPad", IMAGE, "x", i64(2, 6, 4, 9), since=18)
case("CenterCropPad", IMAGE, "x", i64(9, 4), axes=[-2, 3], since=18, batch="N")
