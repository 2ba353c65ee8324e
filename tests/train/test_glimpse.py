"""Those who watch see the weights of the moment, and training neither waits for them nor changes."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import Dataset, describe
from core.data.facts import Folders
from core.spec import PointsData
from core.train import glimpse

pytestmark = pytest.mark.keras


@pytest.fixture
def facts(tmp_path):
    return describe(PointsData(source="xor"), Folders(tmp_path, tmp_path))


def small(keras):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(3, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


def test_a_run_on_a_plane_leaves_its_weights_and_gives_the_same_numbers(
    keras, rows, project, dataset, trained, losses, facts, tmp_path
):
    part = rows(200, 2)
    watched, alone = tmp_path / "watched", tmp_path / "alone"
    seen = losses(trained(lambda: small(keras), project(), Dataset(part, None, None, facts), folder=watched))
    unseen = losses(trained(lambda: small(keras), project(), dataset(part), folder=alone))
    assert np.array_equal(seen, unseen)
    assert not (alone / glimpse.FILE).exists()
    left = np.frombuffer((watched / glimpse.FILE).read_bytes(), np.float32)
    assert left.shape == (2 * 4 + 4 + 4 * 3 + 3,)
    assert not list(watched.glob("part.*"))


def test_it_never_takes_more_than_its_share(keras, tmp_path):
    model, written = small(keras), 0
    watch = glimpse.Glimpse(model, tmp_path)
    for _ in range(200):
        watch.epoch_done()
        written += (tmp_path / glimpse.FILE).exists()
        (tmp_path / glimpse.FILE).unlink(missing_ok=True)
    assert written == 1  # all of them within the first tenth of a second


def test_large_networks_and_other_rows_are_not_watched(keras, facts):
    large = keras.Sequential([keras.Input((2,)), keras.layers.Dense(20_000)])
    assert glimpse.is_wanted(small(keras), facts)
    assert not glimpse.is_wanted(large, facts)
    assert not glimpse.is_wanted(small(keras), None)
