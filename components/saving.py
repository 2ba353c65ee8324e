"""How a tab's changes reach the store: each once, and never over another tab's change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from core import edits
from core.edits import Edit, Place
from core.errors import SpecError, StaleError
from core.spec import Project
from core.store import Stamp, Store, StoredProject

Way = Literal["undo", "redo"]
_CHOOSE = "This project was changed in another tab. Take the newest version or keep yours as a copy, then go on."
_MAX_CLIENT = 64
_MAX_SEQ = 2**53


class Tab(Protocol):
    """What a tab knows of its project; `components.state.State` is one.

    Streamlit begins a script run while the one before may still be at work. Whoever looks at `stored` or changes it
    holds `lock`: what the run before saves would look like another tab's change.
    """

    lock: AbstractContextManager[bool]
    stored: StoredProject
    notices: list[str]
    conflict: bool
    unsaved: Project | None
    placed: frozenset[str]


def follow(tab: Tab, store: Store) -> None:
    """Another tab may have changed the project since: the user says what to do then."""
    with tab.lock:
        if store.revision(tab.stored.id) != tab.stored.revision:
            tab.conflict = True


def edit(tab: Tab, store: Store, changes: Iterable[Edit], stamp: Stamp | None = None) -> bool:
    """Make changes and save them; False, with a notice, if they are refused. The stamp is taken in any case."""
    with tab.lock:
        changes, before = tuple(changes), tab.stored.revision
        places = frozenset(changes[0].positions) if len(changes) == 1 and isinstance(changes[0], Place) else frozenset()
        try:
            changed = edits.applied(tab.stored.project, changes)
            saved = save(tab, store, changed, stamp, same_step=bool(places) and places == tab.placed)
        except SpecError as refused:
            return _refuse(tab, store, str(refused), stamp)
        tab.placed = places if tab.stored.revision > before else frozenset()
        return saved


def save(tab: Tab, store: Store, changed: Project, stamp: Stamp | None = None, *, same_step: bool = False) -> bool:
    """False, and a conflict for the user to settle, if another tab was faster."""
    with tab.lock:
        if tab.conflict:
            return _set_aside(tab, store, changed, stamp)
        tab.placed, known = frozenset(), tab.stored.revision
        try:
            revision = store.save(tab.stored.id, changed, revision=known, stamp=stamp, same_step=same_step)
        except StaleError:
            return _set_aside(tab, store, changed, stamp)
        if revision != known:
            tab.stored = store.project(tab.stored.id, known=(revision, changed))
        return True


def travel(tab: Tab, store: Store, way: Way, stamp: Stamp | None = None) -> bool:
    """Undo or redo one step of the project's history."""
    with tab.lock:
        if tab.conflict:
            return _refuse(tab, store, _CHOOSE, stamp)
        tab.placed = frozenset()
        move = store.undo if way == "undo" else store.redo
        try:
            tab.stored = move(tab.stored.id, revision=tab.stored.revision, stamp=stamp)
        except StaleError:
            tab.conflict = True
            return _refuse(tab, store, _CHOOSE, stamp)
        return True


def operate(tab: Tab, store: Store, client: str, operations: Sequence[Mapping[str, Any]]) -> bool:
    """Do those operations of a client that are new, in order; was there one that does more than place layers?

    Raises:
        StoreError: if one could not be kept. It and those behind it are not acknowledged, and may be sent again.
    """
    if not (isinstance(client, str) and 0 < len(client) <= _MAX_CLIENT and client.isascii()):
        return False
    known = store.acknowledged(tab.stored.id, client)
    new = [sent for sent in operations if _number(sent) > known]
    for sent in new:
        _do(tab, store, sent.get("op"), (client, _number(sent)))
    return any(not _only_places(sent.get("op")) for sent in new)


def _only_places(operation: Any) -> bool:
    """No field of the page shows anything of it."""
    return isinstance(operation, Mapping) and operation.get("op") in ("place", "tidy")


def _number(sent: Any) -> int:
    """The operation's number; 0, which is never new, if it has none."""
    number = sent.get("seq") if isinstance(sent, Mapping) else None
    return number if type(number) is int and 0 < number < _MAX_SEQ else 0


def _do(tab: Tab, store: Store, operation: Any, stamp: Stamp) -> None:
    if isinstance(operation, Mapping) and operation.get("op") in ("undo", "redo"):
        travel(tab, store, operation["op"], stamp)
        return
    try:
        change = edits.from_dict(operation)
    except SpecError as refused:
        _refuse(tab, store, str(refused), stamp)
        return
    edit(tab, store, (change,), stamp)


def _set_aside(tab: Tab, store: Store, changed: Project, stamp: Stamp | None) -> bool:
    """The first change that another tab forestalled is kept, for a copy of the project."""
    tab.conflict, tab.unsaved = True, tab.unsaved or changed
    return _refuse(tab, store, _CHOOSE, stamp)


def _refuse(tab: Tab, store: Store, sentence: str, stamp: Stamp | None) -> bool:
    """Say it once, and acknowledge the operation, so that the browser does not send it again."""
    if sentence not in tab.notices:
        tab.notices.append(sentence)
    if stamp:
        store.acknowledge(tab.stored.id, stamp)
    return False
