"""The format `.keras`: a ZIP archive of `metadata.json`, `config.json` and `model.weights.h5`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.errors import ImportRefused
from core.importing import archive, keras_text, text
from core.importing.archive import Member
from core.importing.faults import named
from core.importing.found import Found
from core.importing.limits import Limits

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"


def read(content: bytes, limits: Limits, name: str = "") -> Found:
    """The project of a `.keras` file. Its weights are not looked at; `core.importing.weights` does that, in a jail.

    Raises:
        ImportRefused: if it is none, or holds what is not taken.
    """
    found = _members(content, limits)
    metadata = text.parsed(found[METADATA].read(limits.text_bytes), limits, METADATA)
    _refuse_version(metadata.get("keras_version") if isinstance(metadata, dict) else None)
    try:
        project = keras_text.read(found[CONFIG].read(limits.text_bytes), limits, name)
    except ImportRefused as fault:
        raise ImportRefused(f"{CONFIG}: {fault.path}" if fault.path else CONFIG, fault.message) from None
    return project if WEIGHTS in found else replace(project, groups={})


def weights(content: bytes, limits: Limits) -> Member:
    """The member with the weights.

    Raises:
        ImportRefused: if the file is no `.keras` file, or has none.
    """
    found = _members(content, limits)
    if WEIGHTS not in found:
        raise ImportRefused(WEIGHTS, "this file has no weights. Import its layers alone.")
    return found[WEIGHTS]


def _members(content: bytes, limits: Limits) -> dict[str, Member]:
    if len(content) > limits.file_bytes:
        raise ImportRefused("", f"This file has {len(content):,} bytes; at most {limits.file_bytes:,} are taken.")
    found = archive.members(content, (METADATA, CONFIG, WEIGHTS))
    for name in (METADATA, CONFIG):
        if name not in found:
            raise ImportRefused(name, "it is missing, so this is no Keras model. Save it with model.save('x.keras').")
    return found


def _refuse_version(version: Any) -> None:
    if not isinstance(version, str) or not version.startswith("3."):
        raise ImportRefused(
            f"{METADATA}: keras_version", f"needed a model of Keras 3, got {named(version)}. Save it with Keras 3."
        )
