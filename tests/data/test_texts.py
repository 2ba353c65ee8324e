"""A column of texts becomes the numbers of its words, as TextVectorization does it; held-out words are unknown."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pydantic import ValidationError

from core import edits
from core.build.check import data_problem
from core.data import DataFacts, describe, encode, header, prepared, preview, profile
from core.errors import DataError

LINES = [f'"{"Good, GOOD day!" if i % 2 else "bad (day)"} w{i % 9}",{i},{"ud"[i % 2]}' for i in range(60)]
TEXT = "said,number,mood\n" + "\n".join(LINES) + "\n"
CHOICE = {"column": "said", "output_sequence_length": 5}


@pytest.fixture
def made(table, folders):
    def make(content=TEXT, choice=CHOICE, **fields):
        return prepared(table(content, **{"target": "mood", "text": choice, **fields}), folders)

    return make


def test_words_are_numbered_by_how_often_they_come(made):
    ready = made()
    assert ready.facts.kind == "text"
    assert ready.facts.feature_shape == (5,)
    assert ready.preparation.vocabulary[:2] in (("day", "good"), ("good", "day"))
    numbers = ready.preparation.apply(ready.raw.features)
    assert numbers.dtype == np.int32
    assert ready.facts.tokens == numbers.max() + 1
    assert (numbers[0, 3:] == 0).all()  # "bad (day) w0": three words
    assert numbers[1, 0] == numbers[1, 1] == 2 + ready.preparation.vocabulary.index("good")
    assert DataFacts.from_dict(json.loads(json.dumps(ready.facts.to_dict()))) == ready.facts


def test_words_of_held_out_rows_are_unknown(made):
    lines = TEXT.splitlines()
    content = "\n".join([*lines[:51], *(f'"zebra {line[1:]}' for line in lines[51:])])
    ready = made(content, split="time")
    assert "zebra" not in ready.preparation.vocabulary
    numbers = ready.preparation.apply(ready.raw.features)
    assert (numbers[51:, 0] == 1).all()
    assert not (numbers[ready.split.train] == 1).any()


@pytest.mark.keras
def test_the_numbers_are_those_of_text_vectorization(made):
    import keras

    texts = ["Good, GOOD day!", "a\u00a0b  c\td", "Öl öl ÖL", "it's (fine) [x] {y} a_b c-d", "w0 w1 never seen at all"]
    ready = made()
    layer = keras.layers.TextVectorization(vocabulary=list(ready.preparation.vocabulary), output_sequence_length=5)
    own = ready.preparation.apply(ready.raw.features.iloc[:5].assign(said=texts))
    assert np.array_equal(own, layer(texts).numpy())
    assert (own[0] > 1).sum() == 3


def test_longer_texts_and_rarer_words_are_told(made):
    few = made(choice={"column": "said", "max_tokens": 10, "output_sequence_length": 3})
    assert any("are longer than 3 words; what comes after is not read" in note for note in few.facts.notes)
    assert any("12 different words; the rarest count as unknown" in note for note in few.facts.notes)
    assert len(few.preparation.vocabulary) == 8
    assert made().facts.notes == ()


def test_rows_without_a_word_are_left_out(made):
    ready = made(TEXT + "?,1,u\n...,2,u\n")
    assert len(ready.raw) == 60
    assert ready.facts.notes == ("2 rows without a word left out.",)


@pytest.mark.parametrize(
    ("choice", "sentence", "label"),
    [
        ({"column": "sad"}, "no column 'sad' to be the text. Did you mean 'said'", "Use said"),
        ({"column": "number"}, "'number' holds no texts", "Read the columns as they are"),
        ({"column": "mood"}, "'mood' is the target, so it cannot be the text", "Read the columns as they are"),
    ],
)
def test_what_is_no_text_is_refused_and_the_repair_mends_it(choice, sentence, label, table, folders, project):
    data = table(TEXT, target="mood", text=choice)
    with pytest.raises(DataError, match=sentence) as caught:
        describe(data, folders)
    fix = data_problem(caught.value).fix
    assert (caught.value.field, fix.label) == ("data.text.column", label)
    better = edits.applied(project(data, [5], 2, "SparseCategoricalCrossentropy"), fix.edits)
    assert describe(better.data, folders).rows == 60


def test_a_table_is_not_both_a_series_and_a_text(table):
    with pytest.raises(ValidationError, match="either cut into `windows` or read as `text`"):
        table(TEXT, target="mood", text=CHOICE, windows={"length": 3})


def test_the_page_finds_sees_and_profiles_the_texts(made, table, folders):
    data = table(TEXT, target="mood", text=CHOICE)
    assert header(data, folders).texts == ("said",)
    assert preview(data, folders).rows[1] == ("Good, GOOD day! w1", "d")
    hints = profile(data, made()).hints
    assert not [hint for hint in hints if hint.column == "said"]


def test_a_typed_text_is_encoded_and_an_empty_one_refused(made, table, project):
    ready = made()
    wanted = project(table(TEXT, target="mood", text=CHOICE), [5], 2, "SparseCategoricalCrossentropy")
    (x,) = encode(wanted, ready, ["good day", {"said": "GOOD... day"}])
    assert np.array_equal(x[0], x[1])
    with pytest.raises(DataError, match="Row 1 needs a text of at least one word for 'said', but has ' !'"):
        encode(wanted, ready, [" !"])


def test_more_words_than_the_memory_bears_are_refused_before_they_are_made(made):
    with pytest.raises(
        DataError, match=r"60,000 texts of 2,000 words each are more than 100,000,000 numbers"
    ) as caught:
        made("said,mood\n" + "good day,u\nbad day,d\n" * 30_000, {"column": "said", "output_sequence_length": 2000})
    assert caught.value.repair[1] == {"data.text.output_sequence_length": 1666}
