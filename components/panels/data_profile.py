"""What is in the rows: hints with their repairs, a table of columns, the target, and how columns go together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import pandas as pd
import streamlit as st

from components import charts, data_charts, state, words
from core.data import ColumnProfile, Hint, Preview, Profile
from core.data.profiles import Role, can_change, give_role
from core.edits import Set

MOST_HINTS = 2
MOST_SEEN = 12
"""So many columns stand in the table without scrolling."""
ROLES: tuple[Role, ...] = ("feature", "target", "ignored")


def of_project() -> tuple[Profile, Preview]:
    """What the kernel says of the project's rows; how they are scaled, changed and shared out changes nothing about it.

    Raises:
        DataError: if the rows cannot be read.
        EngineError: if the kernel gives no answer.
    """
    same = {"scaling": "auto", "inputs": None, "augmentation": None}
    return _ask(state.project().data.model_copy(update=same).model_dump_json())


@st.cache_data(max_entries=64, show_spinner="Looking at the rows and columns")
def _ask(data: str) -> tuple[Profile, Preview]:
    """The data's part of the project is the key: it holds the hash of an upload's content."""
    answer = state.services().engine.ask({"ask": "profile", "data": json.loads(data)}, timeout=60)
    return Profile.from_dict(answer["profile"]), Preview.from_dict(answer["preview"])


def hints(profile: Profile) -> None:
    """The gravest hints, each a sentence with a button where there is a repair; the others folded away."""
    _hints(profile.hints[:MOST_HINTS], start=0)
    more = profile.hints[MOST_HINTS:]
    if more:
        with st.expander(f"{len(more)} more to look at"):
            _hints(more, start=MOST_HINTS)


def _hints(shown: Sequence[Hint], start: int) -> None:
    for place, hint in enumerate(shown, start=start):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"hint-{place}"):
            st.markdown(f":orange[:material/lightbulb:] {words.plain(hint.message)}", width="stretch")
            if hint.fix:
                st.button(
                    words.plain(hint.fix.label),
                    key=state.key("hint", str(place)),
                    on_click=_set,
                    args=(hint.fix.fields,),
                )


def _set(fields: dict[str, Any]) -> None:
    state.edit(*(Set(path=path, value=value) for path, value in fields.items()))


def columns(profile: Profile) -> None:
    """A sortable table of columns; the one that is chosen is drawn large."""
    shown = list(profile.columns)
    chosen = st.dataframe(
        _table(profile),
        key="columns",
        hide_index=True,
        height="content" if len(shown) <= MOST_SEEN else 420,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row-required",
        column_config=_configuration(),
    )
    rows = chosen["selection"]["rows"]
    column = shown[rows[0]] if rows and rows[0] < len(shown) else shown[0]
    if profile.columns_left_out:
        st.caption(f"{profile.columns_left_out:,} more columns are learned from but not shown.")
    _one(profile, column)


def _table(profile: Profile) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Column": [column.name for column in profile.columns],
            "Role": [column.role for column in profile.columns],
            "Kind": [column.kind for column in profile.columns],
            "Distribution": [list(column.counts[:24]) for column in profile.columns],
            "Missing": [100 * column.missing / max(1, profile.rows) for column in profile.columns],
            "Distinct": [column.distinct for column in profile.columns],
            "Min": [_number(column, column.low) for column in profile.columns],
            "Mean": [_number(column, column.mean) for column in profile.columns],
            "Max": [_number(column, column.high) for column in profile.columns],
            "Outliers": [column.outliers if column.kind == "number" else None for column in profile.columns],
        }
    )


def _number(column: ColumnProfile, value: float | None) -> float | None:
    """Dates are no numbers to compare others with."""
    return None if value is None or column.kind != "number" else float(f"{value:.4g}")


def _configuration() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "Column": st.column_config.TextColumn(width=150, pinned=True),
        "Role": st.column_config.TextColumn(width=74),
        "Kind": st.column_config.TextColumn(width=74),
        "Distribution": st.column_config.BarChartColumn(width=120, y_min=0, color=charts.VALIDATION),
        "Missing": number(width=70, format="%.1f%%", help="The share of rows without a value."),
        "Distinct": number(width=70, format="localized", help="How many different values there are."),
        "Min": number(width=74),
        "Mean": number(width=74),
        "Max": number(width=74),
        "Outliers": number(
            width=72,
            format="localized",
            help="Values more than 1.5 interquartile ranges below the first or above the third quartile.",
        ),
    }


def _one(profile: Profile, column: ColumnProfile) -> None:
    """A column's distribution, its numbers, and what it is for."""
    picture, numbers = st.columns([2, 1], gap="medium")
    with picture:
        st.plotly_chart(data_charts.distribution(column), key="distribution", config={"displayModeBar": False})
    with numbers:
        st.markdown(f"**{words.plain(column.name)}**")
        _role(profile, column)
        st.markdown("  \n".join(_facts(column)))


def _role(profile: Profile, column: ColumnProfile) -> None:
    if not can_change(state.project().data):
        return
    field = state.key("role", column.name)
    st.segmented_control(
        "Role",
        ROLES,
        default="ignored" if column.role == "identifier" else column.role,
        key=field,
        required=True,
        label_visibility="collapsed",
        on_change=_give_role,
        args=(profile, column.name, field),
    )
    if column.reason:
        st.caption(f"{column.reason.capitalize()}, so it is not learned from.")


def _give_role(profile: Profile, name: str, field: str) -> None:
    features = [column.name for column in profile.columns if column.role == "feature"]
    fields = give_role(state.project().data, features, name, cast(Role, state.value(field)))
    if fields:
        _set(fields)
    else:
        state.current().notices.append("One column must be learned from, and one must be the target. Choose it first.")
        state.current().generation += 1


def _facts(column: ColumnProfile) -> list[str]:
    found = [f"{column.distinct:,} different values", f"{column.missing:,} missing"]
    if column.kind == "number" and column.quartiles:
        low, middle, high = column.quartiles
        found += [
            f"mean {column.mean:.4g}, deviation {column.deviation:.4g}",
            f"median {middle:.4g}",
            f"middle half {low:.4g} to {high:.4g}",
            f"{column.outliers:,} outliers",
        ]
    return [words.plain(fact) for fact in found]


def target(profile: Profile) -> None:
    """How often each class comes, or how the number that is to be predicted is spread."""
    column = profile.target
    config = {"displayModeBar": False}
    if column.values:
        st.plotly_chart(data_charts.balance(column), key="balance", config=config)
        more = len(column.values) - data_charts.MOST_BARS
        if more > 0:
            st.caption(f"The first {data_charts.MOST_BARS} of {len(column.values):,} classes")
        return
    st.plotly_chart(data_charts.distribution(column, height=360), key="target", config=config)
    st.caption(words.plain(" · ".join(fact.replace("\\", "") for fact in _facts(column))))


def correlation(profile: Profile) -> None:
    """A heat map of Pearson's r."""
    drawn = data_charts.correlation(profile.correlated, profile.correlation)
    st.plotly_chart(drawn, key="correlation", config={"displayModeBar": False})
    some = len(profile.correlated)
    which = f"The first {some} of {profile.numbers_in_all:,} columns of numbers. " * (some < profile.numbers_in_all)
    st.caption(f"{which}Pearson's r: 1 rise together, −1 against each other, 0 no straight line between them.")
