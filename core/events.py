"""What a run says while it works: tagged, typed values; JSON to read, packed float32 for losses."""

from __future__ import annotations

import array
import json
import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Started:
    """The model is built and the first step comes next. `first_step` > 0 when a run is continued."""

    tag: ClassVar[str] = "started"
    epochs: int
    steps_per_epoch: int
    batch_size: int
    parameters: int
    execution: str
    loop: str
    first_epoch: int = 0
    first_step: int = 0
    at: float = 0.0


@dataclass(frozen=True)
class Steps:
    """The loss of every step since `first`, in order (float32)."""

    tag: ClassVar[str] = "steps"
    first: int
    loss: array.array[float]


@dataclass(frozen=True)
class Epoch:
    """An epoch ended. `steps` counts all steps so far; `seconds` is the training time of this epoch."""

    tag: ClassVar[str] = "epoch"
    epoch: int
    metrics: dict[str, float | None]
    steps: int = 0
    seconds: float = 0.0
    steps_per_second: float = 0.0
    learning_rate: float | None = None
    memory_mb: float = 0.0


@dataclass(frozen=True)
class Paused:
    """Training waits before step `step`."""

    tag: ClassVar[str] = "paused"
    step: int


@dataclass(frozen=True)
class Resumed:
    """Training goes on at step `step`."""

    tag: ClassVar[str] = "resumed"
    step: int


@dataclass(frozen=True)
class Note:
    """One sentence that the user should see: an early stop, a lowered learning rate."""

    tag: ClassVar[str] = "note"
    message: str
    epoch: int | None = None


@dataclass(frozen=True)
class Speed:
    """What was measured of one execution; `seconds` is how long TensorFlow traced and compiled it."""

    execution: str
    steps_per_second: float
    seconds: float = 0.0


@dataclass(frozen=True)
class Chosen:
    """`"auto"` has chosen its execution. `reason` tells why nothing more was tried, if something was left.

    `remembered`: the speeds are those of an earlier run; `key` names the network, its data and the machine.
    """

    tag: ClassVar[str] = "chosen"
    execution: str
    measured: tuple[Speed, ...] = ()
    remembered: bool = False
    reason: str = ""
    key: str = ""


@dataclass(frozen=True)
class Finished:
    """The run ended in order; `stopped` when the user or a callback ended it early.

    `traces` is how often Python went through the training step: once for each graph made of it, each time when eager.
    """

    tag: ClassVar[str] = "finished"
    metrics: dict[str, float | None]
    steps: int
    steps_per_second: float
    execution: str
    epochs: int = 0
    seconds: float = 0.0
    stopped: bool = False
    traces: int = 0


@dataclass(frozen=True)
class Failed:
    """The run ended badly; `message` is a sentence with a next step."""

    tag: ClassVar[str] = "failed"
    message: str
    details: str = field(default="", repr=False)


DIVERGED = "The loss became"
"""How the message of a run begins that failed because its loss was no number any more."""

Event = Started | Steps | Epoch | Paused | Resumed | Note | Chosen | Finished | Failed
_BY_TAG: dict[str, type[Any]] = {
    cls.tag: cls for cls in (Started, Steps, Epoch, Paused, Resumed, Note, Chosen, Finished, Failed)
}


def to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON data: `{"event": "steps", "first": 0, "loss": [0.7, …]}`."""
    if isinstance(event, Steps):
        return {"event": event.tag, "first": event.first, "loss": [_finite(value) for value in event.loss]}
    return {"event": event.tag, **{name: _plain(value) for name, value in asdict(event).items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return _finite(value) if isinstance(value, float) else value


def _finite(value: float) -> float | None:
    """JSON has no NaN and no infinity: they become null."""
    return value if math.isfinite(value) else None


def encode(event: Event) -> bytes:
    """One JSON line; behind the line of a `steps` event come its losses as little-endian float32."""
    if isinstance(event, Steps):
        return json.dumps({"event": event.tag, "first": event.first}).encode() + b"\n" + event.loss.tobytes()
    return json.dumps(to_dict(event)).encode() + b"\n"


def decode(raw: bytes) -> Event:
    """The event that `encode` wrote; fields that this version does not know are left out."""
    line, _, packed = raw.partition(b"\n")
    data = json.loads(line)
    cls = _BY_TAG[data.pop("event")]
    if cls is Steps:
        return Steps(first=data["first"], loss=array.array("f", packed))
    if cls is Chosen:
        data["measured"] = tuple(Speed(**one) for one in data.get("measured", ()))
    known = {item.name for item in fields(cls)}
    event: Event = cls(**{name: value for name, value in data.items() if name in known})
    return event
