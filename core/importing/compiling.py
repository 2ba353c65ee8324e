"""How a model was compiled: optimizer, losses and metrics by names that the catalog lists.

A user's own loss or metric stands in the file as a name without its code; it is left out, and a note says so.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from core import catalog
from core.catalog import Kind, SpecError
from core.importing.faults import Faults, inside, named
from core.importing.objects import config_of, entry_of, params_of

Json = dict[str, Any]
_FIELDS = {"optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly"}
_FIELDS |= {"steps_per_execution", "jit_compile", "auto_scale_loss"}
_OWN = (None, "builtins", "__main__")


class Compiled:
    """Reads `compile_config`.

    Args:
        faults: takes what is refused.
        notes: takes what is left out.
        outputs: our node for each output layer of the file, in order.
    """

    def __init__(self, faults: Faults, notes: list[str], outputs: Mapping[str, str]) -> None:
        self._faults = faults
        self._notes = notes
        self._outputs = outputs

    def read(self, value: Any, path: str = "compile_config") -> Json:
        """The fields of `compile` in our project file; those that the file does not have are not in it."""
        if value in (None, {}):
            return {}
        if not isinstance(value, dict):
            self._faults.add(path, f"needed an object in braces, got {named(value)}.")
            return {}
        for name in value.keys() - _FIELDS:
            self._faults.add(inside(path, name), "Keras compiles with no such field.")
        found: Json = {}
        if value.get("optimizer") is not None:
            optimizer = self._choice("optimizer", value["optimizer"], f"{path}.optimizer")
            found |= {"optimizer": optimizer} if optimizer else {}
        if value.get("loss") is not None:
            found |= self._loss(value["loss"], f"{path}.loss")
        if value.get("metrics") is not None:
            found |= self._metrics(value["metrics"], f"{path}.metrics")
        weights = value.get("loss_weights")
        if isinstance(weights, (dict, list)) and all(type(one) in (int, float) for one in _each(weights)):
            found["loss_weights"] = self._keyed(weights, f"{path}.loss_weights")
        if value.get("run_eagerly") is True:
            found["run_eagerly"] = True
        return found

    def _loss(self, value: Any, path: str) -> Json:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, list) or (isinstance(value, dict) and "class_name" not in value):
            keyed = self._keyed(value, path)
            losses = {node: self._choice("loss", one, inside(path, node)) for node, one in keyed.items() if one}
            losses = {node: one for node, one in losses.items() if one}
            return {"loss": losses} if losses else {}
        loss = self._choice("loss", value, path)
        return {"loss": loss} if loss else {}

    def _metrics(self, value: Any, path: str) -> Json:
        many = len(self._outputs) > 1
        if isinstance(value, dict) or (many and isinstance(value, list) and any(isinstance(i, list) for i in value)):
            keyed = self._keyed(value, path)
            return {"metrics": {node: self._some(some, inside(path, node)) for node, some in keyed.items()}}
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
            value = value[0]
        return {"metrics": self._some(value, path)}

    def _some(self, value: Any, path: str) -> list[Json]:
        items = value if isinstance(value, list) else [value]
        found = [self._choice("metric", one, inside(path, index)) for index, one in enumerate(items) if one]
        return [one for one in found if one]

    def _keyed(self, value: Any, path: str) -> Json:
        """By our nodes what the file has by the names, or in the order, of its outputs."""
        pairs = zip(self._outputs, value, strict=False) if isinstance(value, list) else value.items()
        found: Json = {}
        for name, one in pairs:
            if name in self._outputs:
                found[self._outputs[name].partition(":")[0]] = one
            else:
                self._faults.add(inside(path, name), f"no output is called {named(name)}.")
        return found

    def _choice(self, kind: Kind, value: Any, path: str) -> Json | None:
        """A name with parameters; None when it is refused or left out."""
        if isinstance(value, str):
            return self._by_name(kind, value, path)
        if not isinstance(value, dict):
            self._faults.add(path, f"needed the name of a {kind}, got {named(value)}.")
            return None
        if value.get("class_name") == "function" and value.get("module") in _OWN:
            return self._by_name(kind, value.get("config"), path)
        if value.get("module") in _OWN and isinstance(value.get("registered_name"), str):
            self._leave_out(kind, value.get("class_name"))
            return None
        written = config_of(value, kind, path, self._faults)
        entry = entry_of(kind, written[0], path, self._faults) if written else None
        if entry is None or written is None:
            return None
        config = dict(written[1])
        for name in ("name", "reduction", "fn"):
            if name in config and (name != "reduction" or kind == "metric"):
                config.pop(name)
        if type(config.get("learning_rate")) is float:
            config["learning_rate"] = _shortest(config["learning_rate"])
        params = params_of(entry, config, f"{path}.config", self._faults)
        return {"name": entry.name, "params": params}

    def _by_name(self, kind: Kind, name: Any, path: str) -> Json | None:
        if not isinstance(name, str):
            self._faults.add(path, f"needed the name of a {kind}, got {named(name)}.")
            return None
        try:
            full = catalog.canonical_name(kind, name)
        except SpecError:
            self._leave_out(kind, name)
            return None
        if full != "accuracy" and entry_of(kind, full, path, self._faults) is None:
            return None
        return {"name": full, "params": {}}

    def _leave_out(self, kind: Kind, name: Any) -> None:
        self._notes.append(f"The {kind} {named(name)} is the author's own, and its code is not in the file: left out.")


def _shortest(number: float) -> float:
    """0.0010000000474974513 is what 32-bit floats make of 0.001."""
    for digits in range(1, 10):
        short = float(f"{number:.{digits}g}")
        if struct.pack("<f", short) == struct.pack("<f", number):
            return short
    return number


def _each(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value
