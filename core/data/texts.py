"""Texts as numbers of their words, as Keras's TextVectorization has them; the words are those of the training part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.data.facts import Array, Column
from core.spec import TextChoice

FIRST_WORD = 2
"""0 is no word, 1 one that the training part does not have."""
PUNCTUATION = rb"[!\"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']"
"""`keras.layers.TextVectorization`'s `strip_punctuation`."""
_PUNCTUATION = re.compile(PUNCTUATION)


def words(text: str) -> list[bytes]:
    """As TextVectorization cuts a text: only A to Z become small, only ASCII spaces part words."""
    return _PUNCTUATION.sub(b"", text.encode().lower()).split()


@dataclass(frozen=True)
class TextPreparation:
    """One column of texts becomes rows of word numbers (int32), cut or filled with 0 to one length."""

    name: str
    vocabulary: tuple[str, ...]
    length: int
    notes: tuple[str, ...] = ()
    scaling: str = "Each word is a number, by how often it comes in the training part."
    columns: tuple[Column, ...] = ()
    feature_names: tuple[str, ...] = ()

    @property
    def groups(self) -> dict[str, tuple[int, ...]]:
        return {}

    def apply(self, features: Any) -> Array:
        numbers = {word.encode(): place for place, word in enumerate(self.vocabulary, start=FIRST_WORD)}
        found = np.zeros((len(features), self.length), np.int32)
        for row, text in enumerate(features[self.name]):
            known = [numbers.get(word, 1) for word in words(text)[: self.length]]
            found[row, : len(known)] = known
        return found


def fit(texts: pd.Series[Any], choice: TextChoice) -> TextPreparation:
    """The most frequent words of the training part's texts; of those equally frequent the first in the alphabet."""
    counts = Counter(word for text in texts for word in words(text))
    chosen = sorted(counts, key=lambda word: (-counts[word], word))[: choice.max_tokens - FIRST_WORD]
    vocabulary = tuple(word.decode() for word in chosen)
    return TextPreparation(choice.column, vocabulary, choice.output_sequence_length, _notes(texts, counts, choice))


def _notes(texts: Iterable[str], counts: Counter[bytes], choice: TextChoice) -> tuple[str, ...]:
    lengths = np.array([len(words(text)) for text in texts])
    longer = int((lengths > choice.output_sequence_length).sum())
    notes = []
    if longer:
        notes.append(
            f"{longer:,} of the {len(lengths):,} training texts are longer than {choice.output_sequence_length} words; "
            "what comes after is not read."
        )
    if len(counts) > choice.max_tokens - FIRST_WORD:
        notes.append(f"The training part has {len(counts):,} different words; the rarest count as unknown.")
    return tuple(notes)
