"""Writes how made-up rows are drawn: the code that `core.data` runs, with a project's numbers in it."""

from __future__ import annotations

from core.data import made_tables, sentences
from core.spec import MadeTableData, NoisyDigitsData, SentencesData, SeriesData, ShapesData

Drawn = tuple[list[str], tuple[int, ...], tuple[str, ...]]
"""Source lines that leave `x` and `y`, the shape of a row of `x`, and import lines."""

Generated = SeriesData | MadeTableData | ShapesData | NoisyDigitsData | SentencesData

_NUMPY = "import numpy as np"
_SERIES = {
    "sine_mixture": """
period = generator.uniform(4, {double}, ({terms}, 1))
phase = generator.uniform(0, 2 * np.pi, ({terms}, 1))
height = generator.uniform(0.5, 1, ({terms}, 1))
waves = height * np.sin(2 * np.pi * np.arange({steps}) / period + phase)
series = waves.sum(axis=0)""",
    "moving_average": """
weights = np.append(1, generator.uniform(0.5, 1, {terms}))
series = np.convolve(generator.standard_normal({steps} + {terms}), weights, "valid")""",
}
_WINDOWS = """
series = series + {noise} * generator.standard_normal({steps})
starts = {stride} * np.arange({rows})
x = series[starts[:, None] + np.arange({length})].astype("float32")[..., None]
y = series[starts + {last}]"""
_CLASSES = """x, y = make_classification(
    {rows}, {features}, n_informative={informative}, n_redundant=0, n_classes={classes},
    n_clusters_per_class=1, class_sep=2 - 1.6 * {difficulty}, flip_y=0.2 * {difficulty}, random_state={seed},
)
x = x.astype("float32")"""
_REGRESSION = """x, line = make_regression({rows}, {features}, n_informative={informative}, random_state={seed})
x, line = x.astype("float32"), line / line.std()
noise = np.random.default_rng({seed}).standard_normal({rows})
y = line + {difficulty} * (np.sin(3 * line) + 0.3 * noise)"""
_SHAPES = """
y = np.arange({rows}) % 4
left, top = generator.uniform(0.35, 0.65, (2, {rows}, 1, 1))
radius = generator.uniform(0.2, 0.33, ({rows}, 1, 1))
place = (np.arange({size}) + 0.5) / {size}
u, v = np.abs(place - left) / radius, (place[:, None] - top) / radius
box = np.maximum(u, np.abs(v))
cross = (box < 1) & (np.minimum(u, np.abs(v)) < 0.35)
drawn = [np.hypot(u, v) < 1, box < 0.85, (v < 0.7) & (2 * u < v + 1), cross]
x = np.choose(y[:, None, None], drawn)"""
_DIGITS = """
x, y = load_digits(return_X_y=True)
x = x.reshape(-1, 8, 8) / 16"""
_NOISY = """
x = np.clip(x + {noise} * generator.standard_normal(x.shape), 0, 1).astype("float32")[..., None]"""
_SENTENCES = """
places = generator.integers(0, 6, ({count}, 4))
words = [
    {adjectives},
    {nouns},
    {verbs},
]
words.append(words[1])
pieces = [[column[place] for column, place in zip(words, row)] for row in places]
text = "".join({template!r}.format(*row) for row in pieces)
letters = {letters!r}
numbers = np.array([letters.index(letter) for letter in text])
starts = {stride} * np.arange({rows})
x = (numbers[starts[:, None] + np.arange({length})] + 1).astype("int32")
y = numbers[starts + {length}]"""


def draw(data: Generated) -> Drawn:
    """How the rows of a made-up source are drawn."""
    start = f"generator = np.random.default_rng({data.seed})"
    match data:
        case SeriesData():
            return [start + _series(data)], (data.length, 1), (_NUMPY,)
        case MadeTableData():
            return _table(data)
        case ShapesData():
            drawn = _SHAPES.format(rows=data.rows, size=data.size) + _NOISY.format(noise=data.noise)
            return [start + drawn], (data.size, data.size, 1), (_NUMPY,)
        case NoisyDigitsData():
            drawn = "\nx, y = load_digits(return_X_y=True)\nx = x.reshape(-1, 8, 8) / 16" + _NOISY.format(
                noise=data.noise
            )
            return [start + drawn], (8, 8, 1), (_NUMPY, "from sklearn.datasets import load_digits")
        case SentencesData():
            return [start + _sentences(data)], (data.length,), (_NUMPY,)


def _series(data: SeriesData) -> str:
    steps = data.stride * (data.rows - 1) + data.length + data.horizon
    numbers = {**data.model_dump(), "steps": steps, "double": 2 * data.length}
    return (_SERIES[data.source] + _WINDOWS).format(**numbers, last=data.length + data.horizon - 1)


def _table(data: MadeTableData) -> Drawn:
    name, form = ("regression", _REGRESSION) if data.source == "made_regression" else ("classification", _CLASSES)
    drawn = form.format(**data.model_dump(), informative=made_tables.informative(data))
    return [drawn], (data.features,), (_NUMPY, f"from sklearn.datasets import make_{name}")


def _sentences(data: SentencesData) -> str:
    return _SENTENCES.format(
        count=(sentences.STRIDE * data.rows + data.length) // sentences.SHORTEST + 1,
        adjectives=list(sentences.ADJECTIVES),
        nouns=list(sentences.NOUNS),
        verbs=list(sentences.VERBS),
        template=sentences.TEMPLATE,
        letters=sentences.LETTERS,
        stride=sentences.STRIDE,
        rows=data.rows,
        length=data.length,
    ).replace("'", '"')
