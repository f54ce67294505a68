# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases of ops with windows in any number of dimensions, of resizing and of sampling."""
import numpy as np
from cases import case, f32, i64, weights

LINE, IMAGE, VOLUME = (2, 4, 9), (2, 4, 7, 6), (2, 4, 5, 6, 7)


def positive(*shape):
    return np.random.default_rng(2).random(shape).astype(np.float32)


# Conv in one and three dimensions
for pads in ([0, 0], [2, 1]):
    case("Conv", LINE, "x", weights(3, 4, 3), weights(3), pads=pads)
    case("Conv", LINE, "x", weights(6, 2, 2), pads=pads, group=2, strides=[2], dilations=[3])
    case("Conv", LINE, "x", weights(3, 4, 3), pads=pads, batch="N")
for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    case("Conv", LINE, "x", weights(3, 4, 4), auto_pad=auto, strides=[2])
    case("Conv", VOLUME, "x", weights(3, 4, 2, 3, 4), auto_pad=auto, strides=[2, 1, 3])
case("Conv", VOLUME, "x", weights(3, 4, 3, 3, 3), weights(3), pads=[1, 1, 1, 1, 1, 1], batch="N")
case("Conv", VOLUME, "x", weights(6, 2, 2, 3, 1), weights(6), pads=[1, 0, 0, 0, 2, 0], group=2, strides=[2, 1, 2], dilations=[2, 2, 1])
case("Conv", VOLUME, "x", weights(4, 1, 3, 2, 2), group=4, kernel_shape=[3, 2, 2])
case("Conv", VOLUME, "x", weights(2, 4, 1, 1, 1))

# ConvTranspose
case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 2))
case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 3), weights(3), strides=[2, 3], pads=[1, 0, 1, 2], batch="N")
case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 2), weights(6), group=2, strides=[3, 2], dilations=[1, 2], output_padding=[2, 1])
case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
case("ConvTranspose", IMAGE, "x", weights(4, 1, 2, 2), group=4, strides=[2, 2])
case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 3), strides=[2, 2], output_shape=[14, 12])
case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 3), strides=[2, 2], output_shape=[13, 11])
for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    case("ConvTranspose", IMAGE, "x", weights(4, 3, 3, 4), auto_pad=auto, strides=[2, 3])
    case("ConvTranspose", IMAGE, "x", weights(4, 3, 4, 4), auto_pad=auto, strides=[1, 2])
case("ConvTranspose", LINE, "x", weights(4, 3, 4), weights(3), strides=[3], pads=[1, 2], output_padding=[1])
case("ConvTranspose", LINE, "x", weights(4, 3, 2), strides=[1], dilations=[3], batch="N")
case("ConvTranspose", VOLUME, "x", weights(4, 3, 2, 3, 3), weights(3), strides=[2, 1, 2], pads=[1, 0, 1, 0, 1, 1], output_padding=[1, 0, 1])
case("ConvTranspose", VOLUME, "x", weights(4, 3, 3, 2, 1), weights(6), group=2, strides=[3, 2, 1], dilations=[2, 1, 1], batch="N")

# Pools in one and three dimensions, sums of powers, places
for op in ("MaxPool", "AveragePool", "LpPool"):
    case(op, LINE, kernel_shape=[2])
    case(op, LINE, kernel_shape=[3], strides=[2], pads=[1, 0], batch="N")
    case(op, VOLUME, kernel_shape=[2, 3, 2], strides=[1, 2, 3])
    case(op, VOLUME, kernel_shape=[3, 2, 3], strides=[2, 2, 2], pads=[1, 0, 1, 1, 1, 0], batch="N")
    for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        case(op, LINE, kernel_shape=[4], strides=[3], auto_pad=auto)
        case(op, VOLUME, kernel_shape=[2, 3, 4], strides=[2, 1, 3], auto_pad=auto)
for op in ("MaxPool", "AveragePool"):
    case(op, LINE, kernel_shape=[3], strides=[3], ceil_mode=1, dilations=[2], since=19)
    case(op, VOLUME, kernel_shape=[2, 2, 3], strides=[2, 3, 3], pads=[1, 1, 0, 0, 1, 2], ceil_mode=1)
case("AveragePool", VOLUME, kernel_shape=[3, 2, 3], strides=[2, 2, 2], pads=[1, 0, 1, 1, 1, 0], count_include_pad=1)
for p in (1, 2, 3):
    case("LpPool", IMAGE, kernel_shape=[3, 2], strides=[2, 1], pads=[1, 1, 0, 0], p=p)
    case("GlobalLpPool", IMAGE, p=p, batch="N", until=21)  # no other runtime has it from opset 22
for op in ("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"):
    case(op, LINE, batch="N", until=21)
    case(op, VOLUME, until=21)
for columns in (0, 1):
    case("MaxPool", IMAGE, kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1], storage_order=columns, outputs=2, result=1, since=8)
    case("MaxPool", LINE, kernel_shape=[3], strides=[2], pads=[1, 1], storage_order=columns, outputs=2, result=1, since=8)
    case("MaxPool", VOLUME, kernel_shape=[2, 3, 2], strides=[2, 2, 3], storage_order=columns, outputs=2, result=1, since=8)
case("MaxPool", IMAGE, kernel_shape=[2, 3], dilations=[2, 1], strides=[2, 2], outputs=2, ceil_mode=1)
places = (np.arange(2 * 4 * 3 * 2).reshape(2, 4, 3, 2) * 6 + np.array([[0, 1], [4, 3], [2, 5]])).astype(np.int64)
case("MaxUnpool", (2, 4, 3, 2), "x", places, kernel_shape=[2, 3], strides=[2, 3], since=9)
case("Col2Im", (2, 12, 16), "x", i64(5, 6), i64(2, 3), since=18)
case("Col2Im", (2, 12, 9), "x", i64(5, 6), i64(2, 3), strides=[1, 2], pads=[0, 1, 0, 1], dilations=[2, 1], since=18)

