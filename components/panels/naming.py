"""Names that a user types for layers and blocks: taken, or refused with a sentence."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from components import state
from core.spec import NodeId

_NAMES: TypeAdapter[str] = TypeAdapter(NodeId)


def typed(field: str) -> str | None:
    """The name in a field; None, and a notice, if it cannot be one."""
    name = state.value(field).strip()
    try:
        return _NAMES.validate_python(name)
    except ValidationError:
        here = state.current()
        here.notices.append(f"{name!r} cannot be a name: it needs a letter first, then letters, digits or _.")
        here.generation += 1
        return None
