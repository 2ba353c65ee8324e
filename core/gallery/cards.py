"""All cards, in the order in which to try them."""

from __future__ import annotations

from core.gallery.card import Card, Group
from core.gallery.custom import CUSTOM
from core.gallery.first_steps import FIRST_STEPS
from core.gallery.images import IMAGES
from core.gallery.sequences import SEQUENCES
from core.gallery.several import SEVERAL

__all__ = ["CARDS", "Card", "Group"]

CARDS: tuple[Card, ...] = (*FIRST_STEPS, *IMAGES, *SEQUENCES, *SEVERAL, *CUSTOM)
