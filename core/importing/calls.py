"""How a layer was called: which results of other layers it was given, and what else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.catalog import Entry
from core.importing.faults import Faults, inside, named
from core.importing.operations import Tensor

Json = dict[str, Any]
_FIRST = ("inputs", "sequences", "x", "sequence", "query")
_MASKS = ("mask", "query_mask", "value_mask", "key_mask")
_MOST_CALLS = 1000


@dataclass(frozen=True)
class Call:
    """One call: `args` and `kwargs` hold a `Tensor` where the file has a tensor."""

    path: str
    args: tuple[Any, ...]
    kwargs: Json

    def tensors(self) -> Iterator[Tensor]:
        """All tensors of the arguments by position, in order; of a dictionary in the order of its names."""
        yield from _tensors(list(self.args))

    def masks(self) -> Iterator[Tensor]:
        """The tensors that are given as masks."""
        for name in _MASKS:
            yield from _tensors(self.kwargs.get(name))


def call_of(value: Any, path: str, faults: Faults) -> Call | None:
    """The call that an entry of `inbound_nodes` describes."""
    args = value.get("args") if isinstance(value, dict) else None
    kwargs = value.get("kwargs") if isinstance(value, dict) else None
    if not isinstance(args, list) or not isinstance(kwargs, dict) or len(value) > 2:
        faults.add(path, "needed a call with `args` and `kwargs`, as Keras 3 writes it. Save the model with Keras 3.")
        return None
    before = len(faults)
    given = tuple(_given(item, inside(f"{path}.args", index), faults) for index, item in enumerate(args))
    words = {name: _given(item, inside(f"{path}.kwargs", name), faults) for name, item in kwargs.items()}
    return Call(path, given, words) if len(faults) == before else None


def tensor_of(history: Any, path: str, faults: Faults, shape: Any = None) -> Tensor | None:
    """The tensor that `[layer, call, slot]` names."""
    if isinstance(history, list) and len(history) == 3:
        layer, call, slot = history
        counts = type(call) is int and type(slot) is int and 0 <= call < _MOST_CALLS and 0 <= slot < 100
        if isinstance(layer, str) and counts:
            return Tensor(layer, call, slot, _shape(shape))
    faults.add(path, f'needed the name of a layer and two numbers, such as ["dense", 0, 0], got {named(history)}.')
    return None


def inputs_of(call: Call, entry: Entry, faults: Faults) -> tuple[Tensor, ...] | None:
    """What feeds a layer of ours, in its order; None when the call is refused."""
    kwargs = dict(call.kwargs)
    if call.args:
        given = list(call.args)
    else:
        first = next((name for name in _FIRST if name in kwargs), None)
        given = [kwargs.pop(first)] if first else []
    if entry.spread:
        given += [kwargs.pop(name) for name in entry.input_names[len(given) :] if name in kwargs]
    if not _takes(entry, kwargs, call.path, faults):
        return None
    found = given[0] if len(given) == 1 and isinstance(given[0], list) else given
    if not all(isinstance(item, Tensor) for item in found):
        faults.add(f"{call.path}.args", f"{entry.name} takes tensors, got {named([_said(item) for item in found])}.")
        return None
    most = entry.most if entry.most is not None else len(found)
    if not max(1, entry.fewest) <= len(found) <= most or (entry.arity == "many" and found is given):
        faults.add(f"{call.path}.args", f"{entry.name} does not take {len(found)} inputs in this way.")
        return None
    return tuple(found)


def _takes(entry: Entry, kwargs: Json, path: str, faults: Faults) -> bool:
    """Is there nothing among the keywords that changes what the layer does?"""
    before = len(faults)
    for name, value in kwargs.items():
        if value is None or value is False or (name in _MASKS and all(isinstance(one, Tensor) for one in _each(value))):
            continue
        if name == "training" and value is True and entry.category == "preprocessing":
            continue  # Keras's default for layers that change pictures at random
        faults.add(inside(f"{path}.kwargs", name), f"{entry.name} is called without `{name[:40]}` here.")
    return len(faults) == before


def _given(value: Any, path: str, faults: Faults) -> Any:
    if isinstance(value, list):
        return [_given(item, inside(path, index), faults) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        config = config if isinstance(config, dict) else {}
        return tensor_of(config.get("keras_history"), f"{path}.config.keras_history", faults, config.get("shape"))
    if value.get("class_name") == "__tuple__":
        return _given(value.get("items"), path, faults)
    if "class_name" in value or "module" in value:
        faults.add(path, f"an object ({named(value.get('class_name'))}) cannot be given to a layer.")
        return None
    return {name: _given(item, inside(path, name), faults) for name, item in value.items()}


def _shape(value: Any) -> tuple[int | None, ...] | None:
    if isinstance(value, list) and len(value) <= 9 and all(size is None or type(size) is int for size in value):
        return tuple(value)
    return None


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _tensors(item)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _said(value: Any) -> Any:
    return f"tensor of {value.layer}" if isinstance(value, Tensor) else value
