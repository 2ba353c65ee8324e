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

from typing import Any

import tensorflow as tf


def epochs(rows: int, seed: int | None, skip: int = 0) -> Any:
    """A dataset that yields for each epoch, without end, the row numbers (int64, shape (rows,)) in their order.

    Args:
        rows: how many rows there are.
        seed: the seed of the shuffle, which `keras.utils.set_random_seed` got too; None leaves the rows in order.
        skip: how many epochs are already behind a continued run.
    """
    numbers = tf.data.Dataset.range(rows)
    if seed is not None:
        numbers = numbers.shuffle(rows, seed=seed, reshuffle_each_iteration=True)
    return numbers.batch(rows).repeat().skip(skip).prefetch(1)  # shuffling 60,000 rows takes 0.1 s
