"""What Keras wrote for a parameter, as our project file has it: plain values, and names that the catalog knows.

Keras writes an object as `{"module", "class_name", "config", "registered_name"}`. Only the class name is looked up,
in the table of the kind that belongs there; nothing is ever imported by a name out of the file.
"""

from __future__ import annotations

from typing import Any

from core import catalog
from core.catalog import REQUIRED, Entry, KerasRef, Kind, Param, Rule, SpecError
from core.catalog.params import AnyOf, TupleOf
from core.importing.faults import Faults, inside, named

Json = dict[str, Any]
MISSING: Any = object()

_OBJECT = {"module", "class_name", "config", "registered_name", "build_config", "shared_object_id", "name"}
_OURS = ("keras", "keras.", "tf_keras.")
_OFF: tuple[Any, ...] = (None, False)
_NEUTRAL: dict[str, tuple[Any, ...]] = {"autocast": (True,), "dtype": ("float32",), "pool_mode": ("max", "avg")}
"""What a field that cannot be set here may say beside null and false."""
_PASSED_OVER = ("name",)


def config_of(value: Json, kind: str, path: str, faults: Faults) -> tuple[str, Json] | None:
    """Class name and config of a written object; None when it is no object of Keras's own."""
    name, config = value.get("class_name"), value.get("config")
    if not isinstance(name, str) or not isinstance(config, dict):
        faults.add(path, f"needed {_article(kind)} that Keras has written, with `class_name` and `config`.")
        return None
    for field in value.keys() - _OBJECT:
        faults.add(inside(path, field), f"Keras writes no such field for {_article(kind)}.")
        return None
    module, registered = value.get("module"), value.get("registered_name")
    if module is not None and not (isinstance(module, str) and (module == "keras" or module.startswith(_OURS))):
        faults.add(path, f"{named(name)} is of the module {named(module)}; only what Keras has itself is taken.")
        return None
    if registered not in (None, name):
        faults.add(path, f"{named(name)} is registered as {named(registered)}; only what Keras has itself is taken.")
        return None
    return name, config


def entry_of(kind: Kind, name: str, path: str, faults: Faults) -> Entry | None:
    """The row of the catalog; None when there is none, or it is not offered."""
    try:
        entry = catalog.entry(kind, name)
    except SpecError as fault:
        faults.add(path, f"{fault.message} Only what the catalog lists is taken.")
        return None
    if not entry.offered:
        faults.add(path, f"{entry.name} is not taken. {entry.reason}")
        return None
    return entry


def params_of(entry: Entry, config: Json, path: str, faults: Faults) -> Json:
    """The parameters that differ from Keras's defaults; what cannot be set here is refused unless it is off.

    Args:
        entry: the row of the catalog.
        config: what Keras wrote for it.
        path: the place of the config.
        faults: takes what is refused.
    """
    rows = {param.name: param for param in entry.params}
    found: Json = {}
    for field, value in config.items():
        place = inside(path, field)
        if field in _PASSED_OVER and field not in rows:
            continue
        if field not in rows:
            _off(entry, field, value, place, faults)
            continue
        ours = value_of(value, rows[field].rule, place, faults)
        if ours is MISSING or _is_default(ours, rows[field]):
            continue
        if sentence := rows[field].rule.problem(ours):
            faults.add(place, sentence)
        found[field] = ours
    for name, param in rows.items():
        if param.default is REQUIRED and name not in config:
            faults.add(path, f"{entry.name} needs `{name}`: {param.rule}.")
    return found


def _off(entry: Entry, field: str, value: Any, path: str, faults: Faults) -> None:
    """A field without a row is passed over where it says nothing."""
    said = policy(value) if field == "dtype" else value
    if any(said is neutral for neutral in _OFF) or said in _NEUTRAL.get(field, ()):
        return
    reason = entry.hidden.get(field, f"the catalog has no such parameter of {entry.name}.")
    faults.add(path, f"got {named(value)}; `{field[:40]}` cannot be set here: {reason}")


def value_of(value: Any, rule: Rule, path: str, faults: Faults) -> Any:
    """A value in our words; MISSING when it was refused."""
    if isinstance(value, dict) and value.get("class_name") == "__tuple__":
        value = value.get("items")
    if isinstance(value, dict):
        return _object(value, rule, path, faults)
    reference = _reference(rule)
    if isinstance(value, str) and reference and not isinstance(rule, TupleOf):
        return _canonical(value, reference, path, faults)
    if isinstance(value, list):
        return _list(value, rule, path, faults)
    return value


