"""Made-up sentences, letter by letter: which letter comes next?"""

from __future__ import annotations

import numpy as np

from core.data import raw
from core.data.facts import Folders
from core.data.raw import Raw
from core.spec import SentencesData

STRIDE = 3
"""Each window begins so many letters after the one before."""
ADJECTIVES = ("small", "old", "quick", "bright", "calm", "young")
NOUNS = ("fox", "bird", "king", "zebra", "wolf", "judge")
VERBS = ("sees", "helps", "meets", "visits", "paints", "knows")
TEMPLATE = "the {} {} {} the {}. "
LETTERS = "".join(sorted(set("".join((TEMPLATE.replace("{}", ""), *ADJECTIVES, *NOUNS, *VERBS)))))
"""Letter number 1 is the first; 0 stands for none, as Keras's Embedding has it."""
SHORTEST = 20
"""No sentence has fewer letters."""


def read(data: SentencesData, folders: Folders) -> Raw:
    """Write the sentences and cut them; the same seed always gives the same ones."""
    generator = np.random.default_rng(data.seed)
    count = (STRIDE * data.rows + data.length) // SHORTEST + 1
    places = generator.integers(0, 6, (count, 4))
    text = "".join(TEMPLATE.format(ADJECTIVES[a], NOUNS[b], VERBS[c], NOUNS[d]) for a, b, c, d in places)
    numbers = np.array([LETTERS.index(letter) for letter in text])
    starts = STRIDE * np.arange(data.rows)
    return Raw(
        title="Sentences",
        kind="text",
        features=(numbers[starts[:, None] + np.arange(data.length)] + 1).astype(np.int32),
        targets=(raw.classes("next letter", numbers[starts + data.length], tuple(LETTERS.replace(" ", "␣"))),),
        help=f"{data.rows:,} pieces of {data.length} letters from made-up sentences, each letter as its number. "
        "Which letter comes next?",
        licence="Generated; no rights.",
        stratify=False,
        letters=("", *LETTERS),
    )
