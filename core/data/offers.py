"""A card for each source that can be chosen: what it is, how large, what to learn, whose it is, how to begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.data import cards
from core.spec import DataSpec, FileData


@dataclass(frozen=True)
class Offer:
    """One card.

    `start` is the data's part of a project; it is empty for a file that has yet to come. `shape` is that of one row,
    `network` the layer that a first model for these rows is built of.
    """

    source: str
    group: str
    title: str
    help: str
    rows: int = 0
    shape: tuple[int, ...] = ()
    task: str = ""
    licence: str = ""
    network: str = ""
    start: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return str(self.start.get("path", self.source)).rpartition(":")[2]


OWN = Offer(
    "csv",
    "Your own",
    "Your own data",
    "A CSV, Excel, Parquet or JSON lines file; or pictures, in a folder or a ZIP file. Only this server sees it.",
)
_UCI = "scikit-learn (BSD-3-Clause)"
_MADE = "Generated"
_PICTURES, _TABLES, _PLANE, _TIME, _TEXT = "Pictures", "Tables", "Points in the plane", "Series in time", "Text"
_DOWNLOADS = "Downloads: the network is needed once"

_HERE = (
    Offer(
        "digits",
        _PICTURES,
        "Handwritten digits",
        "Which digit did one of 43 people write?",
        1797,
        (8, 8, 1),
        "10 classes",
        _UCI,
        "Conv2D",
    ),
    Offer(
        "noisy_digits",
        _PICTURES,
        "Noisy digits",
        "The same digits under noise, as strong as you like.",
        1797,
        (8, 8, 1),
        "10 classes",
        _UCI,
        "Conv2D",
    ),
    Offer(
        "shapes",
        _PICTURES,
        "Shapes",
        "Discs, squares, triangles and crosses of any size and place.",
        1000,
        (16, 16, 1),
        "4 classes",
        _MADE,
        "Conv2D",
    ),
    Offer(
        "iris",
        _TABLES,
        "Iris flowers",
        "Which of three species has these petals?",
        150,
        (4,),
        "3 classes",
        _UCI,
        "Dense",
    ),
    Offer(
        "csv",
        _TABLES,
        "Penguins",
        "Which of three species is it? Words, numbers and gaps, as in life.",
        344,
        (10,),
        "3 classes",
        "CC0 (palmerpenguins)",
        "Dense",
        {"path": "package:penguins", "target": "species"},
    ),
    Offer(
        "wine",
        _TABLES,
        "Wine",
        "Which of three cultivars is this wine made of?",
        178,
        (13,),
        "3 classes",
        _UCI,
        "Dense",
    ),
    Offer(
        "breast_cancer",
        _TABLES,
        "Breast cancer",
        "Is the tumour malignant or benign?",
        569,
        (30,),
        "2 classes",
        _UCI,
        "Dense",
    ),
    Offer(
        "diabetes",
        _TABLES,
        "Diabetes",
        "How far will the disease have progressed in a year?",
        442,
        (10,),
        "a number",
        "Efron et al. 2004",
        "Dense",
    ),
    Offer(
        "made_classification",
        _TABLES,
        "Made-up classes",
        "Clouds of rows, as near to each other as you like.",
        1000,
        (10,),
        "3 classes",
        _MADE,
        "Dense",
    ),
    Offer(
        "made_regression",
        _TABLES,
        "Made-up numbers",
        "A line that bends and is noisy, as much as you like.",
        1000,
        (10,),
        "a number",
        _MADE,
        "Dense",
    ),
    Offer(
        "random",
        _TABLES,
        "Random numbers",
        "Any shape and size, to test shapes and speed.",
        1000,
        (10,),
        "a number",
        _MADE,
        "Dense",
        {"shape": [10], "target": "real", "rows": 1000},
    ),
    Offer(
        "gaussians",
        _PLANE,
        "Two Gaussians",
        "Two clouds that a straight line can part.",
        500,
        (2,),
        "2 classes",
        _MADE,
        "Dense",
    ),
    Offer(
        "circle",
        _PLANE,
        "Circle",
        "A disc inside a ring: needs one hidden layer.",
        500,
        (2,),
        "2 classes",
        _MADE,
        "Dense",
    ),
    Offer(
        "xor",
        _PLANE,
        "Exclusive or",
        "Four squares, opposite ones belong together.",
        500,
        (2,),
        "2 classes",
        _MADE,
        "Dense",
    ),
    Offer(
        "spiral",
        _PLANE,
        "Spiral",
        "Two arms wound around each other: the hardest.",
        500,
        (2,),
        "2 classes",
        _MADE,
        "Dense",
    ),
    Offer(
        "plane",
        _PLANE,
        "Plane",
        "A number that grows from one corner to the other.",
        500,
        (2,),
        "a number",
        _MADE,
        "Dense",
    ),
    Offer("hills", _PLANE, "Hills", "Three hills and three hollows.", 500, (2,), "a number", _MADE, "Dense"),
    Offer("waves", _TIME, "Waves", "Which frequency does each wave have?", 1000, (32, 1), "4 classes", _MADE, "GRU"),
    Offer(
        "sine_mixture",
        _TIME,
        "Mixture of sines",
        "Several waves in one series: which value comes next?",
        1000,
        (32, 1),
        "a number",
        _MADE,
        "GRU",
    ),
    Offer(
        "moving_average",
        _TIME,
        "Moving average",
        "Random shocks that fade: how far can anyone foresee?",
        1000,
        (32, 1),
        "a number",
        _MADE,
        "GRU",
    ),
    Offer(
        "sentences",
        _TEXT,
        "Sentences",
        "Made-up sentences, letter by letter: which comes next?",
        3000,
        (20,),
        "28 classes",
        _MADE,
        "GRU",
    ),
)
_NETWORKS = {"image": "Conv2D", "table": "Dense", "text": "Embedding"}


def _downloads() -> tuple[Offer, ...]:
    return tuple(
        Offer(
            name,
            _DOWNLOADS,
            card.title,
            card.help,
            card.rows,
            card.shape,
            f"{len(card.class_names)} classes" if card.class_names else "a number",
            card.licence,
            _NETWORKS[card.kind],
        )
        for name, card in cards.CARDS.items()
    )


OFFERS = (OWN, *_HERE, *_downloads())


def starting(offer: Offer, old: DataSpec) -> dict[str, Any]:
    """The data's part of a project that takes this source, with the split of the one before."""
    kept = {name: getattr(old, name) for name in ("validation_fraction", "test_fraction", "seed")}
    return {"source": offer.source, **offer.start, **kept}


def of(data: DataSpec) -> Offer:
    """The card of a project's source."""
    if isinstance(data, FileData):
        return next((offer for offer in OFFERS if offer.start.get("path") == data.path), OWN)
    return next(offer for offer in OFFERS if offer.source == data.source)
