"""What a run is told of the machine it trains on, and what it tells those that come after it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.events import Chosen, Speed
from core.spec import Project

if TYPE_CHECKING:
    from core.data import Dataset

KEPT = 200
"""The measurements of so many networks are remembered."""
_FILE = "executions.json"

Known = Mapping[str, Mapping[str, Speed]]  # by network and machine, by execution


@dataclass(frozen=True)
class Machine:
    """`resident_mb` is how many megabytes (2**20 bytes) of rows may stay on the device; `known` are speeds."""

    resident_mb: int = 1024
    known: Known = field(default_factory=dict)


def key(project: Project, dataset: Dataset) -> str:
    """Names what decides the speed of a run: the network, the shape of its data, the batch size, the machine."""
    model = [node.model_dump(exclude={"position"}) for node in project.model.nodes]
    blocks = [block.model_dump(exclude={"open"}) for block in project.model.blocks]
    compile_ = project.compile.model_dump(mode="json")
    shapes = [(array.shape, str(array.dtype)) for array in (*dataset.train.x, *dataset.train.y)]
    training = (project.training.loop, project.training.batch_size)
    machine = (platform.node(), platform.machine(), os.cpu_count())
    parts = (model, blocks, project.model.outputs, compile_, shapes, training, machine)
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:24]


def remembered(home: Path) -> dict[str, dict[str, Speed]]:
    """What the runs of this home have measured; nothing if the file is not there or is damaged."""
    try:
        content = json.loads((home / _FILE).read_bytes())
        return from_dict(content)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def remember(home: Path, chosen: Chosen) -> None:
    """Keep what a run has measured, if it has measured all that there was to choose from.

    Raises:
        OSError: if the file cannot be written.
    """
    if chosen.remembered or chosen.reason or not chosen.key:
        return
    known = remembered(home)
    known.pop(chosen.key, None)
    known[chosen.key] = {speed.execution: speed for speed in chosen.measured}
    newest = dict(list(known.items())[-KEPT:])
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = home / f"part.{os.getpid()}.{_FILE}"
    part.write_text(json.dumps(to_dict(newest)))
    os.replace(part, home / _FILE)


def to_dict(known: Known) -> dict[str, list[dict[str, Any]]]:
    """As JSON data, for the file and for a message to a trainer, which cannot read the file."""
    return {name: [asdict(speed) for speed in speeds.values()] for name, speeds in known.items()}


def from_dict(content: Mapping[str, list[dict[str, Any]]]) -> dict[str, dict[str, Speed]]:
    """What `to_dict` made."""
    return {name: {one["execution"]: Speed(**one) for one in speeds} for name, speeds in content.items()}
