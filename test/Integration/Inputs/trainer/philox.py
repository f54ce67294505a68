# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Philox4x32-10 in numpy, and what a program draws with it: key = seed, counter = (use, epoch, sample, draw)."""
import numpy as np

SHUFFLE, FLIP, CROP_Y, CROP_X, CUTOUT_Y, CUTOUT_X, INITIAL = 0, 1, 2, 3, 4, 5, 65536


def words(seed, use, epoch, sample, draw=0):
    """The four words of each counter, as uint64 arrays."""
    counter = np.broadcast_arrays(*(np.asarray(value, np.uint64) for value in (use, epoch, sample, draw)))
    x0, x1, x2, x3 = (value.astype(np.uint64) for value in counter)
    key0, key1, mask = seed & 0xFFFFFFFF, seed >> 32, np.uint64(0xFFFFFFFF)
    for _ in range(10):
        product0, product1 = x0 * np.uint64(0xD2511F53), x2 * np.uint64(0xCD9E8D57)
        x0, x1, x2, x3 = ((product1 >> np.uint64(32)) ^ x1 ^ np.uint64(key0), product1 & mask,
                          (product0 >> np.uint64(32)) ^ x3 ^ np.uint64(key1), product0 & mask)
        key0, key1 = (key0 + 0x9E3779B9) & 0xFFFFFFFF, (key1 + 0xBB67AE85) & 0xFFFFFFFF
    return x0, x1, x2, x3


def positions(seed, use, epoch, samples, below):
    """A position in [0, below) for each sample."""
    return (words(seed, use, epoch, samples)[0] * np.uint64(below) >> np.uint64(32)).astype(np.int64)


def uniform64(seed, use, sample, draw):
    """f64 in [0, 1)."""
    high, low = words(seed, use, 0, sample, draw)[:2]
    return ((high << np.uint64(32) | low) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def shuffle(order, seed, epoch):
    """Fisher-Yates from the front, in place."""
    draws = positions(seed, SHUFFLE, epoch, np.arange(len(order)), 2**32 - 1)
    for i in range(1, len(order)):
        j = int(draws[i]) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]


# Known answers of the authors' test vectors (Random123, kat_vectors).
assert [int(word) for word in words(0, 0, 0, 0, 0)] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert [int(word) for word in words(2**64 - 1, *[2**32 - 1] * 4)] == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
