"""Writes how texts become numbers of their words, as Keras's TextVectorization has them."""

from __future__ import annotations

from core.data.texts import FIRST_WORD, PUNCTUATION
from core.spec import TextChoice

SPLIT = f'''

def split(text):
    return sub(rb"{PUNCTUATION.decode()}", b"", text.encode().lower()).split()

'''
_PREPARE = """counts = Counter(word for text in x_train for word in split(text))
vocabulary = sorted(counts, key=lambda word: (-counts[word], word))[:{most}]
numbers = {{word: number for number, word in enumerate(vocabulary, start={first})}}


def prepare(x):
    found = np.zeros((len(x), {length}), "int32")  # 0: no word; 1: an unknown one
    for row, text in enumerate(x):
        words = [numbers.get(word, 1) for word in split(text)[:{length}]]
        found[row, : len(words)] = words
    return found

"""


def prepare(choice: TextChoice) -> str:
    """The function that knows the training part's words."""
    most = choice.max_tokens - FIRST_WORD
    return _PREPARE.format(most=most, first=FIRST_WORD, length=choice.output_sequence_length)
