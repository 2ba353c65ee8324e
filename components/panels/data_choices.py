"""How the rows are split, how each column becomes numbers, and how much each row counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import state, words
from components.panels import problem_list
from core import spec
from core.data import Column, DataFacts
from core.edits import Set

_SPLITS = {
    "auto": "by chance, classes in proportion",
    "random": "by chance alone",
    "stratified": "stratified by class",
    "time": "in time: the newest rows are held out",
    "group": "by group: no group is in two parts",
    "column": "as a column says",
}
_OF_NUMBERS = {"auto": "by chance"}
"""Without classes there is nothing to keep in proportion."""
_OF_A_SERIES = {"auto": "in time: no window crosses a border", "group": "by series: each is in one part"}
_NOTHING = ""


def split(facts: DataFacts | None, known: Sequence[str] = ()) -> None:
    """The way to split, and the column that it needs.

    There are no facts until that column is named; then `known` has the columns.
    """
    data = state.project().data
    header = list(facts.header if facts else known)
    is_series = isinstance(data, spec.TableData) and data.windows is not None
    needs_column = data.split in ("group", "column") or (data.split == "time" and not is_series)
    unfit = ["column"] if is_series else [] if header else ["group", "column"]
    titles = _SPLITS | (_OF_A_SERIES if is_series else {})
    if facts and facts.task == "regression" and not is_series:
        unfit, titles = [*unfit, "random", "stratified"], titles | _OF_NUMBERS
    ways = [way for way in _SPLITS if way not in unfit or way == data.split]
    _select("Split", "split", ways, data.split, titles)
    if needs_column and (header or data.split_by):
        none = {_NOTHING: "the order of the file" if data.split == "time" else "choose a column"}
        options = list(dict.fromkeys([_NOTHING, *header, data.split_by or _NOTHING]))
        _select("Split by", "split_by", options, data.split_by or _NOTHING, none)


def columns(facts: DataFacts | None) -> None:
    """One column at a time: what its gaps get, how it is scaled or encoded."""
    data = state.project().data
    if not facts or not facts.columns or not (facts.kind == "table" or facts.header):
        return
    with st.expander("Column by column", key="fold.columns", on_change="rerun"):
        known = [column.name for column in facts.columns]
        names = [*known, *(name for name in facts.header if name not in known and name != facts.target_name)]
        name = st.selectbox("Column", names, key="data.column", help="Only this column's choices are below.")
        column = next((one for one in facts.columns if one.name == name), None)
        _choices(name, column, (data.columns or {}).get(name, spec.ColumnChoice()), isinstance(data, spec.TableData))


def _choices(name: str, column: Column | None, choice: spec.ColumnChoice, is_own: bool) -> None:
    kind = column.kind if column else choice.kind
    if is_own:
        _choice(name, choice, "kind", ["auto", "number", "category", "date"], "What the column holds.")
    if kind == "date":
        _parts(name, choice)
        _date_format(name, choice)
    if kind != "category":
        _choice(name, choice, "scaling", ["auto", "standard", "min_max", "robust", "none"], "By the training part.")
    else:
        _choice(
            name,
            choice,
            "encoding",
            ["one_hot", "ordinal", "embedding"],
            "One number for each category; one code, counted from 1, where 0 is none of them; or a few numbers for "
            "each code, which the model learns in an Embedding layer.",
        )
        _layers(name)
    gaps = {"category": ["auto", "most_frequent", "constant"], "date": ["auto", "mean", "median", "most_frequent"]}
    ways = gaps.get(kind, ["auto", "mean", "median", "most_frequent", "constant"])
    _choice(name, choice, "missing", ways, "What a missing value becomes, by the training part.")
    if choice.missing == "constant":
        _fill(name, choice, kind)


def _layers(name: str) -> None:
    """A column that is to be embedded needs layers in the model, another one has none; a button sees to that."""
    for problem in state.checked().problems:
        if problem.field == f"data.columns.{name}.encoding" and problem.fix:
            too_many = "The model still has the Embedding of this column."
            st.caption(too_many if problem.node else "The model has no Embedding for this column yet.")
            key = state.key("data", "columns", name, "embed")
            st.button(words.plain(problem.fix.label), key=key, on_click=problem_list.repair, args=(problem.fix,))


def _choice(name: str, choice: spec.ColumnChoice, field: str, options: list[str], explanation: str) -> None:
    value = getattr(choice, field)
    shown = list(dict.fromkeys([*options, value]))
    key = state.key("data", "columns", name, field)
    st.selectbox(
        {"kind": "Kind", "missing": "Gaps", "scaling": "Scaling of it", "encoding": "Encoding"}[field],
        shown,
        index=shown.index(value),
        key=key,
        on_change=lambda: _change(name, field, state.value(key)),
        help=explanation,
    )


def _parts(name: str, choice: spec.ColumnChoice) -> None:
    key = state.key("data", "columns", name, "parts")
    options = ["year", "month", "day", "day_of_week", "day_of_year", "hour", "minute", "days"]
    st.multiselect(
        "Parts of the date",
        options,
        default=list(choice.parts),
        key=key,
        on_change=lambda: _change(name, "parts", state.value(key) or ["year"]),
        help="Each becomes a number of its own; `days` are counted from 1970.",
    )


def _date_format(name: str, choice: spec.ColumnChoice) -> None:
    key = state.key("data", "columns", name, "date_format")
    st.text_input(
        "Date format",
        choice.date_format or "",
        key=key,
        placeholder="2026-11-28",
        on_change=lambda: _change(name, "date_format", state.value(key) or None),
        help="As Python writes it, such as %d.%m.%Y; empty for dates such as 2026-11-28.",
    )


def _fill(name: str, choice: spec.ColumnChoice, kind: str) -> None:
    key = state.key("data", "columns", name, "fill")
    about: dict[str, Any] = {"key": key, "on_change": lambda: _change(name, "fill", state.value(key))}
    if kind == "number" and not isinstance(choice.fill, str):
        st.number_input("Fill with", value=float(choice.fill or 0), **about)
    else:
        st.text_input("Fill with", str(choice.fill), **about)


def _change(name: str, field: str, value: Any) -> None:
    """A column whose choices are all the usual ones is not mentioned in the project."""
    old = state.project().data.columns or {}
    fields = old.get(name, spec.ColumnChoice()).model_dump(mode="json") | {field: value}
    if fields["missing"] == "constant" and fields["fill"] is None:
        fields["fill"] = 0
    usual = spec.ColumnChoice().model_dump(mode="json")
    changed = {one: given for one, given in fields.items() if given != usual[one]}
    others = {other: kept.model_dump(mode="json") for other, kept in old.items() if other != name}
    new: Any = {**others, name: changed} if changed else others
    state.edit(Set(path="data.columns", value=new or None), by_field=field == "date_format")


def weights(facts: DataFacts | None) -> None:
    """Classes that count alike, and a column of weights."""
    data = state.project().data
    if not facts:
        return
    with st.expander("How much a row counts", key="fold.counts", on_change="rerun"):
        if facts.task != "regression":
            words = {"none": "as often as it comes", "balanced": "all classes alike"}
            _select("Classes count", "class_weight", list(words), data.class_weight, words)
            key = state.key("data", "oversample")
            st.toggle(
                "Repeat rare classes",
                data.oversample,
                key=key,
                on_change=lambda: _set("oversample", state.value(key)),
                help="Training rows of rare classes come more than once, until all classes are as many.",
            )
        if facts.header:
            options = list(dict.fromkeys([_NOTHING, *facts.header, data.sample_weight or _NOTHING]))
            nothing = {_NOTHING: "all rows alike"}
            _select("Weight of a row", "sample_weight", options, data.sample_weight or _NOTHING, nothing)


def _select(label: str, name: str, options: Sequence[str], value: str, titles: dict[str, str]) -> None:
    key = state.key("data", name, titles.get(options[0], options[0]))  # a select goes on showing a title of before
    st.selectbox(
        label,
        list(options),
        index=list(options).index(value),
        format_func=lambda option: titles.get(option, option),
        key=key,
        on_change=lambda: _set(name, state.value(key) or None),
    )


def _set(name: str, value: Any) -> None:
    state.edit(Set(path=f"data.{name}", value=value))