# Resize, with half the modes in either direction
NEAREST = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
for coordinates in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
    for sizes in ((2, 4, 14, 9), (2, 4, 4, 11)):
        for nearest in NEAREST:
            case("Resize", IMAGE, "x", None, None, i64(*sizes), mode="nearest", nearest_mode=nearest,
                 coordinate_transformation_mode=coordinates, since=13)
        case("Resize", IMAGE, "x", None, None, i64(*sizes), mode="linear", coordinate_transformation_mode=coordinates, since=13)
        for outside in (0, 1):
            case("Resize", IMAGE, "x", None, None, i64(*sizes), mode="cubic", coordinate_transformation_mode=coordinates,
                 exclude_outside=outside, cubic_coeff_a=-0.5, since=13)
for mode in ("nearest", "linear", "cubic"):
    case("Resize", IMAGE, "x", f32(), f32(1, 1, 2, 2), mode=mode, batch="N")
    case("Resize", IMAGE, "x", None, f32(2, 1.5), mode=mode, axes=[2, 3], since=18, batch="N")
    case("Resize", IMAGE, "x", None, f32(0.5, 0.5), mode=mode, axes=[-2, -1], since=18)
    case("Resize", IMAGE, "x", f32(0, 0, 0.2, -0.1, 1, 1, 0.9, 1.2), None, i64(2, 4, 5, 8), mode=mode,
         coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=7.0, since=13)
    case("Resize", IMAGE, "x", None, f32(0.55, 0.7), mode=mode, axes=[2, 3], coordinate_transformation_mode="half_pixel_symmetric", since=19)
case("Resize", LINE, "x", None, None, i64(2, 4, 4), mode="linear", since=13)
case("Resize", VOLUME, "x", None, f32(1, 1, 2, 1.5, 0.5), mode="linear", since=13)
case("Resize", IMAGE, "x", f32(), f32(1, 1, 2, 2), mode="nearest", coordinate_transformation_mode="tf_half_pixel_for_nn", since=11,
     until=12)
for mode in ("linear", "cubic"):
    for sizes in ((2, 4, 3, 2), (2, 4, 10, 4)):
        case("Resize", IMAGE, "x", None, None, i64(*sizes), mode=mode, antialias=1, since=18)
for policy in ("not_larger", "not_smaller"):
    case("Resize", IMAGE, "x", None, None, i64(10, 11), axes=[2, 3], keep_aspect_ratio_policy=policy, since=18)
for mode in ("nearest", "linear"):
    case("Resize", IMAGE, "x", f32(1, 1, 2, 3), mode=mode, until=10)
    case("Upsample", IMAGE, "x", f32(1, 1, 2, 3), mode=mode, until=9, since=9)
    case("Upsample", IMAGE, mode=mode, scales=[1.0, 1.0, 2.0, 1.5], until=8)
case("Resize", IMAGE, "x", f32(1, 1, 0.5, 0.5), mode="nearest", until=10)

# Sampling
grid = np.random.default_rng(3).uniform(-1.4, 1.4, (2, 3, 5, 2)).astype(np.float32)
grid3 = np.random.default_rng(3).uniform(-1.4, 1.4, (2, 3, 2, 4, 3)).astype(np.float32)
for aligned in (0, 1):
    for padding in ("zeros", "border", "reflection"):
        for mode in ("linear", "nearest", "cubic"):
            case("GridSample", IMAGE, "x", grid, mode=mode, padding_mode=padding, align_corners=aligned, since=20)
        for mode in ("linear", "nearest"):
            case("GridSample", VOLUME, "x", grid3, mode=mode, padding_mode=padding, align_corners=aligned, since=20)
    for mode in ("bilinear", "nearest", "bicubic"):
        case("GridSample", IMAGE, "x", grid, mode=mode, align_corners=aligned, since=16, until=19)
    case("AffineGrid", (2, 2, 3), "x", i64(2, 4, 5, 6), align_corners=aligned, since=20)
    case("AffineGrid", (2, 3, 4), "x", i64(2, 4, 5, 2, 6), align_corners=aligned, since=20, batch="N")
regions = f32([0, 0, 5, 6], [1.5, 2.25, 3, 7], [4, 1, 9, 9])
for mode in ("avg", "max"):
    for coordinates in ("half_pixel", "output_half_pixel"):
        case("RoiAlign", (2, 4, 8, 9), "x", regions, i64(0, 1, 1), mode=mode, coordinate_transformation_mode=coordinates, output_height=3,
             output_width=2, sampling_ratio=2, spatial_scale=0.75, since=16)
case("RoiAlign", (2, 4, 8, 9), "x", regions, i64(1, 0, 1), output_height=2, output_width=2, sampling_ratio=3, until=15)
for group, offsets in ((1, 1), (2, 2), (1, 2)):
    case("DeformConv", IMAGE, "x", weights(2, 4 // group, 3, 2), weights(2, offsets * 12, 4, 3), weights(2), positive(2, offsets * 6, 4, 3),
         group=group, offset_group=offsets, strides=[2, 2], pads=[1, 0, 1, 1], since=19)
case("DeformConv", IMAGE, "x", weights(2, 4, 2, 2), weights(2, 8, 5, 5), dilations=[2, 1], since=19)