def _list(value: list[Any], rule: Rule, path: str, faults: Faults) -> Any:
    if len(value) == 1 and not rule.allows(value) and rule.allows(value[0]):
        return value[0]  # `axis: [-1]` of a layer that takes one axis
    if any(isinstance(item, dict) for item in value):
        faults.add(path, f"needed {rule}; an object in a list is not taken.")
        return MISSING
    return value


def _object(value: Json, rule: Rule, path: str, faults: Faults) -> Any:
    if value.get("class_name") in ("DTypePolicy", "SeedGenerator"):
        return _plain_object(value, path, faults)
    reference = _reference(rule)
    if reference is None:
        faults.add(path, f"needed {rule}; an object ({named(value.get('class_name'))}) is not taken here.")
        return MISSING
    written = config_of(value, reference.kind, path, faults)
    if written is None:
        return MISSING
    name, config = written
    entry = entry_of(reference.kind, name, path, faults)
    if entry is None:
        return MISSING
    params = layer_params(entry, config, inside(path, "config"), faults)
    if entry.kind == "activation":
        faults.add(path, f'{entry.name}: an activation is written as a name, such as "relu".')
        return MISSING
    return {"name": entry.name, "params": params} if params or entry.kind == "layer" else entry.name


def layer_params(entry: Entry, config: Json, path: str, faults: Faults) -> Json:
    """As `params_of`, with what Keras writes for layers in its own way."""
    config = dict(config)
    if entry.name == "Bidirectional" and _mirrors(config.get("layer"), config.get("backward_layer")):
        config.pop("backward_layer")
    if config.get("trainable") is False and not any(param.name == "trainable" for param in entry.params):
        if entry.category == "attention":
            faults.add(inside(path, "trainable"), f"got false; {entry.name} cannot be frozen here.")
        config.pop("trainable")  # a layer without weights
    elif config.get("trainable") is True:
        config.pop("trainable")
    return params_of(entry, config, path, faults)


def _mirrors(forward: Any, backward: Any) -> bool:
    """Is the backward layer the one that Keras makes of the forward layer by itself?"""
    if not isinstance(forward, dict) or not isinstance(backward, dict):
        return False
    one, other = forward.get("config"), backward.get("config")
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    turned = {**other, "name": one.get("name"), "go_backwards": not other.get("go_backwards")}
    return turned == one and forward.get("class_name") == backward.get("class_name")


def _plain_object(value: Json, path: str, faults: Faults) -> Any:
    found = policy(value) if value["class_name"] == "DTypePolicy" else _seed(value)
    if found is MISSING:
        faults.add(path, f"this {value['class_name']} is not written as Keras writes it.")
    return found


def policy(value: Any) -> Any:
    """The name of a dtype policy; anything else comes back as it is."""
    if not isinstance(value, dict) or value.get("class_name") != "DTypePolicy":
        return value
    config = value.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    return name if isinstance(name, str) else MISSING


def _seed(value: Json) -> Any:
    config = value.get("config")
    return config.get("seed") if isinstance(config, dict) and type(config.get("seed")) is int else MISSING


def _reference(rule: Rule) -> KerasRef | None:
    """The kind of Keras object that a rule allows."""
    options = rule.rules if isinstance(rule, AnyOf) else (rule,)
    return next((option for option in options if isinstance(option, KerasRef)), None)


def _canonical(name: str, reference: KerasRef, path: str, faults: Faults) -> Any:
    """Full names; an activation stays a name, since it has no parameters."""
    entry = entry_of(reference.kind, name, path, faults)
    return entry.name if entry else MISSING


def _is_default(value: Any, param: Param) -> bool:
    """Is it what Keras takes anyway?"""
    default = param.default
    if default is REQUIRED:
        return False
    if param.name == "dtype":
        return value in (None, "float32")
    if param.name in ("activation", "recurrent_activation") and default is None:
        return value in (None, "linear")
    return _same(value, default, param.rule)


def _same(value: Any, default: Any, rule: Rule) -> bool:
    reference = _reference(rule)
    if reference and isinstance(default, str):
        full = catalog.canonical_name(reference.kind, default)
        return value in (full, {"name": full, "params": {}})
    if isinstance(default, list) and not isinstance(value, list):
        return all(type(item) is type(value) and item == value for item in default)
    if isinstance(value, list) and not isinstance(default, list):
        return bool(value) and all(type(item) is type(default) and item == default for item in value)
    return type(value) is type(default) and bool(value == default)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
