"""Rows can be split by time, by group, or as a column says; every row is in one part."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import describe, load, prepared
from core.errors import DataError

NAMES = {0: "Train", 1: "valid", 2: " test"}
TEXT = "when,person,part,a,y\n" + "".join(
    f"2026-{i * 7 % 12 + 1:02}-{i * 5 % 28 + 1:02},p{i % 9},{NAMES[(i * 3 % 10 > 5) + (i * 3 % 10 > 7)]},{i},{i % 2}\n"
    for i in range(120)
)


@pytest.fixture
def made(table, folders):
    return lambda **fields: prepared(table(TEXT, test_fraction=0.1, **fields), folders)


def column(ready, part, name):
    place = ["when", "person", "part"].index(name)
    lines = TEXT.splitlines()[1:]
    return [lines[row].split(",")[place] for row in getattr(ready.split, part)]


def whole(ready):
    return sorted(np.concatenate(list(ready.split.parts().values()))) == list(range(120))


def test_in_time_the_newest_rows_test(made):
    ready = made(split="time", split_by="when")
    ends = [
        (min(column(ready, part, "when")), max(column(ready, part, "when"))) for part in ("train", "validation", "test")
    ]
    assert ends[0][1] <= ends[1][0]
    assert ends[1][1] <= ends[2][0]
    assert ready.facts.parts == {"train": 84, "validation": 24, "test": 12}
    assert whole(ready)


def test_without_a_column_the_rows_are_in_order_of_time(spec, folders):
    ready = prepared(spec("waves", split="time", rows=100), folders)
    assert ready.split.train.tolist() == list(range(80))
    assert not ready.split.stratified


def test_a_group_is_never_in_two_parts(made):
    ready = made(split="group", split_by="person")
    groups = [set(column(ready, part, "person")) for part in ("train", "validation", "test")]
    assert not groups[0] & groups[1] | groups[1] & groups[2] | groups[0] & groups[2]
    assert [len(group) for group in groups] == [6, 2, 1]
    assert "person" not in [one.name for one in ready.facts.columns]  # what parts the rows is no feature
    assert whole(ready)


def test_a_column_says_which_part_a_row_is_in(made):
    ready = made(split="column", split_by="part")
    for part, word in (("train", "Train"), ("validation", "valid"), ("test", " test")):
        assert set(column(ready, part, "part")) == {word}
    assert whole(ready)


def test_by_chance_is_not_stratified(made):
    assert not made(split="random").facts.stratified
    assert made(split="stratified").facts.stratified


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"split": "group"}, "data.split_by", "split by a group, but no column is named"),
        ({"split": "column", "split_by": "person"}, "data.split_by", "row 1 has 'p0'. Needed is 'train'"),
        ({"split": "time", "split_by": "person"}, "data.split_by", "row 1 has 'p0'. Needed is a number or a date"),
        ({"split": "group", "split_by": "persn"}, "data.split_by", "Did you mean 'person'"),
        ({"split": "stratified", "task": "regression"}, "data.split", "but the target 'y' is a number"),
    ],
)
def test_what_cannot_be_split_so_says_where_and_how_to_mend_it(table, folders, fields, field, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        describe(table(TEXT, **fields), folders)
    assert caught.value.field == field
    assert caught.value.repair


def test_a_group_needs_a_table(spec, folders):
    for source in ("digits", "mnist"):
        with pytest.raises(DataError, match="Name a column of a table of your own"):
            describe(spec(source, split="group"), folders)


def test_a_held_out_part_teaches_nothing(made, project):
    ready = made(split="time", split_by="when", features=["a"])
    values = ready.preparation.apply(ready.raw.features)[ready.split.train]
    assert abs(values.mean()) < 1e-6


def test_the_check_offers_the_repair(table, folders, project):
    from core.build import check

    wanted = project(table(TEXT, split="group"), [1], 2, "SparseCategoricalCrossentropy")
    with pytest.raises(DataError) as caught:
        load(wanted, folders)
    problem = check.data_problem(caught.value)
    assert (problem.field, problem.fix.label) == ("data.split_by", "Split by chance")
    assert problem.fix.edits[0].path == "data.split"
