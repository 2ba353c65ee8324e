"""The one door to `st.session_state` and the URL: which project this tab shows, and what it remembers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, NoReturn, cast

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from components import saving, words
from core import gallery
from core.data import Folders, adopt
from core.edits import Edit
from core.errors import EagerlyError, RunError, StoreError
from core.runner.checking import Checked
from core.runner.service import Service, service
from core.spec import Project, TableData
from core.store import Run, StoredProject

_KEY = "eagerly"
_MADE = re.compile(r"[\w-]{6}\.\d+\.")  # how a key begins that `key` made


@dataclass
class State:
    """Everything one browser tab remembers between script runs."""

    stored: StoredProject
    generation: int = 0
    """Part of every form field's key: a change that no field made gives the fields new values."""
    selection: tuple[str, ...] = ()
    run_id: str | None = None
    wants_csv: bool = False
    arrived: dict[str, tuple[str, object]] = field(default_factory=dict)
    """By field, the id of the last file that came in, and what came of it."""
    pages: dict[str, StreamlitPage] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    conflict: bool = False
    """Another tab has changed the project, and the user has not yet said which version to take."""
    unsaved: Project | None = None
    """The change that could not be saved, since another tab was faster."""
    drawn: set[str] = field(default_factory=set)
    """The keys of the fields that are on the page."""
    is_echo: bool = False
    """The field that was read last is not on the page any more."""
    placed: frozenset[str] = frozenset()
    """The layers that the last change moved, and nothing else; moving them again is the same step to undo."""
    lock: AbstractContextManager[bool] = field(default_factory=RLock)


def open_project() -> bool:
    """Make sure that this tab shows the URL's project, or a new one; say so and return False if it cannot."""
    try:
        if services().trouble:
            raise RunError(services().trouble)
        _current_or_new()
    except EagerlyError as problem:
        st.error(words.plain(str(problem)), icon=":material/error:")
        return False
    return True


def show_notices() -> None:
    """What happened since the last look: a refused change, another tab's change."""
    for notice in current().notices:
        st.toast(words.plain(notice), icon=":material/info:")
    current().notices.clear()


def _current_or_new() -> None:
    wanted = st.query_params.get("project")
    have: State | None = st.session_state.get(_KEY)
    if have and (wanted is None or wanted == have.stored.id):
        saving.follow(have, services().store)
    else:
        _show(_find(wanted) or _create(example(gallery.DEFAULT)))
    st.query_params["project"] = current().stored.id


def _find(token: str | None) -> StoredProject | None:
    if token is None:
        return None
    try:
        return services().store.project(token)
    except StoreError:
        st.toast("No project has this address. Here is a new one.", icon=":material/info:")
        return None


def _create(project: Project) -> StoredProject:
    store = services().store
    return store.project(store.create_project(project))


def _show(stored: StoredProject) -> None:
    old: State | None = st.session_state.get(_KEY)
    runs = services().store.runs(stored.id)
    st.session_state[_KEY] = State(
        stored=stored,
        generation=old.generation + 1 if old else 0,
        run_id=runs[0].id if runs else None,
        pages=old.pages if old else st.session_state.get(_KEY + "_pages", {}),
    )


def name_pages(pages: dict[str, StreamlitPage]) -> None:
    st.session_state[_KEY + "_pages"] = pages


def current() -> State:
    return cast(State, st.session_state[_KEY])


def services() -> Service:
    return service()


def project() -> Project:
    return current().stored.project


def folders() -> Folders:
    return Folders.of(services().settings)


def example(name: str) -> Project:
    """An example; a CSV file that comes with it is kept as if it had been uploaded."""
    loaded = gallery.load(name)
    if not isinstance(loaded.data, TableData):
        return loaded
    return loaded.model_copy(update={"data": adopt(loaded.data, replace(folders(), files=gallery.FOLDER))})


def start_project(new: Project) -> None:
    """Store a project of its own and show it; the one before keeps its address."""
    _show(_create(new))
    st.query_params["project"] = current().stored.id


def checked() -> Checked:
    """What the kernel says of the project as it stands; before it is warm, what is known without it."""
    return services().checker.check(project())


