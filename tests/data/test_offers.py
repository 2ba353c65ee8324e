"""The cards of the sources say what the sources are, and none is forgotten."""

from __future__ import annotations

from typing import get_args

import pytest

from core.data import describe, offers
from core.spec import CsvData, DataSpec, FileData
from tests.data.test_sources import SOURCES

HERE = [offer for offer in offers.OFFERS if offer.rows and not offer.group.startswith("Downloads")]
DOWNLOADS = {offer.source for offer in offers.OFFERS if offer.group.startswith("Downloads")}


def test_every_source_of_a_project_has_one_card_and_is_in_the_suite_of_all_sources():
    kinds = [kind for kind in get_args(get_args(DataSpec)[0]) if kind is CsvData or not issubclass(kind, FileData)]
    names = {name for kind in kinds for name in get_args(kind.model_fields["source"].annotation)}
    assert {offer.source for offer in offers.OFFERS} == names
    packaged = [offer for offer in offers.OFFERS if "path" in offer.start]
    assert len(offers.OFFERS) == len(names) + len(packaged) == len({offer.name for offer in offers.OFFERS})
    assert set(SOURCES) == names - DOWNLOADS


@pytest.mark.parametrize("offer", HERE, ids=lambda offer: offer.name)
def test_a_card_says_what_its_source_is(offer, spec, folders):
    data = spec(**offers.starting(offer, spec("iris", seed=7, validation_fraction=0.3)))
    facts = describe(data, folders)
    assert (facts.rows, facts.feature_shape) == (offer.rows, offer.shape)
    assert offer.task == (f"{facts.classes} classes" if facts.classes else "a number")
    assert offer.licence.split()[0] in facts.licence
    assert (data.seed, data.validation_fraction) == (7, 0.3)
    assert offers.of(data) == offer


def test_a_file_that_has_not_come_yet_starts_nothing():
    assert offers.OWN.rows == 0
    assert offers.OWN.start == {}
