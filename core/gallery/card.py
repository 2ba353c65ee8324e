"""What the page says about one example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["First steps", "Images", "Sequences", "Several inputs and outputs", "Custom"]


@dataclass(frozen=True)
class Card:
    """`explains` are three sentences: on `compile`, on what runs eagerly, on what runs as a graph."""

    name: str
    title: str
    description: str
    explains: tuple[str, str, str]
    group: Group
    needs_network: bool = False
