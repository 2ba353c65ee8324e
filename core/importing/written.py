"""A model as Keras wrote it down, looked at layer by layer: what each is, by the catalog, and how it was called."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from core.catalog import Entry
from core.errors import ImportRefused
from core.importing import operations
from core.importing.calls import Call, Json, call_of, tensor_of
from core.importing.faults import Faults, inside, named
from core.importing.limits import Limits
from core.importing.names import Groups, is_harmless
from core.importing.objects import config_of, entry_of, layer_params, policy
from core.importing.operations import Tensor

MODELS = ("Functional", "Sequential", "Model")
_FIELDS = {"module", "class_name", "config", "registered_name", "build_config", "name", "inbound_nodes"}
_FIELDS |= {"compile_config", "shared_object_id"}
_OBJECT = ("module", "class_name", "config", "registered_name")
_MODEL_FIELDS = {"name", "trainable", "dtype", "layers", "input_layers", "output_layers", "build_input_shape"}


@dataclass
class Part:
    """One layer of a model. `group` is where its weights stand in the file; `params` obey the catalog."""

    kind: Literal["input", "layer", "operation", "mask", "model"]
    name: str
    class_name: str
    path: str
    module: Any = None
    config: Json = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    entry: Entry | None = None
    params: Json = field(default_factory=dict)
    group: str = ""
    model: Model | None = None


@dataclass
class Model:
    """A Functional or Sequential model: its parts by name, its inputs and its outputs."""

    name: str
    path: str
    is_frozen: bool = False
    parts: dict[str, Part] = field(default_factory=dict)
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)


class Reader:
    """Reads models out of parsed JSON; whatever is refused goes to `faults`."""

    def __init__(self, faults: Faults, limits: Limits) -> None:
        self._faults = faults
        self._limits = limits
        self.notes: list[str] = []

    def model(self, value: Json, path: str, group: str = "layers") -> Model | None:
        """The model that `{"class_name": "Functional" | "Sequential", "config": …}` describes."""
        config = value["config"]
        place = f"{path}.config" if path else "config"
        if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            self._faults.add(place, "needed a model with a list of `layers`, as Keras 3 writes it.")
            return None
        if len(config["layers"]) > self._limits.layers:
            count, most = len(config["layers"]), self._limits.layers
            raise ImportRefused(f"{place}.layers", f"this model has {count:,} layers; at most {most:,} are taken.")
        for name in config.keys() - _MODEL_FIELDS:
            if config[name] not in (None, False):
                self._faults.add(inside(place, name), "a model of Keras has no such field.")
        found = Model(str(config.get("name", "")), place, is_frozen=config.get("trainable") is False)
        is_chain = value["class_name"] == "Sequential"
        groups = Groups(group)
        for index, layer in enumerate(config["layers"]):
            part = self._part(layer, inside(f"{place}.layers", index), groups, is_chain)
            if part and part.name in found.parts:
                self._faults.add(part.path, f"two layers are called {named(part.name)}; links would be ambiguous.")
            elif part:
                found.parts[part.name] = part
        if is_chain:
            self._chain(found, config)
        else:
            found.inputs = self._ends(config.get("input_layers"), f"{place}.input_layers")
            found.outputs = self._ends(config.get("output_layers"), f"{place}.output_layers")
        return found

    def _part(self, value: Any, path: str, groups: Groups, is_chain: bool) -> Part | None:
        faults = self._faults
        if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
            faults.add(path, "needed a layer with `class_name` and `config`.")
            return None
        for name in value.keys() - _FIELDS:
            faults.add(inside(path, name), "a layer of Keras has no such field.")
        class_name, config = value.get("class_name"), value["config"]
        name = value.get("name") or config.get("name")
        if not is_harmless(name) or not isinstance(class_name, str):
            faults.add(
                f"{path}.name", f"{named(name)} is no name of a layer: quotes, < > & and controls are not taken."
            )
            return None
        calls = value.get("inbound_nodes", [])
        if not isinstance(calls, list):
            faults.add(f"{path}.inbound_nodes", "needed a list of calls.")
            return None
        found = [call_of(call, inside(f"{path}.inbound_nodes", index), faults) for index, call in enumerate(calls)]
        kind = self._kind(class_name, value.get("module"))
        part = Part(kind, str(name), class_name, path, value.get("module"), config, [one for one in found if one])
        if kind not in ("operation", "mask") or operations.special(part.module, class_name):
            part.group = "" if kind == "input" and is_chain else groups.next(class_name)
        return self._known(part, value)

    def _kind(self, class_name: str, module: Any) -> Literal["input", "layer", "operation", "mask", "model"]:
        if operations.is_operation(module):
            return "mask" if class_name in operations.MASKS else "operation"
        if operations.special(module, class_name):
            return "operation"
        if class_name == "InputLayer":
            return "input"
        return "model" if class_name in MODELS else "layer"

    def _known(self, part: Part, value: Json) -> Part | None:
        """The part with what it is; None when it is refused."""
        faults = self._faults
        if part.kind == "model":
            part.model = self.model(value, part.path, f"{part.group}/layers")
            return part if part.model else None
        if part.kind == "input":
            part.params = self._input(part)
        if part.kind != "layer":
            return part
        if part.class_name in ("TFOpLambda", "SlicingOpLambda"):
            faults.add(
                part.path, f"{part.class_name} is an operation as Keras 2 saved it. Save the model with Keras 3."
            )
            return None
        plain: Json = {name: value[name] for name in _OBJECT if name in value}
        written = config_of(plain, "layer", part.path, faults)
        part.entry = entry_of("layer", written[0], part.path, faults) if written else None
        if part.entry is None or written is None:
            return None
        part.params = layer_params(part.entry, written[1], f"{part.path}.config", faults)
        return part

    def _input(self, part: Part) -> Json:
        faults, path = self._faults, f"{part.path}.config"
        shape, dtype = part.config.get("batch_shape"), policy(part.config.get("dtype"))
        if not isinstance(shape, list) or len(shape) < 2:
            faults.add(
                f"{path}.batch_shape", f"needed the shape of a batch, such as [null, 28, 28], got {named(shape)}."
            )
            return {}
        for name in ("sparse", "ragged", "optional"):
            if part.config.get(name) not in (None, False):
                faults.add(f"{path}.{name}", f"an input that is {name} is not taken.")
        if shape[0] is not None:
            self.notes.append(f"{part.name}: its fixed batch size is left out; it belongs to the training here.")
        params: Json = {"shape": shape[1:]} | ({} if dtype in (None, "float32") else {"dtype": dtype})
        entry = entry_of("layer", "Input", path, faults)
        for name, sentence in entry.problems(params) if entry else ():
            faults.add(inside(path, "batch_shape" if name == "shape" else name), sentence)
        return params

    def _chain(self, model: Model, config: Json) -> None:
        """Links the layers of a Sequential model, each to the one before."""
        parts = list(model.parts.values())
        if parts and parts[0].kind != "input":
            shape = config.get("build_input_shape")
            first = Part("input", "input", "InputLayer", model.path, config={"batch_shape": shape})
            while first.name in model.parts:
                first.name += "_"
            first.params = {"shape": shape[1:]} if isinstance(shape, list) and len(shape) > 1 else {}
            model.parts = {first.name: first, **model.parts}
            parts.insert(0, first)
        if not parts:
            self._faults.add(f"{model.path}.layers", "this model has no layers.")
            return
        for before, part in pairwise(parts):
            part.calls = [Call(part.path, (Tensor(before.name, 0, 0),), {})]
        model.inputs = [Tensor(parts[0].name, 0, 0)]
        model.outputs = [Tensor(parts[-1].name, 0, 0)]

    def _ends(self, value: Any, path: str) -> list[Tensor]:
        """Inputs or outputs: one, a list of them, or one for each name."""
        if isinstance(value, list) and value and isinstance(value[0], str):
            value = [value]
        items = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(items, list) or not items:
            self._faults.add(path, 'needed at least one layer, such as ["dense", 0, 0].')
            return []
        found = [tensor_of(item, inside(path, index), self._faults) for index, item in enumerate(items)]
        return [tensor for tensor in found if tensor]