def select(ids: Sequence[str]) -> None:
    """The layers that the panel shows."""
    current().selection = tuple(dict.fromkeys(ids))


def selected() -> tuple[str, ...]:
    """The ids of the layers that are selected and still there, in the order in which they were selected."""
    there = {node.id for node in project().model.nodes}
    return tuple(name for name in current().selection if name in there)


def edit(*changes: Edit, by_field: bool = False) -> bool:
    """Make changes and save them; a refused change leaves the project as it was and says why.

    What a field that is gone still says is no change: a browser sends all its fields' values each time, and one that
    Streamlit has forgotten counts as new. It would undo an undo.

    `by_field`: the field that was changed shows the new value already, and keeps its focus.
    """
    saved, is_echo = False, current().is_echo
    current().is_echo = False
    if is_echo:
        return False
    with _troubles_noticed():
        saved = saving.edit(current(), services().store, changes)
    current().generation += 0 if saved and by_field else 1
    return saved


def become(new: Project) -> None:
    """Make this project what another one is; undo takes it back."""
    with _troubles_noticed():
        saving.save(current(), services().store, new)
    current().generation += 1


def undo() -> None:
    _travel("undo")


def redo() -> None:
    _travel("redo")


def _travel(way: saving.Way) -> None:
    with _troubles_noticed():
        saving.travel(current(), services().store, way)
    current().generation += 1


def operate(client: str, operations: Sequence[Mapping[str, Any]]) -> None:
    """Do what the canvas sent, each operation once, however often it is sent.

    Args:
        client: the browser tab's own name for itself, at most 64 characters.
        operations: `{"seq": 7, "op": {"op": "remove", …}}` in order; `{"op": "undo"}` and `{"op": "redo"}` too.
            Those up to `acknowledged(client)` are passed over. A refused one is acknowledged, its sentence is a
            notice.
    """
    with _troubles_noticed():
        current().generation += saving.operate(current(), services().store, client, operations)


@contextmanager
def _troubles_noticed() -> Iterator[None]:
    """A full disk is a sentence, and the page goes on."""
    try:
        yield
    except EagerlyError as trouble:
        current().notices.append(str(trouble))


def acknowledged(client: str) -> int:
    """The number of the last operation of this client that was done or refused."""
    return services().store.acknowledged(current().stored.id, client)


def conflict() -> bool:
    """Has another tab changed the project? Then every change is refused until the user has chosen a version."""
    return current().conflict


def take_newest() -> None:
    """Show what the other tab made of the project."""
    here = current()
    here.stored = services().store.project(here.stored.id)
    here.conflict, here.unsaved, here.placed = False, None, frozenset()
    here.generation += 1


def keep_as_copy() -> None:
    """What this tab shows, with its last change, becomes a project of its own."""
    here = current()
    mine = here.unsaved or here.stored.project
    start_project(mine.model_copy(update={"name": f"{mine.name[:113]} (copy)"}))


def run() -> Run | None:
    """The run that this tab looks at."""
    here = current()
    if here.run_id is None:
        return None
    try:
        return services().store.run(here.run_id)
    except StoreError:
        here.run_id = None
        return None


def train() -> None:
    """Queue a run of the project as it stands, and look at it."""
    current().run_id = services().train(current().stored.id, project()).id


def continue_run(run_id: str) -> None:
    """Train a run that is over for as many epochs as the project says, from its last weights."""
    services().train_on(run_id, project().training.epochs)


def look_at(run_id: str | None) -> None:
    current().run_id = run_id


def key(*parts: str) -> str:
    """A field's key: the same while the user edits, another after undo, repair or another project."""
    here = current()
    made = ".".join((here.stored.id[:6], str(here.generation), *parts))
    here.drawn.add(made)
    return made


def begin_drawing() -> None:
    """Said before the fields of a page are drawn."""
    current().drawn.clear()
    current().is_echo = False


def value(field_key: str) -> Any:
    """What a field holds, for its `on_change`."""
    current().is_echo = bool(_MADE.match(field_key)) and field_key not in current().drawn
    return st.session_state[field_key]


def go(title: str) -> NoReturn:
    """Show another page."""
    pages: Mapping[str, StreamlitPage] = st.session_state[_KEY + "_pages"]
    st.switch_page(pages[title])
