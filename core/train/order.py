"""The order in which an epoch sees its rows: the same as that of a plain script's `shuffle`.

What an exported script must do, in this order, to get the same numbers (checked by running it, Keras 3.15, TF 2.21):

    keras.utils.set_random_seed(seed)                      # 1. before anything random, the model's weights included
    model = ...                                            # 2. the model, layers in the order of the graph
    model.compile(...)                                     # 3.
    dataset = (tf.data.Dataset.from_tensor_slices((x, y))  # 4. x, y: one array, or a tuple of several
               .shuffle(len(x), seed=seed)                 #    only if training.shuffle
               .batch(batch_size))                         #    the last short batch stays
    model.fit(dataset, epochs=epochs, steps_per_epoch=len(dataset), validation_data=(x_val, y_val),
              validation_batch_size=batch_size)            # 5.

`steps_per_epoch=len(dataset)` is needed in `fit`: without it Keras opens one iterator too many at the end of each
epoch (`EpochIterator._enumerate_iterator`), and every second shuffle is thrown away: epochs then see the shuffles
0, 2, 4 … With it, and in a hand-written `for x, y in dataset:`, epoch e sees shuffle e. The order depends on both
seeds, the global one and that of `shuffle`, and on nothing else: not on how many random operations ran before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np
import tensorflow as tf

_MANY = 2000  # rows; fewer are shuffled sooner than a thread is woken
_AHEAD = 64  # orders
_HELD = 2**20  # row numbers, 8 MB of them, in the orders that are made ahead

Numbers = np.ndarray[Any, np.dtype[np.int64]]


class Orders:
    """The orders of the epochs to come, some of which can be looked at before their time."""

    def __init__(self, orders: Iterator[Any]) -> None:
        self._orders = orders
        self._seen: deque[Any] = deque()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._seen.popleft() if self._seen else next(self._orders)

    def peek(self, count: int) -> list[Any]:
        """The next `count` orders, which still come in their turn."""
        while len(self._seen) < count:
            self._seen.append(next(self._orders))
        return list(islice(self._seen, count))


def epochs(rows: int, seed: int | None, skip: int = 0) -> Iterator[Any]:
    """For each epoch, without end, the row numbers (int64, shape (rows,)) in their order.

    Args:
        rows: how many rows there are.
        seed: the seed of the shuffle, which `keras.utils.set_random_seed` got too; None leaves the rows in order.
        skip: how many epochs are already behind a continued run.
    """
    if seed is None:
        return _same(rows)
    if _tells_what_tensorflow_does(seed):
        orders = shuffled(rows, seed, skip)
        return map(tf.constant, _ahead(orders, rows) if rows > _MANY else orders)
    return iter(_by_tensorflow(rows, seed, skip).prefetch(1))


def shuffled(rows: int, seed: int, skip: int = 0) -> Iterator[Numbers]:
    """What `tf.data.Dataset.range(rows).shuffle(rows, seed)` yields, epoch by epoch, in a tenth of the time.

    TensorFlow (`shuffle_dataset_op.cc`) draws two numbers an epoch from one Philox generator, which seed another; that
    one draws for each place of the epoch which of the rows that are left comes next.
    """
    seed %= 2**31 - 1
    seeds = (seed, seed) if seed else (0, 2**31 - 1)  # TensorFlow takes two zeros for "no seed"
    places = rows - np.arange(rows, dtype=np.int64)
    many = max(1, _MANY // rows)  # epochs at once: a call of NumPy takes longer than a few hundred numbers
    epoch = skip
    while True:
        first, past = divmod(2 * epoch, 4)
        own = _philox(seeds, -(-(past + 2 * many) // 4), first)[past : past + 2 * many].reshape(many, 2)
        drawn = _philox(own.T[:, :, np.newaxis], -(-rows // 4)).reshape(many, -1)[:, :rows].astype(np.int64)
        yield from _swapped(drawn % places)
        epoch += many


def _swapped(jumps: Numbers) -> Numbers:
    """For each epoch what becomes of 0, 1, 2, … when each place is swapped with one behind it, in turn.

    Place i is swapped with t = i + jumps[epoch, i] and gets what t holds then: what the last earlier swap with t has
    put there, or t itself. What a swap puts there stood at its own place, which leads back to an earlier swap, and so
    on; all chains are followed at once, each round twice as far: a third of the time of one swap after the other.
    """
    epochs, rows = jumps.shape
    places = np.arange(epochs * rows)  # the epochs in a row: no jump leads out of its own
    targets = places + jumps.ravel()
    bits = places.size.bit_length()
    ordered = np.sort(targets << bits | places)
    target, place = ordered >> bits, ordered & ((1 << bits) - 1)
    earlier = np.full(places.size, -1)  # the last earlier place that was swapped with the same target
    earlier[place[1:]] = np.where(target[1:] == target[:-1], place[:-1], -1)
    origin = np.full(places.size, -1)  # the last earlier place that was swapped with this one
    origin[target] = place
    origin = np.where(origin == places, earlier, origin)
    origin = np.where(origin < 0, places, origin)
    while not np.array_equal(farther := origin[origin], origin):
        origin = farther
    found = np.where(earlier < 0, targets, origin[earlier])
    found = np.where(targets == places, origin, found)
    order: Numbers = found.reshape(epochs, rows) - rows * np.arange(epochs)[:, np.newaxis]
    return order


def _philox(seeds: Any, groups: int, first: int = 0) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), as TensorFlow seeds it.

    Args:
        seeds: two, each a number, or an array of the shape (generators, 1).

    Returns:
        Of each generator 4 * groups numbers below 2**32, from group `first` on, one after the other.
    """
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    seed, second = (np.asarray(one, np.uint64) for one in seeds)
    a = np.arange(first, first + groups, dtype=np.uint64)
    b = np.zeros_like(a)
    c, d = second & low, second >> half
    one, two = seed & low, seed >> half
    for _ in range(10):
        x, y = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a, b, c, d = (y >> half) ^ b ^ one, y & low, (x >> half) ^ d ^ two, x & low
        one, two = (one + np.uint64(0x9E3779B9)) & low, (two + np.uint64(0xBB67AE85)) & low
    return np.stack([a, b, c, d], axis=-1).reshape(-1)


def _tells_what_tensorflow_does(seed: int) -> bool:
    """Does `shuffled` still follow this TensorFlow? Another one may shuffle otherwise, and must have the last word."""
    ours, theirs = shuffled(9, seed), iter(_by_tensorflow(9, seed, 0))
    return all(np.array_equal(next(ours), next(theirs)) for _ in range(3))


def _by_tensorflow(rows: int, seed: int, skip: int) -> Any:
    numbers = tf.data.Dataset.range(rows).shuffle(rows, seed=seed, reshuffle_each_iteration=True)
    return numbers.batch(rows).repeat().skip(skip)


def _ahead(orders: Iterator[Numbers], rows: int) -> Iterator[Numbers]:
    """The same, made by another thread while those before are used: as many as a leap over epochs takes at once."""
    with ThreadPoolExecutor(1, thread_name_prefix="shuffle") as maker:
        coming = deque(maker.submit(next, orders) for _ in range(max(1, min(_AHEAD, _HELD // rows))))
        while True:
            coming.append(maker.submit(next, orders))
            yield coming.popleft().result()


def _same(rows: int) -> Iterator[Any]:
    numbers = tf.range(rows, dtype=tf.int64)
    while True:
        yield numbers
