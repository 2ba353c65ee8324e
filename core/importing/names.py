"""Names of layers from outside as ids of ours: letters, digits and underscores, each once."""

from __future__ import annotations

import re
from collections.abc import Collection

LONGEST = 64
_HARMFUL = re.compile(r"[<>&\"'`\x00-\x1f\x7f]")


def is_harmless(name: object) -> bool:
    """May it stand in a sentence and be made into an id? Keras's own names never hold markup."""
    return isinstance(name, str) and 0 < len(name) <= 256 and not _HARMFUL.search(name)


def free_id(name: str, taken: Collection[str]) -> str:
    """An id like the name that is not taken: what is no letter or digit becomes an underscore."""
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "layer"
    stem = stem if stem[0].isalpha() else f"layer_{stem}"
    found, number = stem[:LONGEST], 1
    while found in taken:
        number += 1
        found = f"{stem[: LONGEST - 8]}_{number}"
    return found


def snake_case(class_name: str) -> str:
    """The name that Keras gives a layer's group in a file of weights.

    See `keras.src.utils.naming.to_snake_case`.
    """
    name = re.sub(r"\W+", "", class_name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


class Groups:
    """Hands out the groups of one container: `dense`, `dense_1`, …, as `keras.saving` counts them."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._used: dict[str, int] = {}

    def next(self, class_name: str) -> str:
        """The group of the next layer."""
        name = snake_case(class_name)
        count = self._used.get(name)
        self._used[name] = 0 if count is None else count + 1
        return f"{self._path}/{name}" if count is None else f"{self._path}/{name}_{count + 1}"
